"""One survey's questions as a page shows them: ids, what was sent, problems, follow-up rules.

The template asks; nothing here knows HTML. Ids are counted, never taken from codes, so that
any code a company invents is safe in an id, a style rule and a link.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from feedback_app.answers.forms import RESPONDENT, word_problem
from feedback_app.causes.rules import Catalogue, Cause, Side
from feedback_app.surveys.rules import Form, Problem, Question, SurveyDefinition, Texts
from feedback_app.surveys.rules.choices import CausesQuestion
from feedback_app.surveys.rules.question import say


@dataclass(frozen=True, slots=True)
class Offered:
    """A cause with its place among all that the page offers, which names its ids."""

    place: int
    cause: Cause


@dataclass(frozen=True, slots=True)
class Mishap:
    """A problem in words, and the id of the field that mends it."""

    id: str
    text: str


@dataclass(frozen=True)
class Sheet:
    """The questions of one page in one language, filled with what was sent so far."""

    definition: SurveyDefinition
    catalogue: Catalogue
    language: str
    sent_form: Form = field(default_factory=dict)
    problems: Sequence[Problem] = ()
    competitors: Sequence[str] = ()

    def say(self, texts: Texts) -> str:
        """A text of the survey in the page's language."""
        return say(texts, self.language)

    def label(self, cause: Cause) -> str:
        """A cause's label in the page's language."""
        return cause.label(self.language)

    def sent(self, name: str) -> str:
        """What was typed into `name`, exactly as it was typed."""
        return next(iter(self.sent_form.get(name, ())), "")

    def is_on(self, name: str, value: str) -> bool:
        """True when `value` was ticked or chosen under `name`."""
        return value in self.sent_form.get(name, ())

    def id(self, name: str, place: int = 0) -> str:
        """The id of the field `name`; of several boxes or buttons the one at `place`.

        The first one carries the bare id: that is where a link to a problem leads.
        """
        bare = self._ids[name]
        return bare if place == 0 else f"{bare}-{place}"

    def errors(self, name: str) -> list[str]:
        """What is wrong with `name`, in words."""
        return self._errors.get(name, [])

    def described_by(self, name: str, *, is_hinted: bool = False) -> str:
        """Ids of what describes the field `name`: its hint, then its errors."""
        bare = self.id(name)
        errors = [f"{bare}-e{number}" for number in range(1, len(self.errors(name)) + 1)]
        return " ".join([*([f"{bare}-h"] if is_hinted else []), *errors])

    @cached_property
    def mishaps(self) -> list[Mishap]:
        """Everything that is wrong, in the order of the page."""
        order = [RESPONDENT, *self._ids]
        return [
            Mishap(self.id(name), text)
            for name in sorted(self._errors, key=order.index)
            for text in self._errors[name]
        ]

    def groups(self, question: CausesQuestion) -> list[tuple[Side, str, list[Offered]]]:
        """The offered causes under the survey's headings, with each one's place."""
        offered = self.offered(question)
        groups = []
        for side, heading in question.headings.items():
            causes = [it for it in offered if it.cause.side.value == side]
            if causes:
                groups.append((Side(side), say(heading, self.language), causes))
        return groups

    def offered(self, question: CausesQuestion) -> list[Offered]:
        """What may be ticked; and what was ticked before it was taken off the list."""
        sent = {*self.sent_form.get(question.code, ())}
        shown = [it for it in self.catalogue.causes if it.is_offered or it.code in sent]
        headed = [it for it in shown if it.side.value in question.headings]
        return [Offered(place, cause) for place, cause in enumerate(headed)]

    def follow_up_rules(self) -> str:
        """Style rules that show a follow-up only under an answer it depends on."""
        rules: list[str] = []
        for question in self.definition.questions:
            if isinstance(question, CausesQuestion):
                rules += self._decider_rules(question)
            if question.show_if is not None:
                rules.append(self._follow_up_rule(question))
        return "".join(rules)

    def follow_up_class(self, question: Question) -> str:
        """The class that this question's rule names; "" when it is always asked."""
        return "" if question.show_if is None else f"for-{self.id(question.fields()[0])}"

    def _decider_rules(self, question: CausesQuestion) -> Iterator[str]:
        bare = self.id(question.code)
        shown = [
            f"form:has(#{self.id(question.code, it.place)}:checked) .{bare}-d{it.place}"
            for it in self.offered(question)
        ]
        if shown:
            yield f"{','.join(shown)}{{display:grid}}"
        # Shown when there is something to decide between: two ticks, or one and own words.
        sides = [f":has(.{bare}-{side} :checked)" for side in question.headings]
        pairs = [f"form{a}{b}" for at, a in enumerate(sides) for b in sides[at + 1 :]]
        two = [*pairs, f"form:has(.{bare}-c:checked~.{bare}-c:checked)"]
        words = f"#{self.id(question.fields()[2])}:not(:placeholder-shown)"
        two.append(f"form:has(.{bare}-c:checked):has({words})")
        yield f"{','.join(f'{each} .{bare}-d' for each in two)}{{display:block}}"

    def _follow_up_rule(self, question: Question) -> str:
        assert question.show_if is not None
        asked = self._questions[question.show_if.question]
        assert isinstance(asked, CausesQuestion)
        wanted = ",".join(
            f"#{self.id(asked.code, it.place)}:checked"
            for it in self.offered(asked)
            if it.cause.code in question.show_if.any_of
            or it.cause.side.value == question.show_if.any_side
        )
        if not wanted:
            return ""
        return f"form:has({wanted}) .{self.follow_up_class(question)}{{display:block}}"

    @cached_property
    def _questions(self) -> dict[str, Question]:
        return {question.code: question for question in self.definition.questions}

    @cached_property
    def _ids(self) -> dict[str, str]:
        names = {RESPONDENT: RESPONDENT}
        for number, question in enumerate(self.definition.questions, start=1):
            for place, name in enumerate(question.fields()):
                names[name] = f"q{number}f{place}" if place else f"q{number}"
        return names

    @cached_property
    def _errors(self) -> dict[str, list[str]]:
        owners = {
            name: question for question in self.definition.questions for name in question.fields()
        }
        found: dict[str, list[str]] = {}
        for problem in self.problems:
            words = word_problem(problem, owners.get(problem.field))
            if words not in found.setdefault(problem.field, []):
                found[problem.field].append(words)
        return found
