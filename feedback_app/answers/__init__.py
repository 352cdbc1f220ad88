"""The respondent's side: page, form, submission; and the answers once they are opened."""
