"""The departed customer's survey as data: its questions, its branching, its three languages."""

from tests.factories.survey_texts import (
    LANGUAGES,
    SIDES,
    cause_codes,
    questions_of,
    read_document,
)

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


def test_the_questions_and_their_order_are_the_agreed_ones():
    assert {code: question["kind"] for code, question in questions_of("departed").items()} == KINDS
    assert [question["code"] for question in read_document("departed")["question"]] == list(KINDS)


def test_only_the_reason_is_required():
    required = [
        code for code, question in questions_of("departed").items() if question.get("required")
    ]
    assert required == ["reasons"]


def test_every_question_has_the_texts_of_its_kind():
    missing = [
        (code, sorted(TEXTS_OF_KIND[question["kind"]] - set(question)))
        for code, question in questions_of("departed").items()
        if TEXTS_OF_KIND[question["kind"]] - set(question)
    ]
    assert missing == []


def test_the_reasons_stand_under_three_headings():
    assert tuple(questions_of("departed")["reasons"]["headings"]) == SIDES


def test_follow_ups_depend_on_an_earlier_question_and_on_causes_that_exist():
    order = list(KINDS)
    for code, question in questions_of("departed").items():
        condition = question.get("show_if")
        if condition:
            assert order.index(condition["question"]) < order.index(code)
            assert set(condition.get("any_of", [])) <= cause_codes()
            assert condition.get("any_side", "competitor") in SIDES


def test_follow_ups_are_asked_of_those_they_concern():
    conditions = {
        code: q["show_if"] for code, q in questions_of("departed").items() if "show_if" in q
    }
    of_competitor = {"question": "reasons", "any_side": "competitor"}
    assert conditions == {
        "price_compared": {"question": "reasons", "any_of": ["competitor.price", "company.price"]},
        "competitor": of_competitor,
        "attraction": of_competitor,
    }


def test_the_yardsticks_of_price_cover_the_three_sides():
    options = [option["code"] for option in questions_of("departed")["price_compared"]["option"]]
    assert options == ["competitor_price", "earlier_price", "value_received", "own_budget", "other"]


def test_what_attracted_offers_what_a_provider_can():
    options = questions_of("departed")["attraction"]["option"]
    named = ["price", "product", "service", "promotion", "terms", "closer", "someone"]
    assert [option["code"] for option in options] == [*named, "other"]


def test_only_something_else_can_be_put_in_words_and_stands_last():
    for code in ("price_compared", "attraction"):
        options = questions_of("departed")[code]["option"]
        assert [option["code"] for option in options if option.get("with_text")] == ["other"]
        assert options[-1]["code"] == "other"


def test_scales_have_the_agreed_points():
    questions = questions_of("departed")
    assert questions["quality"]["points"] == 5
    assert [row["code"] for row in questions["quality"]["row"]] == ["product", "service"]
    assert (questions["return"]["min"], questions["return"]["max"]) == (0, 10)
    assert [q["max"] for q in questions.values() if q["kind"] == "text"] == [1000] * 3


def test_the_ends_of_a_scale_mirror_each_other():
    # Same intensifier at both ends: an uneven scale pushes answers to its weaker end.
    for code in ("quality", "return"):
        question = questions_of("departed")[code]
        for language in LANGUAGES:
            low, high = question["low"][language], question["high"][language]
            assert low != high
            assert low.split()[0] == high.split()[0]
            assert len(low.split()) == len(high.split())
