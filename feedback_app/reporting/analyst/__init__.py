"""The analyst: a process of its own that computes reports and draws charts.

It alone loads pandas, SciPy and matplotlib (docs/adr/0005). A page server starts it at the
first report, speaks with it over a pipe (wire.py) and never imports what it imports.
"""
