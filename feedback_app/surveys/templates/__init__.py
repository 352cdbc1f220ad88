"""Survey templates that come with the product, one TOML file each."""

from __future__ import annotations

import tomllib
from importlib.resources import files
from typing import Any

from feedback_app.surveys.rules import UnableToChangeSurvey


def list_templates() -> tuple[str, ...]:
    """Names of the templates, by alphabet."""
    here = files(__package__)
    return tuple(sorted(each.name[:-5] for each in here.iterdir() if each.name.endswith(".toml")))


def read_template(name: str) -> dict[str, Any]:
    """The definition document of template `name`.

    Raises UnableToChangeSurvey when there is none of this name.
    """
    if name not in list_templates():
        raise UnableToChangeSurvey(
            f"There is no template {name!r}; templates: {', '.join(list_templates())}."
        )
    document = tomllib.loads(files(__package__).joinpath(f"{name}.toml").read_text("utf-8"))
    document.pop("template", None)
    return document
