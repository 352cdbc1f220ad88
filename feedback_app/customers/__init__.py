"""Customers: who they are, how their list comes in, and who must not be written to."""
