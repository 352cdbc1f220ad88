"""Answers collected elsewhere: another tool's export read by a map and stored as answers."""
