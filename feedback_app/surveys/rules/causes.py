"""Questions about causes on three sides: tick and decide, tick and rank, predict a share."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from feedback_app.causes.rules import Catalogue
from feedback_app.surveys.rules.question import (
    BYTES_PER_CHARACTER,
    Form,
    Problem,
    ProblemKind,
    Question,
    RecordLine,
    Texts,
    Value,
    Values,
    first,
    missing,
    read_text,
    say,
)

LONGEST_OTHER = 200
#: Bytes for the codes of a whole catalogue, compressed: codes of one side begin alike.
CATALOGUE_BYTES = 768
MOST_PERCENT = 100


@dataclass(frozen=True, kw_only=True)
class ThreeSidesQuestion(Question):
    """What questions with the catalogue's causes share: headings, ticks, other words."""

    headings: Mapping[str, Texts]
    other: Texts = field(default_factory=dict)

    @classmethod
    def _own(cls, document: Mapping[str, Any]) -> dict[str, Any]:
        return {
            "headings": {side: dict(texts) for side, texts in document["headings"].items()},
            "other": dict(document.get("other", {})),
        }

    def deciders(self) -> tuple[str, ...]:
        """The fields that point at one of the ticked causes."""
        raise NotImplementedError

    def fields(self) -> tuple[str, ...]:
        """Tick boxes, the deciders' radio buttons, the line for other words."""
        return (self.code, *self.deciders(), f"{self.code}.other")

    def longest_texts(self) -> int:
        """The line for other words."""
        return LONGEST_OTHER * BYTES_PER_CHARACTER

    def longest_codes(self) -> int:
        """Every cause ticked."""
        return super().longest_codes() + CATALOGUE_BYTES

    def texts_of(self, value: Value) -> list[str]:
        """The other words, if any."""
        return [value["other"]] if value.get("other") else []

    def _ticked(
        self, form: Form, catalogue: Catalogue, pointed_at: list[str]
    ) -> tuple[list[str], list[Problem]]:
        """The ticked codes in catalogue order; what is pointed at counts as ticked."""
        sent = {code for code in form.get(self.code, ()) if code}.union(pointed_at)
        problems = []
        if unknown := sent - set(catalogue.codes()):
            problems.append(Problem(self.code, ProblemKind.UNKNOWN_OPTION, given=len(unknown)))
        return [code for code in catalogue.codes() if code in sent], problems

    def _ticked_line(self, value: Value, language: str, catalogue: Catalogue) -> RecordLine:
        labels = (catalogue.label(code, language) for code in value["ticked"])
        return RecordLine(say(self.text, language), "; ".join(labels))

    def _other_line(self, value: Value, language: str) -> list[RecordLine]:
        return [RecordLine(say(self.other, language), text) for text in self.texts_of(value)]


@dataclass(frozen=True, kw_only=True)
class CausesQuestion(ThreeSidesQuestion):
    """Tick all that played a part on three sides, then say which one decided it.

    Stores {"ticked": [codes], "decided": code or None, "other": text}. A decider that was
    not ticked counts as ticked; a single tick decides by itself.
    """

    kind: ClassVar[str] = "causes"
    decided: Texts
    decided_hint: Texts = field(default_factory=dict)

    @classmethod
    def _own(cls, document: Mapping[str, Any]) -> dict[str, Any]:
        return {
            **super()._own(document),
            "decided": dict(document["decided"]),
            "decided_hint": dict(document.get("decided_hint", {})),
        }

    def deciders(self) -> tuple[str, ...]:
        """The one that decided it."""
        return (f"{self.code}.decided",)

    def read(self, form: Form, catalogue: Catalogue) -> tuple[Value, list[Problem]]:
        """Ticked codes in catalogue order, the decider, and the other words."""
        decided = first(form, self.deciders()[0])
        other, problems = read_text(form, self.fields()[-1], LONGEST_OTHER)
        ticked, unknown = self._ticked(form, catalogue, [decided] if decided else [])
        if not decided and len(ticked) == 1 and not other:
            decided = ticked[0]
        value = {"ticked": ticked, "decided": decided or None}
        if other:
            value["other"] = other
        answered = value if ticked or other else None
        return answered, problems + unknown + missing(self, answered)

    def record(self, value: Value, language: str, catalogue: Catalogue) -> list[RecordLine]:
        """Labels of the ticked causes, the decider's label, the other words."""
        lines = [self._ticked_line(value, language, catalogue)]
        if value.get("decided"):
            label = catalogue.label(value["decided"], language)
            lines.append(RecordLine(say(self.decided, language), label))
        return lines + self._other_line(value, language)


