"""The starter catalogue as data: the agreed codes, and texts fit to be shown in three languages."""

import re
import tomllib
from collections import Counter
from pathlib import Path

import pytest

CATALOGUE = Path(__file__).resolve().parents[3] / "feedback_app" / "causes" / "catalogue.toml"
LANGUAGES = ("en", "ru", "uk")
SIDES = ("competitor", "company", "client")

# Data, exports and reports carry these codes: none may vanish, change its side or its order.
CODES = [
    "competitor.price",
    "competitor.product",
    "competitor.service",
    "competitor.offer",
    "competitor.relationship",
    "competitor.unspecified",
    "company.quality",
    "company.features",
    "company.innovation",
    "company.usability",
    "company.expectations",
    "company.dishonesty",
    "company.slow_response",
    "company.incompetence",
    "company.rudeness",
    "company.neglect",
    "company.pushiness",
    "company.price",
    "company.plans",
    "company.communication",
    "client.need_gone",
    "client.low_usage",
    "client.need_changed",
    "client.relocated",
    "client.closed",
    "client.budget",
    "client.life_event",
    "client.decision",
    "client.mistake",
]

LABEL_LIMIT = 60  # fits two lines of a tick box on a screen 320 px wide
EXPLANATION_LIMIT = 160
SHORT_SIDE_LIMIT = 12  # stands beside a bar of a chart

FOREIGN_LETTERS = {
    "en": r"[А-Яа-яЁёІіЇїЄєҐґ]",
    "ru": r"[A-Za-zІіЇїЄєҐґ]",
    "uk": r"[A-Za-zЫыЭэЁёЪъ]",
}
FIRST_PERSON = {
    "en": r"\b(I|my|me|mine|we|our|us)\b",
    "ru": r"\b(я|мы|мне|меня|мной|мо[йяёеи]|моего|моей|нам|нас|наш\w*)\b",
    "uk": r"\b(я|ми|мені|мене|мною|м[оі]й|моя|моє|мої|мого|моєї|нам|нас|наш\w*)\b",
}
# One label, one cause: "or" may offer a second name of it, "and" would demand both.
DEMANDS_BOTH = {"en": r"\band\b|&|/", "ru": r"\b(и|а также)\b|&|/", "uk": r"\b(і|й|та)\b|&|/"}
OFFERS_ANOTHER_NAME = {"en": r"\bor\b", "ru": r"\bили\b", "uk": r"\b(або|чи)\b"}
# Words that Russian slips into Ukrainian; each has a Ukrainian one.
RUSSISMS = (
    r"\b(и|слідую\w*|получ\w+|відмін(ити|ено)|прийма\w+ участь|на протязі|самий (кращий|важливий)"
    r"|любий|учбов\w+|співпада\w+|нажа(ти|міть)|вірн(ий|о)|являється|наступн(е|им) чином"
    r"|по причині|відноситься|обслуж(ка|уванням клієнт)|рішення прийня\w+|проект\w*)\b"
)


def _catalogue() -> dict:
    return tomllib.loads(CATALOGUE.read_text(encoding="utf-8"))


def _causes() -> list[dict]:
    return _catalogue()["cause"]


def _texts(language: str) -> list[tuple[str, str]]:
    """(where, text) of everything in one language: labels, explanations, names of sides."""
    found = []
    for cause in _causes():
        found.append((f"{cause['code']} label", cause["label"][language]))
        found.append((f"{cause['code']} explanation", cause["explanation"][language]))
    for side, names in _catalogue()["sides"].items():
        found.append((f"{side} name", names["name"][language]))
        found.append((f"{side} short", names["short"][language]))
    return found


def _labels(language: str) -> list[tuple[str, str]]:
    return [(cause["code"], cause["label"][language]) for cause in _causes()]


def _matching(pattern: str, texts: list[tuple[str, str]]) -> list[tuple[str, str]]:
    return [(where, text) for where, text in texts if re.search(pattern, text, re.IGNORECASE)]


def test_the_codes_are_the_agreed_ones_in_the_agreed_order():
    assert [cause["code"] for cause in _causes()] == CODES


