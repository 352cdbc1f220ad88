"""The published schema of a survey as JSON: built from the one table of shapes.

docs/survey-schema.json is its printed form; a test holds the two together.
"""

from __future__ import annotations

from typing import Any

from feedback_app.surveys.rules.shapes import (
    CODE,
    LONG_TEXTS,
    LONGEST_HINT,
    LONGEST_LINE,
    MOST_ITEMS,
    MOST_QUESTIONS,
    SHAPES,
    SIDES,
    SURVEY_TEXTS,
    Shape,
)

FORMAT = "feedback-app survey 1"
LANGUAGE = "^[a-z]{2,3}(_[A-Za-z]{2,4})?$"
CAUSE = "^[a-z]+\\.[a-z0-9_]+$"

Node = dict[str, Any]


def build_schema() -> Node:
    """The JSON schema (draft 2020-12) of an exported survey."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A survey of feedback_app",
        "description": "What the editor exports and imports. Texts stand by language code.",
        "type": "object",
        "required": ["format", "title", "question"],
        "additionalProperties": False,
        "properties": {
            "$schema": {"type": "string"},
            "format": {"const": FORMAT},
            "name": {"type": "string", "description": "The name that staff saw."},
            "languages": {
                "type": "array",
                "description": "The languages it is offered in; without it those of the title.",
                "items": {"type": "string", "pattern": LANGUAGE},
                "uniqueItems": True,
                "minItems": 1,
            },
            **{name: _texts(name) for name in SURVEY_TEXTS},
            "question": _questions(),
        },
        "$defs": {
            "line": _text_table(LONGEST_LINE),
            "paragraph": _text_table(LONGEST_HINT),
            "condition": _condition(),
        },
    }


def _questions() -> Node:
    return {
        "type": "array",
        "maxItems": MOST_QUESTIONS,
        "items": {
            "type": "object",
            "required": ["kind"],
            "properties": {"kind": {"enum": list(SHAPES)}},
            "allOf": [
                {
                    "if": {"properties": {"kind": {"const": kind}}, "required": ["kind"]},
                    "then": _question(kind, shape),
                }
                for kind, shape in SHAPES.items()
            ],
        },
    }


def _question(kind: str, shape: Shape) -> Node:
    properties: Node = {
        "kind": {"const": kind},
        "code": _code(),
        "required": {"type": "boolean"},
        "show_if": {"$ref": "#/$defs/condition"},
        **{name: _texts(name) for name in ("text", "hint", *shape.all_texts)},
    }
    required = ["kind", "code", "text", *shape.needed]
    if shape.has_headings:
        headings = {side: _texts("heading") for side in SIDES}
        properties["headings"] = _object(headings, list(SIDES))
        required.append("headings")
    if shape.items:
        properties[shape.items] = _items(shape)
        required.append(shape.items)
    for number in shape.numbers:
        properties[number.name] = {
            "type": "integer",
            "minimum": number.least,
            "maximum": number.most,
            "default": number.usual,
        }
    if shape.ends is not None:
        # Said in exports of ready surveys never, allowed nowhere else: the scale is the kind's.
        properties |= {"min": {"const": shape.ends[0]}, "max": {"const": shape.ends[1]}}
    if kind == "prediction":
        properties["of"] = _code()
        required.append("of")
    return _object(properties, required)


def _items(shape: Shape) -> Node:
    properties: Node = {"text": _texts("text")}
    required = ["text"]
    if shape.has_codes:
        properties["code"] = _code()
        required.append("code")
    properties |= {flag: {"type": "boolean"} for flag in shape.flags}
    return {"type": "array", "maxItems": MOST_ITEMS, "items": _object(properties, required)}


def _condition() -> Node:
    code: Node = {"type": "string", "pattern": f"{CAUSE}|^{CODE.pattern}$"}
    number: Node = {"type": "integer", "minimum": 0, "maximum": 10}
    return {
        "description": "Shown only after this answer to an earlier question: by choosing one of "
        "any_of or a cause of any_side, or by a number from at_least to at_most.",
        **_object(
            {
                "question": _code(),
                "any_of": {"type": "array", "items": code, "maxItems": 200},
                "any_side": {"enum": list(SIDES)},
                "at_least": number,
                "at_most": number,
            },
            ["question"],
        ),
    }


def _texts(name: str) -> Node:
    return {"$ref": "#/$defs/paragraph" if name in LONG_TEXTS else "#/$defs/line"}


def _text_table(longest: int) -> Node:
    return {
        "type": "object",
        "propertyNames": {"pattern": LANGUAGE},
        "additionalProperties": {"type": "string", "maxLength": longest},
    }


def _code() -> Node:
    return {"type": "string", "pattern": f"^{CODE.pattern}$"}


def _object(properties: Node, required: list[str]) -> Node:
    return {
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": False,
    }