@dataclass(frozen=True, kw_only=True)
class RankingQuestion(ThreeSidesQuestion):
    """Tick up to `most` causes on three sides and put the weightiest in order.

    Stores {"ticked": [codes], "ranked": [codes, the weightiest first], "other": text}.
    `places` word the first, second, ... place. A single tick takes the first place.
    """

    kind: ClassVar[str] = "ranking"
    places: tuple[Texts, ...]
    most: int = 5

    @classmethod
    def _own(cls, document: Mapping[str, Any]) -> dict[str, Any]:
        return {
            **super()._own(document),
            "places": tuple(dict(each["text"]) for each in document["place"]),
            "most": int(document.get("most", 5)),
        }

    def deciders(self) -> tuple[str, ...]:
        """One set of radio buttons per place."""
        return tuple(f"{self.code}.{place}" for place in range(1, len(self.places) + 1))

    def read(self, form: Form, catalogue: Catalogue) -> tuple[Value, list[Problem]]:
        """Ticked codes in catalogue order, the ranked ones in theirs, the other words."""
        named = [(field_, first(form, field_)) for field_ in self.deciders()]
        placed = [code for _field, code in named if code]
        other, problems = read_text(form, self.fields()[-1], LONGEST_OTHER)
        ticked, unknown = self._ticked(form, catalogue, placed)
        problems += unknown
        if len(ticked) > self.most:
            problems.append(
                Problem(self.code, ProblemKind.TOO_MANY, limit=self.most, given=len(ticked))
            )
        seen: set[str] = set()
        for field_, code in named:
            if code in seen:
                problems.append(Problem(field_, ProblemKind.TWICE))
            seen |= {code} if code else set()
        if not placed and len(ticked) == 1 and not other:
            placed = list(ticked)
        value: dict[str, Any] = {"ticked": ticked, "ranked": list(dict.fromkeys(placed))}
        if other:
            value["other"] = other
        answered = value if ticked or other else None
        return answered, problems + missing(self, answered)

    def record(self, value: Value, language: str, catalogue: Catalogue) -> list[RecordLine]:
        """Labels of the ticked causes, one line per place, the other words."""
        lines = [self._ticked_line(value, language, catalogue)]
        for text, code in zip(self.places, value["ranked"], strict=False):
            lines.append(RecordLine(say(text, language), catalogue.label(code, language)))
        return lines + self._other_line(value, language)


@dataclass(frozen=True, kw_only=True)
class PredictionQuestion(Question):
    """For each cause ticked in the question `of`: a share in percent that is expected.

    Stores {cause code: whole percent}.
    """

    kind: ClassVar[str] = "prediction"
    of: str

    @classmethod
    def _own(cls, document: Mapping[str, Any]) -> dict[str, Any]:
        return {"of": str(document["of"])}

    def fields(self) -> tuple[str, ...]:
        """The name that the causes' fields begin with."""
        return (self.code,)

    def longest_codes(self) -> int:
        """A share for every cause."""
        return super().longest_codes() + CATALOGUE_BYTES

    def field_of(self, cause: str) -> str:
        """The field of one cause."""
        return f"{self.code}.{cause}"

    def read(self, form: Form, catalogue: Catalogue) -> tuple[Value, list[Problem]]:
        """The percents that were written, in catalogue order."""
        value: dict[str, int] = {}
        problems: list[Problem] = []
        for cause in catalogue.codes():
            written = re.sub(r"[\s%]", "", first(form, self.field_of(cause)))
            if not written:
                continue
            if written.isascii() and written.isdigit() and int(written) <= MOST_PERCENT:
                value[cause] = int(written)
            else:
                problems.append(Problem(self.field_of(cause), ProblemKind.NOT_A_PERCENT))
        return value or None, problems + ([] if problems else missing(self, value or None))

    def settled(self, value: Value, values: Values) -> Value:
        """Predictions of causes that are not ticked (any more) are left out."""
        ticked = (values.get(self.of) or {}).get("ticked", ())
        return {cause: share for cause, share in value.items() if cause in ticked} or None

    def applies(self, values: Values) -> bool:
        """True when there is a cause to predict."""
        ticked = (values.get(self.of) or {}).get("ticked", ())
        return bool(ticked) and super().applies(values)

    def record(self, value: Value, language: str, catalogue: Catalogue) -> list[RecordLine]:
        """One line per cause."""
        asked = say(self.text, language)
        return [
            RecordLine(f"{asked} {catalogue.label(cause, language)}", f"{share} %")
            for cause, share in value.items()
        ]
