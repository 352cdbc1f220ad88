"""Pages of contact slips: the respondent's in `slips`, the staff's in `desk`."""
