"""Pure analysis of why customers leave: frames in, frozen values and picture bytes out.

Nothing here reads a clock, a file, a database or a request, and nothing of the
application is imported. Start at ``cause_report.build_cause_report``; pictures are in
``charts``, which alone imports matplotlib.
"""
