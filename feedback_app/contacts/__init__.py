"""Contact slips: respondents who want to be called leave details, apart from their answers."""
