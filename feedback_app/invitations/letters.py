"""What a mail of a wave looks like: written once per language, filled in for each recipient.

Everything that all recipients of a wave share is rendered by the templates one time; the
places of what differs are marked by two letters that no text can hold.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

from babel.support import Translations
from jinja2 import Environment, FileSystemLoader, select_autoescape
from markupsafe import escape

from config import Settings
from feedback_app.foundation.mail import (
    Addressee,
    FormLetter,
    Mail,
    QuotedWords,
    bounce_address,
    keep_readable,
    quote,
    write_mail,
)
from feedback_app.foundation.resources import PACKAGE, find_folder
from feedback_app.invitations.rules import SOMEBODY, MailText, fill, spell_for_typing
from feedback_app.surveys.rules import SurveyDefinition
from feedback_app.surveys.rules.scales import ScaleQuestion

FIRST, LAST = "\ue000", "\ue001"
_MARK = re.compile(f"{FIRST}([a-z]+){LAST}")
_PIECES = re.compile(rf"({FIRST}link{LAST}|\n)")
PARAMETERS = ("name", "link", "typed", "unsubscribe")
TEN = 10


@dataclass(frozen=True, slots=True)
class Score:
    """The 0-10 question that a mail may ask: a link only fills in the page."""

    question: str
    low: str
    high: str
    points: tuple[int, ...] = tuple(range(TEN + 1))


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of a paragraph: words, the link, or a line break."""

    text: str

    @property
    def is_link(self) -> bool:
        """True for the link to the survey."""
        return self.text == f"{FIRST}link{LAST}"

    @property
    def is_break(self) -> bool:
        """True for the end of a line."""
        return self.text == "\n"


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph of the text; a link alone is a button in the HTML part."""

    text: str

    @property
    def is_button(self) -> bool:
        """True when it is the link alone."""
        return Piece(self.text.strip()).is_link

    @property
    def pieces(self) -> list[Piece]:
        """Its words, links and line breaks."""
        return [Piece(each) for each in _PIECES.split(self.text) if each]


@dataclass(frozen=True, slots=True)
class Asked:
    """What a mail says of its survey, in one language."""

    title: str
    k: int
    is_named: bool
    score: Score | None = None


@dataclass(frozen=True, slots=True)
class LetterPreview:
    """A mail as its recipient reads it; `html` is a whole document."""

    subject: str
    text: str
    html: str


@dataclass(frozen=True)
class Letter:
    """Subject, text and HTML of one wave in one language, with marks where recipients differ."""

    language: str
    subject: str
    text: str
    html: str

    def read_by(self, values: Mapping[str, str]) -> LetterPreview:
        """The letter with `values` of PARAMETERS put in."""
        plain = {name: _without_marks(values.get(name, "")) for name in PARAMETERS}
        safe = {name: str(escape(value)) for name, value in plain.items()}
        return LetterPreview(
            _MARK.sub(lambda it: plain[it[1]], self.subject),
            _MARK.sub(lambda it: plain[it[1]], self.text),
            _MARK.sub(lambda it: safe[it[1]], self.html),
        )

    def quoted_for(
        self, values: Mapping[str, str], *, is_text_readable: bool = False
    ) -> QuotedWords:
        """The same, ready to be put into a mail: thousands are written of one letter."""
        plain = {name: _without_marks(value) for name, value in values.items()}
        text_form, html_form = self._forms
        return QuotedWords(
            _MARK.sub(lambda it: plain[it[1]], self.subject),
            keep_readable(_MARK.sub(lambda it: plain[it[1]], self.text))
            if is_text_readable
            else text_form.fill({name: quote(value) for name, value in plain.items()}),
            html_form.fill({name: quote(str(escape(value))) for name, value in plain.items()}),
            self.language,
            is_text_readable,
        )

    @cached_property
    def _forms(self) -> tuple[FormLetter, FormLetter]:
        return FormLetter(self.text, _MARK), FormLetter(self.html, _MARK)


def describe_survey(
    definition: SurveyDefinition, language: str, *, k: int, is_named: bool
) -> Asked:
    """What mails in `language` say of the survey."""

    def say(texts: Mapping[str, str]) -> str:
        return texts.get(language) or next(iter(texts.values()), "")

    scale = find_score_question(definition)
    score = Score(say(scale.text), say(scale.low), say(scale.high)) if scale else None
    return Asked(say(definition.title), k, is_named, score)


def find_score_question(definition: SurveyDefinition) -> ScaleQuestion | None:
    """The first question of the survey that is answered by a number from 0 to 10."""
    for question in definition.questions:
        if isinstance(question, ScaleQuestion) and (question.lowest, question.highest) == (0, TEN):
            return question
    return None


def write_letter(
    settings: Settings,
    text: MailText,
    asked: Asked,
    *,
    language: str,
    is_reminder: bool,
    is_test: bool = False,
) -> Letter:
    """The letter of a wave in one language."""
    subject, body = text.of(is_reminder=is_reminder)
    company = settings.company or settings.base_url.partition("://")[2]
    shared = {"company": _without_marks(company), "survey": _without_marks(asked.title)}
    marks = {name: f"{FIRST}{name}{LAST}" for name in PARAMETERS}
    filled = fill(_without_marks(body), {**shared, **marks})
    subject = fill(_without_marks(subject), {**shared, **marks})
    context: dict[str, Any] = {
        **marks,
        **({"unsubscribe": ""} if is_test else {}),
        "language": language,
        "subject": subject,
        "paragraphs": [Paragraph(each.strip()) for each in re.split(r"\n\s*\n", filled)],
        "company": company,
        "k": asked.k,
        "is_named": asked.is_named,
        "is_test": is_test,
        "score": asked.score,
    }
    plain, rich = _templates(language)
    return Letter(language, subject, plain.render(context), rich.render(context))


def address_letter(
    settings: Settings,
    letter: Letter,
    *,
    key: str,
    to: str,
    name: str,
    token: str,
    unsubscribe: str = "",
    bounce_key: str = "",
) -> Mail:
    """The letter to one recipient. Links come from the configured address, never a request's."""
    words = letter.quoted_for(
        {
            "name": name or SOMEBODY.get(letter.language, ""),
            "link": f"{settings.base_url}/i/{token}?lang={letter.language}",
            "typed": f"{settings.base_url}/i/{spell_for_typing(token)}",
            "unsubscribe": f"{settings.base_url}/u/{unsubscribe}" if unsubscribe else "",
        },
        is_text_readable=settings.mail.is_folder,
    )
    return write_mail(
        settings.mail,
        Addressee(
            key=key,
            to=to,
            name=name,
            unsubscribe_url=f"{settings.base_url}/u/{unsubscribe}" if unsubscribe else "",
            return_path=bounce_address(settings.mail, bounce_key) if bounce_key else "",
        ),
        words,
    )