def test_every_cause_has_exactly_the_fields_the_loader_reads():
    fields = {"code", "side", "position", "tickable", "label", "explanation"}
    assert [cause["code"] for cause in _causes() if set(cause) != fields] == []


def test_a_code_begins_with_its_side():
    assert [c["code"] for c in _causes() if c["code"].split(".")[0] != c["side"]] == []


def test_positions_go_in_steps_of_ten():
    assert [cause["position"] for cause in _causes()] == list(range(10, 10 * len(CODES) + 1, 10))


def test_every_cause_may_be_ticked():
    # Decided with reasons at the top of the catalogue: nobody is left without a true answer.
    assert [cause["code"] for cause in _causes() if cause["tickable"] is not True] == []


def test_the_three_sides_are_named_in_order():
    sides = _catalogue()["sides"]
    assert tuple(sides) == SIDES
    assert all(set(names) == {"name", "short"} for names in sides.values())


def test_every_text_stands_in_exactly_the_three_languages():
    tables = [cause[field] for cause in _causes() for field in ("label", "explanation")]
    tables += [table for names in _catalogue()["sides"].values() for table in names.values()]
    assert all(tuple(table) == LANGUAGES for table in tables)


@pytest.mark.parametrize("language", LANGUAGES)
class TestTexts:
    def test_none_is_empty_or_padded(self, language):
        assert [
            w for w, text in _texts(language) if not text or text != " ".join(text.split())
        ] == []

    def test_lengths_fit_where_they_are_shown(self, language):
        limits = {"label": LABEL_LIMIT, "explanation": EXPLANATION_LIMIT, "short": SHORT_SIDE_LIMIT}
        too_long = [
            (where, len(text))
            for where, text in _texts(language)
            if len(text) > limits.get(where.split()[1], LABEL_LIMIT)
        ]
        assert too_long == []

    def test_no_letter_is_from_another_alphabet(self, language):
        assert _matching(FOREIGN_LETTERS[language], _texts(language)) == []

    def test_apostrophes_and_quotes_are_typographic(self, language):
        assert _matching("['\"`]| - |\\.\\.\\.", _texts(language)) == []

    def test_labels_differ_from_each_other(self, language):
        counts = Counter(label.casefold() for _, label in _labels(language))
        assert [label for label, times in counts.items() if times > 1] == []

    def test_labels_begin_with_a_capital_and_end_without_a_stop(self, language):
        wrong = [label for _, label in _labels(language) if not label[0].isupper()]
        wrong += [label for _, label in _labels(language) if label[-1] in ".,;:!?"]
        assert wrong == []

    def test_explanations_are_sentences(self, language):
        explanations = [cause["explanation"][language] for cause in _causes()]
        assert [text for text in explanations if not (text[0].isupper() and text[-1] == ".")] == []

    def test_labels_leave_the_speaker_out(self, language):
        # The same words are ticked by a respondent and printed in a manager's report.
        assert _matching(FIRST_PERSON[language], _labels(language)) == []

    def test_labels_ask_for_one_thing(self, language):
        assert _matching(DEMANDS_BOTH[language], _labels(language)) == []
        offered = OFFERS_ANOTHER_NAME[language]
        assert [text for _, text in _labels(language) if len(re.findall(offered, text)) > 1] == []

    def test_nobody_is_addressed_by_gender(self, language):
        assert _matching(r"\(\w{1,3}\)|\w/\w", _texts(language)) == []


def test_competitor_labels_say_without_their_heading_that_they_are_about_another_provider():
    # In a ranked list "Better price" alone would be read as ours.
    elsewhere = {
        "en": r"elsewhere|another provider",
        "ru": r"друг\w+ компани",
        "uk": r"інш\w+ компан",
    }
    unclear = [
        label
        for language, pattern in elsewhere.items()
        for code, label in _labels(language)
        if code.startswith("competitor.") and not re.search(pattern, label)
    ]
    assert unclear == []


def test_ukrainian_is_free_of_russisms():
    assert _matching(RUSSISMS, _texts("uk")) == []


def test_codes_are_short_enough_for_their_column():
    assert max(len(code) for code in CODES) <= 60
    assert all(re.fullmatch(r"[a-z]+\.[a-z]+(_[a-z]+)*", code) for code in CODES)
