"""The QR code of an open link, and posters to print around it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from flask import Response, abort, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import force_locale
from markupsafe import Markup

from feedback_app.channels.rules import make_short_code
from feedback_app.channels.views.pages.blueprint import (
    NOT_FOUND,
    blueprint,
    get_survey,
    settings,
)
from feedback_app.foundation.unit_of_work import session
from feedback_app.surveys.queries import SurveyRow, get_definition
from feedback_app.surveys.rules.question import say

#: A quarter of the code may be covered or torn and it is still read.
ERROR_CORRECTION = "q"
QUIET_ZONE = 4  # modules of white that readers need around the code


@dataclass(frozen=True, slots=True)
class Ways:
    """The open link in its spellings. `typed_…` is what a poster shows for fingers."""

    address: str
    typed_host: str
    typed_path: str

    @property
    def code(self) -> Markup:
        """The QR code as SVG; black on white in every theme, as readers need it."""
        return Markup(draw_code(self.address))  # noqa: S704  drawn by us


def ways_of(survey: SurveyRow) -> Ways:
    """How the open link of `survey` is written."""
    base = settings().base_url
    return Ways(
        address=f"{base}/s/{survey.slug}",
        typed_host=base.partition("://")[2],
        typed_path=f"/q/{make_short_code(survey.id)}",
    )


@lru_cache(maxsize=64)
def draw_code(text: str) -> str:
    """A QR code that says `text`, as an SVG element that fills its place."""
    # Loaded when first needed: respondents' pages never are.
    import segno

    code = segno.make_qr(text, error=ERROR_CORRECTION)
    drawn: str = code.svg_inline(border=QUIET_ZONE, omitsize=True, dark="#000", light="#fff")
    return drawn.replace("<svg ", '<svg role="img" aria-hidden="true" focusable="false" ', 1)


@blueprint.get("/poster")
def poster(slug: str) -> ResponseReturnValue:
    """A sheet of A4 to hang up, in the language of the address."""
    survey = get_survey(slug)
    definition = get_definition(session(), survey.id)
    language = request.args.get("in", survey.language)
    if language not in definition.languages:
        abort(NOT_FOUND)
    with force_locale(language):
        sheet = render_template(
            "channels/sheet.html",
            survey=survey,
            ways=ways_of(survey),
            language=language,
            title=say(definition.title, language),
            intro=say(definition.intro, language),
            company=settings().company,
        )
    return render_template(
        "channels/poster.html",
        survey=survey,
        sheet=Markup(sheet),  # noqa: S704  rendered by us
        language=language,
        written_in=definition.languages,
    )


@blueprint.get("/code.svg")
def code(slug: str) -> Response:
    """The code alone, for leaflets and letters that somebody else sets."""
    drawn = draw_code(ways_of(get_survey(slug)).address)
    response = Response(
        drawn.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1),
        mimetype="image/svg+xml",
    )
    response.headers["Content-Disposition"] = f'attachment; filename="{slug}.svg"'
    return response
