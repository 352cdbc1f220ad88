"""Staff accounts, their roles, signing in, and the audit log of what they did."""
