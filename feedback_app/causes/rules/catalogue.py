"""The catalogue as one frozen value: causes in order, and the codebook number they belong to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cached_property

from feedback_app.foundation.rules import N_, Unable

#: Stands where no reason can be read. It is no cause and no side and enters no ranking.
NONE = "none"

FALLBACK_LANGUAGE = "en"


class UnableToFindCause(Unable, LookupError):
    """The catalogue has no cause, or no codebook, of that name."""


class Side(StrEnum):
    """Where a reason comes from; every cause stands on exactly one side."""

    COMPETITOR = "competitor"
    COMPANY = "company"
    CLIENT = "client"


ORDER = {side: place for place, side in enumerate(Side)}


@dataclass(frozen=True)
class SideNames:
    """A side's name and its short form, by language code."""

    name: Mapping[str, str]
    short: Mapping[str, str]


@dataclass(frozen=True)
class Cause:
    """One reason. `labels` and `explanations` hold a line per language code ("en", "ru", "uk").

    `is_tickable` says whether respondents are offered it, as long as it is not retired.
    A merged cause is retired and counts as `merged_into`. `is_own` marks what a company added.
    """

    code: str
    side: Side
    position: int
    is_tickable: bool = True
    is_retired: bool = False
    merged_into: str | None = None
    labels: Mapping[str, str] = field(default_factory=dict, hash=False)
    explanations: Mapping[str, str] = field(default_factory=dict, hash=False)
    is_own: bool = False

    @property
    def is_offered(self) -> bool:
        """True when a respondent can tick it."""
        return self.is_tickable and not self.is_retired

    def label(self, language: str) -> str:
        """The label in `language`, else in English, else in any language, else the code."""
        return _in_language(self.labels, language) or self.code

    def explanation(self, language: str) -> str:
        """The one-line explanation in `language`, else in English, else in any, else ""."""
        return _in_language(self.explanations, language)


@dataclass(frozen=True)
class Catalogue:
    """Every cause that ever was, retired ones too, in the state of one codebook number.

    The causes stand in the order of the sides, then by position. Nothing changes a catalogue:
    it may be kept and shared between requests and sent to another process.
    """

    causes: tuple[Cause, ...]
    codebook: int
    sides: Mapping[Side, SideNames] = field(default_factory=dict, hash=False)

    def __post_init__(self) -> None:
        ordered = sorted(self.causes, key=lambda it: (ORDER[it.side], it.position, it.code))
        object.__setattr__(self, "causes", tuple(ordered))

    @cached_property
    def _by_code(self) -> dict[str, Cause]:
        return {cause.code: cause for cause in self.causes}

    @cached_property
    def _current(self) -> dict[str, str]:
        return {cause.code: self._follow(cause.code) for cause in self.causes}

    def _follow(self, code: str) -> str:
        met = {code}
        while (cause := self._by_code.get(code)) is not None and cause.merged_into is not None:
            code = cause.merged_into
            if code in met:
                raise ValueError(f"the merges of {code} run in a circle")
            met.add(code)
        return code

    def __contains__(self, code: object) -> bool:
        return code in self._by_code

    def find(self, code: str) -> Cause | None:
        """The cause of this code."""
        return self._by_code.get(code)

    def get(self, code: str) -> Cause:
        """The cause of this code; raises UnableToFindCause."""
        cause = self._by_code.get(code)
        if cause is None:
            raise UnableToFindCause(N_("There is no cause with the code %(code)s."), code=code)
        return cause

    def codes(self) -> tuple[str, ...]:
        """All codes in order, retired and merged ones too."""
        return tuple(self._by_code)

    def unknown(self, codes: Iterable[str]) -> tuple[str, ...]:
        """Those of `codes` that no cause has, sorted, each once. NONE is not a cause."""
        return tuple(sorted(set(codes) - self._by_code.keys()))

    def current(self, code: str) -> str:
        """The code that `code` counts as today: merges followed to their end.

        A code that is no cause's (NONE, say) stands for itself.
        """
        return self._current.get(code, code)

    def merged_into(self, code: str) -> tuple[str, ...]:
        """The other codes that count as `code` today, directly or through further merges."""
        return tuple(it for it, end in self._current.items() if end == code and it != code)

    def side_of(self, code: str) -> Side:
        """The side a cause stands on; raises UnableToFindCause."""
        return self.get(code).side

    def label(self, code: str, language: str) -> str:
        """The label of `code` in `language`, else in English, else in any, else the code."""
        cause = self._by_code.get(code)
        return code if cause is None else cause.label(language)

    def explanation(self, code: str, language: str) -> str:
        """The explanation of `code` by the same steps, "" when there is none."""
        cause = self._by_code.get(code)
        return "" if cause is None else cause.explanation(language)

    def standing(self, side: Side | None = None) -> tuple[Cause, ...]:
        """The causes in use (neither retired nor merged), of one side or of all, in order."""
        return tuple(
            it for it in self.causes if not it.is_retired and (side is None or it.side is side)
        )

    def tickable(self) -> tuple[Cause, ...]:
        """What respondents may tick, in order, the sides one after the other."""
        return tuple(cause for cause in self.causes if cause.is_offered)

    def tickable_by_side(self) -> dict[Side, tuple[Cause, ...]]:
        """What respondents may tick under each side's heading, all three sides in order."""
        offered = self.tickable()
        return {side: tuple(it for it in offered if it.side is side) for side in Side}

    def side_name(self, side: Side, language: str) -> str:
        """What a side is called, with the same fallback as labels."""
        names = self.sides.get(side)
        return (names and _in_language(names.name, language)) or side.value

    def side_short(self, side: Side, language: str) -> str:
        """A side's name in one or two words, for columns and charts."""
        names = self.sides.get(side)
        return (names and _in_language(names.short, language)) or side.value

    def changed(self, *causes: Cause) -> Catalogue:
        """The same catalogue with `causes` in the place of those of their codes, or added."""
        return replace(
            self, causes=tuple({**self._by_code, **{it.code: it for it in causes}}.values())
        )


def _in_language(lines: Mapping[str, str], language: str) -> str:
    for wanted in (language, FALLBACK_LANGUAGE):
        if lines.get(wanted):
            return lines[wanted]
    return next((line for _language, line in sorted(lines.items()) if line), "")
