"""From answers to causes: what the respondent chose, refined by the price question."""
