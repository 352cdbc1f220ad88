"""Writes of live sessions: plan, join, write, move, advance, accept."""
