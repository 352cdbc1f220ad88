"""What the editor says: kinds of questions, conditions, faults, advice, in the reader's words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from feedback_app.causes.rules import Catalogue, Side
from feedback_app.foundation.rules import LANGUAGES
from feedback_app.surveys.rules.advice import Advice, Rule
from feedback_app.surveys.rules.checking import Fault
from feedback_app.surveys.rules.editing import find_question
from feedback_app.surveys.rules.question import say
from feedback_app.surveys.rules.shapes import SHAPES

#: kind -> its name and what it is good for, in the order they are offered. Measures are called
#: the same in every language.
KINDS: dict[str, tuple[Any, Any]] = {
    "single": (_l("Single choice"), _l("One of several options.")),
    "multiple": (_l("Multiple choice"), _l("All options that apply.")),
    "rating": (_l("Rating rows"), _l("Several things, each from 1 to 5.")),
    "scale": (_l("Scale"), _l("One number between two ends in words.")),
    "short_text": (_l("Short text"), _l("One line of own words.")),
    "text": (_l("Long text"), _l("Own words with room for more.")),
    "causes": (_l("Causes on three sides"), _l("Tick causes, then say which one decided it.")),
    "nps": ("NPS", _l("How likely to recommend, 0 to 10, in the standard wording.")),
    "csat": ("CSAT", _l("How satisfied, 1 to 5; the two highest count.")),
    "ces": ("CES", _l("How easy it was made, 1 to 7.")),
    "competitor": (_l("Competitor"), _l("The name of another provider, or rather not say.")),
    "ranking": (_l("Ranking of causes"), _l("For staff polls: tick causes and rank them.")),
    "prediction": (_l("Prediction"), _l("For staff polls: a share for each ticked cause.")),
    "statement": (_l("Statement"), _l("A heading with some lines, nothing to answer.")),
}
#: ready survey -> its name and what it is good for.
TEMPLATES: dict[str, tuple[Any, Any]] = {
    "departed": (
        _l("Departed customers"),
        _l("Why they left, what others offer, whether they would return. Two minutes."),
    ),
    "current": (
        _l("Current customers"),
        _l("CSAT, NPS, effort, ratings, and what could make them leave. Three minutes."),
    ),
    "staff": (
        _l("Staff poll"),
        _l("What colleagues believe makes customers leave, and their prediction. Two minutes."),
    ),
    "pulse-nps": (_l("Quick pulse: NPS"), _l("Would they recommend you, and why.")),
    "pulse-csat": (_l("Quick pulse: CSAT"), _l("Are they satisfied, and why.")),
    "blank": (_l("Blank"), _l("You write every question yourself.")),
}
FIELDS: dict[str, Any] = {
    "title": _l("Title"),
    "intro": _l("Introduction"),
    "thanks": _l("Thanks"),
    "text": _l("Question"),
    "hint": _l("Hint"),
    "decided": _l("Question which one decided it"),
    "decided_hint": _l("Hint to it"),
    "other": _l("Label of the line for own words"),
    "rather_not": _l("Words of those who rather not say"),
    "low": _l("Words at the lowest number"),
    "high": _l("Words at the highest number"),
    "not_applicable": _l("Words for “does not apply”"),
    "headings": _l("Headings of the three sides"),
    "option": _l("Options"),
    "row": _l("Rows"),
    "place": _l("Places"),
    "min": _l("Lowest number"),
    "max": _l("Highest number"),
    "points": _l("Highest number"),
    "most": _l("Most causes that can be ticked"),
    "of": _l("Whose causes it predicts"),
    "show_if": _l("When it is shown"),
    "code": _l("Code in the data"),
    "question": _l("Questions"),
    "languages": _l("Languages"),
}


def kind_words(kind: str) -> str:
    """What a kind of question is called."""
    return str(KINDS[kind][0])


def field_words(field: str) -> str:
    """What the field at this place is called."""
    name = field.split(".", maxsplit=1)[0]
    words = str(FIELDS.get(name, name))
    language = field.rpartition(".")[2]
    return f"{words} ({LANGUAGES[language]})" if language in LANGUAGES else words


def fault_words(fault: Fault) -> str:
    """What is wrong."""
    facts = dict(fault.facts)
    if str(facts.get("language", "")) in LANGUAGES:
        facts["language"] = LANGUAGES[str(facts["language"])]
    return str(_(fault.sentence, **facts) if facts else _(fault.sentence))


def condition_words(
    question: Mapping[str, Any], document: Mapping[str, Any], catalogue: Catalogue, language: str
) -> str:
    """When a question is shown; "" for one that always is."""
    shown = question.get("show_if")
    if not shown:
        return ""
    asked = find_question(document, shown["question"])
    if asked is None:
        return str(shown["question"])
    options = {
        each["code"]: say(each.get("text", {}), language) for each in asked.get("option", ())
    }
    chosen = [
        options.get(code) or catalogue.label(code, language) for code in shown.get("any_of", ())
    ]
    if side := shown.get("any_side"):
        chosen.append(catalogue.side_short(Side(side), language))
    answer = ", ".join(f"“{each}”" for each in chosen) or _range_words(shown)
    return str(
        _("shown after “%(asked)s”: %(answer)s", asked=_asked(asked, language), answer=answer)
    )


def _range_words(shown: Mapping[str, Any]) -> str:
    low, high = shown.get("at_least"), shown.get("at_most")
    if low is not None and high is not None:
        return str(_("%(low)s to %(high)s", low=low, high=high))
    if low is not None:
        return str(_("%(low)s or more", low=low))
    return str(_("%(high)s or less", high=high))


def _asked(question: Mapping[str, Any], language: str) -> str:
    return say(question.get("text", {}), language) or str(question["code"])


def advice_words(advice: Advice) -> str:
    """What to look at twice, and why."""
    facts = dict(advice.facts)
    match advice.rule:
        case Rule.JOINS_TWO:
            words = _("“%(word)s” may join two questions, which have one answer only.", **facts)
        case Rule.LEADS:
            words = _("“%(word)s” takes an answer for granted; ask without it.", **facts)
        case Rule.LONG_QUESTION:
            words = ngettext(
                "%(num)s word is much for one question; what can go into the hint?",
                "%(num)s words are much for one question; what can go into the hint?",
                int(str(facts["words"])),
            )
        case Rule.NO_WAY_OUT:
            words = _(
                "Whom nothing fits has no true answer: offer “does not apply” or other words."
            )
        case Rule.UNBALANCED:
            words = _(
                "%(good)s favourable against %(bad)s unfavourable options: level them.", **facts
            )
        case Rule.UNEVEN_ENDS:
            words = _("“%(low)s” and “%(high)s” do not mirror each other.", **facts)
        case Rule.NO_MIDDLE:
            words = _("%(points)s points have no middle for those who stand there.", **facts)
        case Rule.OWN_NPS:
            words = _(
                "To recommend is asked by the kind NPS, which has its wording and its numbers."
            )
        case _other:
            words = _whole_words(advice)
    return str(words)


def _whole_words(advice: Advice) -> str:
    facts = dict(advice.facts)
    match advice.rule:
        case Rule.REQUIRED_TEXT:
            words = _("Who must write writes “-”: leave own words to those who have some.")
        case Rule.MANY_REQUIRED:
            words = _(
                "%(required)s of %(questions)s questions are required: people give up.", **facts
            )
        case Rule.MANY_TEXTS:
            words = _(
                "%(texts)s questions ask for long texts; answers get shorter each time.", **facts
            )
        case _other:
            words = ngettext(
                "It takes about %(num)s minute: many leave after five. What can go?",
                "It takes about %(num)s minutes: many leave after five. What can go?",
                int(str(facts["minutes"])),
            )
    return str(words)


def items_words(kind: str) -> str:
    """What a kind's list is called; "" when it has none."""
    return str(FIELDS.get(SHAPES[kind].items, ""))
