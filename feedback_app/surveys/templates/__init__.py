"""Ready surveys that come with the product, one TOML file each; and how new questions begin."""

from __future__ import annotations

import copy
import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

from feedback_app.foundation.rules import LANGUAGES
from feedback_app.surveys.rules import UnableToChangeSurvey

#: A survey without questions, for those who write their own.
BLANK = "blank"
#: Kinds whose first question is that of a ready survey: its wording is the standard one.
STANDARD = {
    "causes": "departed",
    "competitor": "departed",
    "ranking": "staff",
    "prediction": "staff",
    "nps": "pulse-nps",
    "csat": "pulse-csat",
    "ces": "current",
}


def list_templates() -> tuple[str, ...]:
    """Names of the ready surveys, by alphabet."""
    here = files(__package__)
    return tuple(sorted(each.name[:-5] for each in here.iterdir() if each.name.endswith(".toml")))


def read_template(name: str) -> dict[str, Any]:
    """The definition document of ready survey `name`.

    Raises UnableToChangeSurvey when there is none of this name.
    """
    if name == BLANK:
        return {"title": dict.fromkeys(LANGUAGES, ""), "languages": [*LANGUAGES], "question": []}
    if name not in list_templates():
        raise UnableToChangeSurvey(
            f"There is no template {name!r}; templates: {', '.join(list_templates())}."
        )
    document = tomllib.loads(files(__package__).joinpath(f"{name}.toml").read_text("utf-8"))
    document.pop("template", None)
    return document


def read_starter(kind: str) -> dict[str, Any]:
    """What a new question of this kind begins with.

    Raises UnableToChangeSurvey for a kind there is not.
    """
    found = _starters().get(kind)
    if found is None:
        raise UnableToChangeSurvey(f"There is no kind of question {kind!r}.")
    starter = copy.deepcopy(found)
    starter.pop("show_if", None)
    starter.pop("required", None)
    return starter


@cache
def _starters() -> dict[str, dict[str, Any]]:
    own = files("feedback_app.surveys").joinpath("starters.toml").read_text("utf-8")
    found = {each["kind"]: each for each in tomllib.loads(own)["question"]}
    for kind, template in STANDARD.items():
        questions = read_template(template)["question"]
        found[kind] = next(each for each in questions if each["kind"] == kind)
    return found
