"""How far the reading is, and which model suggests."""

from __future__ import annotations

from typing import Any

from flask import current_app, render_template, url_for
from flask_babel import gettext as _

from feedback_app.foundation.next_steps import NextStep
from feedback_app.foundation.rules import Permission
from feedback_app.foundation.unit_of_work import session
from feedback_app.tagging import queries
from feedback_app.tagging.model_in_use import ModelInUse, find_model
from feedback_app.tagging.views.blueprint import blueprint, get_survey

TAGGING_PRIORITY = 30
MOST_STEPS = 1


@blueprint.get("")
def index() -> str:
    """Every survey with statements, and the model in use."""
    return render_template(
        "tagging/index.html", progress=queries.list_progress(session()), model=_model()
    )


@blueprint.get("/model")
def model() -> str:
    """Which model suggests, what it learnt from, and how good it is on the audit."""
    return render_template(
        "tagging/model.html",
        model=_model(),
        quality=queries.read_audit_quality(session()),
        learnt=queries.count_learnt(session()),
    )


@blueprint.get("/<slug>/masked")
def masked(slug: str) -> str:
    """What was masked in a survey's free texts, by kind: counts and nothing else."""
    survey = get_survey(slug)
    return render_template(
        "tagging/masked.html", survey=survey, masked=queries.list_masked(session(), survey.id)
    )


def _model() -> ModelInUse | None:
    settings = current_app.config["FEEDBACK_SETTINGS"]
    return find_model(settings.home, settings.tagger_model)


def list_next_steps(session: Any, permissions: frozenset[Permission]) -> list[NextStep]:
    """What the home page says of statements: there are some to read."""
    if Permission.TAG_ANSWERS not in permissions:
        return []
    return [
        NextStep(
            text=_("Read what people wrote: “%(name)s”", name=each.survey.name),
            detail=_("The tagger has suggested causes, you say what it is."),
            action=_("Read statements"),
            url=url_for("tagging.review", slug=each.survey.slug),
            priority=TAGGING_PRIORITY,
            progress=(each.confirmed, each.statements),
            is_demo=each.survey.is_demo,
        )
        for each in queries.list_progress(session)
        if each.confirmed < each.statements
    ][:MOST_STEPS]
