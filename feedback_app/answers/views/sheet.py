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
from feedback_app.surveys.rules import Form, Problem, Question, ShowIf, SurveyDefinition, Texts
from feedback_app.surveys.rules.causes import (
    CausesQuestion,
    PredictionQuestion,
    ThreeSidesQuestion,
)
from feedback_app.surveys.rules.choices import OptionsQuestion
from feedback_app.surveys.rules.question import say
from feedback_app.surveys.rules.scales import ScaleQuestion


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

    def groups(self, question: ThreeSidesQuestion) -> list[tuple[Side, str, list[Offered]]]:
        """The offered causes under the survey's headings, with each one's place."""
        offered = self.offered(question)
        groups = []
        for side, heading in question.headings.items():
            causes = [it for it in offered if it.cause.side.value == side]
            if causes:
                groups.append((Side(side), say(heading, self.language), causes))
        return groups

    def offered(self, question: ThreeSidesQuestion) -> list[Offered]:
        """What may be ticked; and what was ticked before it was taken off the list."""
        sent = {*self.sent_form.get(question.code, ())}
        shown = [it for it in self.catalogue.causes if it.is_offered or it.code in sent]
        headed = [it for it in shown if it.side.value in question.headings]
        return [Offered(place, cause) for place, cause in enumerate(headed)]

    def predicted(self, question: PredictionQuestion) -> list[Offered]:
        """The causes whose share can be predicted, each with its place in the ticked question."""
        asked = self._questions[question.of]
        return self.offered(asked) if isinstance(asked, ThreeSidesQuestion) else []

    def follow_up_rules(self) -> str:
        """Style rules that show a follow-up only under an answer it depends on."""
        rules: list[str] = []
        for question in self.definition.questions:
            if isinstance(question, ThreeSidesQuestion):
                rules += self._decider_rules(question)
            if self.follow_up_class(question):
                rules.append(self._follow_up_rule(question))
        return "".join(rules)

    def follow_up_class(self, question: Question) -> str:
        """The class that this question's rule names; "" when it is always asked."""
        is_always_asked = question.show_if is None and not isinstance(question, PredictionQuestion)
        return "" if is_always_asked else f"for-{self.id(question.fields()[0])}"

    def _decider_rules(self, question: ThreeSidesQuestion) -> Iterator[str]:
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
        if isinstance(question, CausesQuestion):
            words = f"#{self.id(question.fields()[-1])}:not(:placeholder-shown)"
            two.append(f"form:has(.{bare}-c:checked):has({words})")
        yield f"{','.join(f'{each} .{bare}-d' for each in two)}{{display:block}}"

    def _follow_up_rule(self, question: Question) -> str:
        """What the question depends on, and what that depends on in its turn."""
        wanted: list[str] = []
        asked: Question | None = question
        while asked is not None:
            if isinstance(asked, PredictionQuestion):
                wanted.append(f".{self.id(asked.of)}-c:checked")
            if asked.show_if is None:
                break
            marks = self._marks(asked.show_if)
            if not marks:
                return ""
            wanted.append(",".join(f"#{mark}:checked" for mark in marks))
            asked = self._questions[asked.show_if.question]
        conditions = "".join(f":has({each})" for each in wanted)
        return f"form{conditions} .{self.follow_up_class(question)}{{display:block}}"

    def _marks(self, wanted: ShowIf) -> list[str]:
        """Ids of the boxes and buttons that make the condition true."""
        asked = self._questions[wanted.question]
        places: list[int] = []
        match asked:
            case ThreeSidesQuestion():
                places = [it.place for it in self.offered(asked) if wanted.names(it.cause.code)]
            case OptionsQuestion():
                places = [at for at, it in enumerate(asked.options) if wanted.names(it.code)]
            case ScaleQuestion():
                numbers = range(asked.lowest, asked.highest + 1)
                places = [at for at, number in enumerate(numbers) if wanted.takes(number)]
            case _other:
                pass
        return [self.id(asked.code, place) for place in places]

    @cached_property
    def _questions(self) -> dict[str, Question]:
        return {question.code: question for question in self.definition.questions}

    @cached_property
    def _ids(self) -> dict[str, str]:
        names = {RESPONDENT: RESPONDENT}
        for number, question in enumerate(self.definition.questions, start=1):
            for place, name in enumerate(question.fields()):
                names[name] = f"q{number}f{place}" if place else f"q{number}"
            if isinstance(question, PredictionQuestion):
                for place, cause in enumerate(self.catalogue.codes(), start=1):
                    names[question.field_of(cause)] = f"q{number}f{place}"
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
