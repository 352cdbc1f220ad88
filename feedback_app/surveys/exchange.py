"""Surveys as JSON: written for export, and read back with every fault named in a sentence."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

from feedback_app.causes.rules import Catalogue
from feedback_app.foundation.rules import N_, Unable
from feedback_app.surveys.rules.checking import Fault, find_faults
from feedback_app.surveys.rules.schema import FORMAT, build_schema

if TYPE_CHECKING:
    from jsonschema import Draft202012Validator
    from jsonschema.exceptions import ValidationError

LARGEST_JSON = 1 << 20  # characters: ten times a survey of a hundred questions
MOST_FAULTS = 20
DEEPEST = 12
LISTS = ("question", "option", "row", "place")

#: What is wrong, by the schema's keyword.
SENTENCES: dict[str, str] = {
    "type": N_("it is not what is expected there: %(expected)s"),
    "required": N_("“%(name)s” is missing"),
    "additionalProperties": N_("“%(name)s” is not known there"),
    "propertyNames": N_("“%(name)s” is no language code"),
    "enum": N_("“%(given)s” is none of: %(expected)s"),
    "const": N_("it must be “%(expected)s”"),
    "pattern": N_("“%(given)s” is no code there"),
    "maxLength": N_("it is longer than %(expected)s characters"),
    "maxItems": N_("there are more than %(expected)s"),
    "minItems": N_("there are fewer than %(expected)s"),
    "minimum": N_("it is smaller than %(expected)s"),
    "maximum": N_("it is larger than %(expected)s"),
    "uniqueItems": N_("something stands there twice"),
}


class UnableToReadSurvey(Unable):
    """The text is no survey. `faults` say what is wrong, question by question."""

    def __init__(self, sentence: str, *, faults: Iterable[Fault] = (), **facts: object) -> None:
        super().__init__(sentence, **facts)
        self.faults = tuple(faults)


def write_survey(document: Mapping[str, Any], *, name: str) -> str:
    """The survey as JSON, in the form that read_survey takes."""
    whole = {"format": FORMAT, "name": name, **document}
    return json.dumps(whole, ensure_ascii=False, indent=2) + "\n"


def read_survey(text: str, catalogue: Catalogue) -> dict[str, Any]:
    """The survey's document. Raises UnableToReadSurvey with every fault that was found."""
    found = _parse(text)
    faults = [_fault_of(error) for error in _list_errors(found)]
    if not faults:
        faults = [*_find_unprintable(found), *find_faults(_plain(found), catalogue)]
    if faults:
        raise UnableToReadSurvey(
            N_("This is no survey that can be taken."), faults=faults[:MOST_FAULTS]
        )
    document: dict[str, Any] = _plain(found)
    return {key: document[key] for key in document if key not in ("$schema", "format", "name")}


def _parse(text: str) -> Any:
    if len(text) > LARGEST_JSON:
        raise UnableToReadSurvey(
            N_("This is longer than %(most)s characters: no survey is."), most=LARGEST_JSON
        )
    try:
        found = json.loads(text.removeprefix("\ufeff"), parse_constant=_refuse_constant)
    except json.JSONDecodeError as error:
        raise UnableToReadSurvey(
            N_("This is no JSON: line %(line)s, character %(column)s."),
            line=error.lineno,
            column=error.colno,
        ) from error
    except (ValueError, RecursionError) as error:
        raise UnableToReadSurvey(N_("This is no JSON that can be read.")) from error
    if _depth(found) > DEEPEST:
        raise UnableToReadSurvey(N_("This is nested too deeply to be a survey."))
    return found


def _refuse_constant(name: str) -> Any:
    raise ValueError(name)


def _depth(root: Any) -> int:
    """How deeply it is nested; stops looking below the deepest survey."""
    level, depth = [root], 0
    while level and depth <= DEEPEST:
        depth += 1
        level = [
            child
            for each in level
            for child in (
                each.values() if isinstance(each, dict) else each if isinstance(each, list) else ()
            )
        ]
    return depth


@cache
def _validator() -> Draft202012Validator:
    from jsonschema import Draft202012Validator  # takes long to load, and few need it

    return Draft202012Validator(build_schema())


def _list_errors(found: Any) -> list[ValidationError]:
    errors = []
    for error in _validator().iter_errors(found):
        errors.append(error)
        if len(errors) >= MOST_FAULTS:
            break
    return errors


def _fault_of(error: ValidationError) -> Fault:
    given = error.instance if isinstance(error.instance, str) else json.dumps(error.instance)
    facts: dict[str, object] = {"expected": _spell(error.validator_value), "given": given[:80]}
    keyword = str(error.validator)
    if keyword == "required":
        facts["name"] = next(name for name in error.validator_value if name not in error.instance)
    elif keyword == "additionalProperties":
        known = error.schema.get("properties", {})
        facts["name"] = str(next(name for name in error.instance if name not in known))[:80]
    elif list(error.absolute_schema_path)[-2:-1] == ["propertyNames"]:
        keyword, facts["name"] = "propertyNames", str(error.instance)[:80]
    sentence = SENTENCES.get(keyword, N_("it is not what is expected there"))
    path = list(error.absolute_path)
    question, inside = "", path
    if path[:1] == ["question"] and len(path) > 1:
        question, inside = str(int(path[1]) + 1), path[2:]
    return Fault(question, ".".join(map(str, inside)), sentence, facts)


def _spell(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _find_unprintable(found: Mapping[str, Any]) -> Iterator[Fault]:
    for path, text in _strings(found, ()):
        if not text.replace("\n", "").replace("\u200d", "").isprintable():
            question = str(int(path[1]) + 1) if path[:1] == ("question",) else ""
            inside = path[2:] if question else path
            sentence = N_("it holds characters that can not be shown")
            yield Fault(question, ".".join(map(str, inside)), sentence)


def _strings(node: Any, path: tuple[Any, ...]) -> Iterator[tuple[tuple[Any, ...], str]]:
    if isinstance(node, str):
        yield path, node
    elif isinstance(node, dict):
        for key, child in node.items():
            yield from _strings(child, (*path, key))
    elif isinstance(node, list):
        for place, child in enumerate(node):
            yield from _strings(child, (*path, place))


def _plain(node: Any) -> Any:
    """The same with whole numbers as such: JSON may write 5 as 5.0."""
    if isinstance(node, dict):
        return {key: _plain(child) for key, child in node.items()}
    if isinstance(node, list):
        return [_plain(child) for child in node]
    return int(node) if isinstance(node, float) and node.is_integer() else node
