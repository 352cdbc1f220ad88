"""Phases, moves, the fold of a session's events, and what is read off its end."""
