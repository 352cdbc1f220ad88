"""The staff's page of one survey's channels."""

from __future__ import annotations

from dataclasses import dataclass, field

from flask import render_template
from flask.typing import ResponseReturnValue

from feedback_app.channels.forms import EmbedForm, KioskForm
from feedback_app.channels.queries import find_embed, list_kiosks
from feedback_app.channels.rules.embedding import ticket_key
from feedback_app.channels.views.pages.blueprint import blueprint, get_survey, settings
from feedback_app.channels.views.pages.poster import ways_of
from feedback_app.foundation.unit_of_work import session
from feedback_app.surveys.queries import SurveyRow, get_definition


@dataclass(frozen=True, slots=True)
class EmbedCard:
    """How a survey may be embedded. `ticket_key` "" until it may be."""

    origins: tuple[str, ...] = ()
    ticket_key: str = field(default="", repr=False)


@blueprint.get("/channels")
def show(slug: str) -> ResponseReturnValue:
    """Every way in: address and code, kiosk, telephone, the company's own site."""
    return show_channels(get_survey(slug))


def show_channels(
    survey: SurveyRow,
    *,
    kiosk_form: KioskForm | None = None,
    embed_form: EmbedForm | None = None,
) -> str:
    """The page; a form that was sent with faults stands in its place."""
    card = _embed_card(survey)
    return render_template(
        "channels/show.html",
        survey=survey,
        ways=ways_of(survey),
        written_in=get_definition(session(), survey.id).languages,
        kiosks=list_kiosks(session(), survey.id),
        kiosk_form=kiosk_form or KioskForm(formdata=None),
        embed=card,
        embed_form=embed_form or EmbedForm(formdata=None, origins="\n".join(card.origins)),
        base_url=settings().base_url,
    )


def _embed_card(survey: SurveyRow) -> EmbedCard:
    row = find_embed(session(), survey.id)
    if row is None:
        return EmbedCard()
    key = ticket_key(settings().secret_key, survey.id, row.key_number)
    return EmbedCard(row.origins, key)
