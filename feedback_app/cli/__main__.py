"""`python -m feedback_app.cli`: the same command where the console script is not on the path."""

from __future__ import annotations

from feedback_app.cli import main

main()
