"""Invitations: one-time links to a survey. Knows who was invited, never what was answered."""
