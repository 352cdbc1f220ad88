"""`feedback report`: causes, current customers and staff polls as JSON, CSV or a text table."""

from __future__ import annotations

from feedback_app.cli.reports import causes, scores
from feedback_app.cli.reports.group import report_command

__all__ = ["causes", "report_command", "scores"]
