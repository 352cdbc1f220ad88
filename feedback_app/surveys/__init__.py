"""Surveys: their questions, versions and states; templates to begin from."""
