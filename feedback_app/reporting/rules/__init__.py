"""Pure rules of reporting: what a report looks at, and what of it may be told."""
