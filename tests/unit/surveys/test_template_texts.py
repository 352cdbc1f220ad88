"""The departed customer's survey as data: its questions, its branching, its three languages."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[3] / "feedback_app"
TEMPLATE = PACKAGE / "surveys" / "templates" / "departed.toml"
CATALOGUE = PACKAGE / "causes" / "catalogue.toml"
LANGUAGES = ("en", "ru", "uk")
SIDES = ("competitor", "company", "client")

# What data and exports carry, in the order of the page.
KINDS = {
    "reasons": "causes",
    "price_compared": "single",
    "competitor": "competitor",
    "attraction": "multiple",
    "quality": "rating",
    "improve": "text",
    "return": "scale",
    "return_change": "text",
    "more": "text",
}
TEXTS_OF_KIND = {
    "causes": {"text", "hint", "decided", "decided_hint", "other"},
    "single": {"text", "hint"},
    "competitor": {"text", "hint", "rather_not"},
    "multiple": {"text", "hint"},
    "rating": {"text", "hint", "low", "high", "not_applicable"},
    "text": {"text", "hint"},
    "scale": {"text", "hint", "low", "high"},
}
LIMITS = {"text": 70, "hint": 100, "intro": 90, "decided_hint": 100}
LIMIT = 45  # of headings, options, anchors: they stand beside a box on a screen 320 px wide

# Silent reading of English non-fiction, words a minute: Brysbaert 2019, J. Memory and Language 109.
READING_RATE = 238
PROMISED_MINUTES = 2

FOREIGN_LETTERS = {
    "en": r"[А-Яа-яЁёІіЇїЄєҐґ]",
    "ru": r"[A-Za-zІіЇїЄєҐґ]",
    "uk": r"[A-Za-zЫыЭэЁёЪъ]",
}
JOINS_TWO_QUESTIONS = {
    "en": r"\b(and|or)\b",
    "ru": r"\b(и|или|а также)\b",
    "uk": r"\b(і|й|та|або|чи)\b",
}
# Words that take an answer for granted or push towards one.
LEADING = {
    "en": r"\b(too|unfortunately|problem\w*|disappoint\w*|dissatisf\w*|bad|fail\w*|don[’']t you)\b",
    "ru": r"\b(слишком|к сожалению|проблем\w*|разочаров\w*|недовол\w*|плохо го|не правда ли)\b",
    "uk": r"\b(надто|занадто|на жаль|проблем\w*|розчаров\w*|незадовол\w*|погано го|чи не так)\b",
}
RUSSISMS = (
    r"\b(и|слідую\w*|получ\w+|прийма\w+ участь|на протязі|любий|співпада\w+|нажа(ти|міть)"
    r"|вірн(ий|о)|являється|відноситься|відмітьте|вибер(іть)? любий|займе|питання обов\w*)\b"
)


def _template() -> dict:
    return tomllib.loads(TEMPLATE.read_text(encoding="utf-8"))


def _questions() -> dict[str, dict]:
    return {question["code"]: question for question in _template()["question"]}


def _cause_codes() -> set[str]:
    causes = tomllib.loads(CATALOGUE.read_text(encoding="utf-8"))["cause"]
    return {cause["code"] for cause in causes}


def _tables(node: object, where: str = "") -> Iterator[tuple[str, dict]]:
    """(path, table) of every table of texts, known by carrying a language."""
    if isinstance(node, dict):
        if set(node) & set(LANGUAGES):
            yield where, node
            return
        children = [(f"{where}.{key}", value) for key, value in node.items()]
    elif isinstance(node, list):
        children = [(f"{where}.{item['code']}", item) for item in node if isinstance(item, dict)]
    else:
        children = []
    for path, child in children:
        yield from _tables(child, path.removeprefix("."))


def _texts(language: str) -> list[tuple[str, str]]:
    return [(where, table[language]) for where, table in _tables(_template())]


def _asked(language: str) -> list[tuple[str, str]]:
    """Everything worded as a question: the question texts and "which one decided it"."""
    endings = (".text", ".decided", "title")
    parts = ("option", "row")
    return [
        (where, text)
        for where, text in _texts(language)
        if where.endswith(endings) and not any(f".{part}." in where for part in parts)
    ]


def _matching(pattern: str, texts: list[tuple[str, str]]) -> list[tuple[str, str]]:
    return [(where, text) for where, text in texts if re.search(pattern, text, re.IGNORECASE)]


def test_the_questions_and_their_order_are_the_agreed_ones():
    assert {code: question["kind"] for code, question in _questions().items()} == KINDS
    assert [question["code"] for question in _template()["question"]] == list(KINDS)


def test_only_the_reason_is_required():
    required = [code for code, question in _questions().items() if question.get("required")]
    assert required == ["reasons"]


def test_every_question_has_the_texts_of_its_kind():
    missing = [
        (code, sorted(TEXTS_OF_KIND[question["kind"]] - set(question)))
        for code, question in _questions().items()
        if TEXTS_OF_KIND[question["kind"]] - set(question)
    ]
    assert missing == []


def test_the_reasons_stand_under_three_headings():
    assert tuple(_questions()["reasons"]["headings"]) == SIDES


def test_follow_ups_depend_on_an_earlier_question_and_on_causes_that_exist():
    order = list(KINDS)
    for code, question in _questions().items():
        condition = question.get("show_if")
        if condition:
            assert order.index(condition["question"]) < order.index(code)
            assert set(condition.get("any_of", [])) <= _cause_codes()
            assert condition.get("any_side", "competitor") in SIDES


def test_follow_ups_are_asked_of_those_they_concern():
    conditions = {code: q["show_if"] for code, q in _questions().items() if "show_if" in q}
    of_competitor = {"question": "reasons", "any_side": "competitor"}
    assert conditions == {
        "price_compared": {"question": "reasons", "any_of": ["competitor.price", "company.price"]},
        "competitor": of_competitor,
        "attraction": of_competitor,
    }


def test_the_yardsticks_of_price_cover_the_three_sides():
    options = [option["code"] for option in _questions()["price_compared"]["option"]]
    assert options == ["competitor_price", "earlier_price", "value_received", "own_budget", "other"]


def test_what_attracted_offers_what_a_provider_can():
    options = _questions()["attraction"]["option"]
    named = ["price", "product", "service", "promotion", "terms", "closer", "someone"]
    assert [option["code"] for option in options] == [*named, "other"]


def test_only_something_else_can_be_put_in_words_and_stands_last():
    for code in ("price_compared", "attraction"):
        options = _questions()[code]["option"]
        assert [option["code"] for option in options if option.get("with_text")] == ["other"]
        assert options[-1]["code"] == "other"


def test_scales_have_the_agreed_points():
    questions = _questions()
    assert questions["quality"]["points"] == 5
    assert [row["code"] for row in questions["quality"]["row"]] == ["product", "service"]
    assert (questions["return"]["min"], questions["return"]["max"]) == (0, 10)
    assert [q["max"] for q in questions.values() if q["kind"] == "text"] == [1000] * 3


def test_the_ends_of_a_scale_mirror_each_other():
    # Same intensifier at both ends: an uneven scale pushes answers to its weaker end.
    for code in ("quality", "return"):
        question = _questions()[code]
        for language in LANGUAGES:
            low, high = question["low"][language], question["high"][language]
            assert low != high
            assert low.split()[0] == high.split()[0]
            assert len(low.split()) == len(high.split())


def test_every_text_stands_in_exactly_the_three_languages():
    assert [where for where, table in _tables(_template()) if tuple(table) != LANGUAGES] == []


@pytest.mark.parametrize("language", LANGUAGES)
class TestTexts:
    def test_none_is_empty_or_padded(self, language):
        assert [
            w for w, text in _texts(language) if not text or text != " ".join(text.split())
        ] == []

    def test_lengths_fit_a_phone(self, language):
        too_long = [
            (where, len(text))
            for where, text in _texts(language)
            if len(text) > LIMITS.get(where.split(".")[-1], LIMIT)
        ]
        assert too_long == []

    def test_no_letter_is_from_another_alphabet(self, language):
        assert _matching(FOREIGN_LETTERS[language], _texts(language)) == []

    def test_apostrophes_and_quotes_are_typographic(self, language):
        assert _matching("['\"`]| - |\\.\\.\\.", _texts(language)) == []

    def test_a_question_ends_with_one_question_mark_and_nothing_else_has_any(self, language):
        asked = _asked(language)
        assert [text for _, text in asked if text.count("?") != 1 or text[-1] != "?"] == []
        others = set(_texts(language)) - set(asked)
        assert _matching(r"\?", sorted(others)) == []

    def test_no_question_asks_two_things(self, language):
        assert _matching(JOINS_TWO_QUESTIONS[language], _asked(language)) == []

    def test_no_question_leads(self, language):
        assert _matching(LEADING[language], _asked(language)) == []

    def test_options_of_a_question_differ(self, language):
        for question in _questions().values():
            options = [o["text"][language] for o in question.get("option", question.get("row", []))]
            assert len({option.casefold() for option in options}) == len(options)

    def test_nobody_is_addressed_by_gender(self, language):
        assert _matching(r"\(\w{1,3}\)|\w/\w", _texts(language)) == []

    def test_no_placeholder_is_left_in_a_text(self, language):
        assert _matching(r"[{}<>%]", _texts(language)) == []

    def test_it_can_be_read_in_the_time_it_announces(self, language):
        causes = tomllib.loads(CATALOGUE.read_text(encoding="utf-8"))["cause"]
        shown = [text for _, text in _texts(language)]
        shown += [cause["label"][language] for cause in causes if cause["tickable"]]
        words = sum(len(text.split()) for text in shown)
        assert words / READING_RATE < PROMISED_MINUTES


@pytest.mark.parametrize("language", ["ru", "uk"])
def test_the_respondent_is_always_the_polite_plural_in_lower_case(language):
    capital = r"(?<=[^.!?] )(Вы|Ви|Вас|Вам|Вами|Ваш\w*)\b"
    familiar = r"\b(ты|тебя|тебе|твой|твоя|ти|тебе|твій|твоя)\b"
    texts = _texts(language)
    assert [text for _, text in texts if re.search(capital, text)] == []
    assert _matching(familiar, texts) == []


def test_ukrainian_is_free_of_russisms():
    assert _matching(RUSSISMS, _texts("uk")) == []
