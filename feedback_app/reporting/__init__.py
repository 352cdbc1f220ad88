"""Managers' pages and downloads; the only room that opens the door to reports/."""
