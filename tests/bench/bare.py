"""A bare Flask application: what the page server itself costs."""

from __future__ import annotations

from flask import Flask, jsonify, request
from flask.typing import ResponseReturnValue


def make_app() -> Flask:
    """One view to read, one to write to; neither does anything."""
    app = Flask(__name__)

    @app.get("/brainstorms/BARE/events")
    def look() -> ResponseReturnValue:
        return jsonify(events=[])

    @app.post("/brainstorms/BARE/cards")
    @app.post("/brainstorms/BARE/here")
    def take() -> ResponseReturnValue:
        request.get_data()  # what is left unread costs the connection
        return jsonify(ok=True)

    return app
