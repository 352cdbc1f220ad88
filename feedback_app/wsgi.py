"""What a WSGI server loads: `feedback_app.wsgi:make_app` (a factory)."""

from __future__ import annotations

import gc
import logging
import os

from flask import Flask

from config import load_settings
from feedback_app import create_app


def make_app() -> Flask:
    """The application with settings from the environment; failures go to standard error."""
    logging.basicConfig(level=logging.WARNING, format="page server: %(message)s")
    app = create_app(load_settings(os.environ))
    # What is loaded by now stays for good: looking through it again and again for garbage
    # would cost every request.
    gc.collect()
    gc.freeze()
    return app