def preview_letter(
    settings: Settings,
    *,
    text: MailText,
    language: str,
    survey_name: str,
    name: str = "",
    is_reminder: bool = False,
    asked: Asked | None = None,
) -> LetterPreview:
    """How a text would look, with links that lead nowhere. `asked`: as describe_survey says."""
    letter = write_letter(
        settings,
        text,
        asked or Asked(survey_name, TEN, is_named=False),
        language=language,
        is_reminder=is_reminder,
    )
    return letter.read_by(
        {
            "name": name or SOMEBODY.get(language, ""),
            "link": f"{settings.base_url}/i/…",
            "typed": f"{settings.base_url}/i/…",
            "unsubscribe": f"{settings.base_url}/u/…",
        }
    )


def _without_marks(text: str) -> str:
    return text.replace(FIRST, "").replace(LAST, "")


@cache
def _templates(language: str) -> tuple[Any, Any]:
    environment = Environment(
        loader=FileSystemLoader(find_folder("templates")),
        autoescape=select_autoescape(["html"]),
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
    )
    words = Translations.load(PACKAGE / "translations", [language])
    environment.install_gettext_translations(words, newstyle=True)  # type: ignore[attr-defined]
    return (
        environment.get_template("email/invitation.txt"),
        environment.get_template("email/invitation.html"),
    )
