"""Training with confirmed statements: what is learnt, what must not get worse."""

from __future__ import annotations

import math
import sys
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType
from typing import Any, ClassVar
from unittest.mock import Mock

import numpy as np
import pytest

from feedback_app.tagging.suggesting import lemmas, training
from feedback_app.tagging.suggesting.embeddings import UnableToLoadEmbeddings, load_embedder
from feedback_app.tagging.suggesting.evaluation import learning_curve, measure
from feedback_app.tagging.suggesting.examples import (
    Example,
    list_codes,
    list_examples,
    list_odds,
)
from feedback_app.tagging.suggesting.sources import Labelled, UnableToReadStatements
from feedback_app.tagging.suggesting.tagger import Tagger
from feedback_app.tagging.suggesting.training import train_cold, train_tagger
from tests.factories.tagging import LANGUAGES, cold_tagger, few_examples, list_statements

PARKING = [
    Example(text, "company.parking")
    for text in (
        "There is never a free parking space in front of the gym.",
        "Parking is impossible after five.",
        "I circle for twenty minutes to find parking.",
        "The car park is always full.",
        "No parking for members.",
        "They closed the parking lot.",
    )
]


@pytest.fixture(scope="module")
def learnt() -> Tagger:
    """The whole tagger with six confirmed statements of one new cause."""
    return train_tagger(PARKING, cold_tagger())


def test_a_cause_of_the_company_s_own_is_learnt(learnt: Tagger) -> None:
    (found,) = learnt.suggest(["Parking there is a pain, the lot is always full."])
    assert found.primary == "company.parking"
    assert found.side == "company"
    assert learnt.confirmed == len(PARKING)


def test_a_few_confirmed_make_nothing_worse(learnt: Tagger) -> None:
    own = [
        Labelled(language, each)
        for language in LANGUAGES
        for each in list_statements(language)[::3]
    ]
    texts = [each.example.text for each in own]
    before = measure(own, cold_tagger().suggest(texts))
    after = measure(own, learnt.suggest(texts))
    assert after["top1"] >= before["top1"] - 0.02
    assert after["side"] >= before["side"] - 0.02


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Train with few shipped examples."""
    monkeypatch.setattr(training, "list_cold_examples", few_examples)


@pytest.mark.usefixtures("few")
def test_the_same_statements_give_the_same_tagger() -> None:
    texts = [each.text for each in list_statements("en")[:30]]
    first, second = (train_tagger(PARKING, train_cold()) for _each in range(2))
    assert first.suggest(texts) == second.suggest(texts)


def test_the_usual_odds_are_probabilities() -> None:
    usual = dict(zip(list_codes(), map(math.exp, list_odds(list_codes())), strict=True))
    assert sum(usual.values()) == pytest.approx(1)
    assert usual["client.closed"] < 0.03 < usual["company.quality"]


def test_without_confirmed_the_cold_start_stays_as_it_is() -> None:
    assert train_tagger([], cold_tagger()) is cold_tagger()


def test_learning_does_not_read_the_examples_again(monkeypatch: pytest.MonkeyPatch) -> None:
    read_again = Mock(side_effect=AssertionError("the cold start was trained again"))
    monkeypatch.setattr(training, "train", read_again)
    monkeypatch.setattr(training, "learn_trust", read_again)
    learnt = train_tagger(PARKING * 10, cold_tagger())
    assert learnt.learner is cold_tagger().learner


def test_what_people_here_mean_by_a_cause_is_learnt() -> None:
    """Where the cold start says dishonesty, this company's readers say pushiness."""
    own = list_statements("en")
    told = [each.text for each in own if each.primary == "company.dishonesty"]
    confirmed = [each for each in own if each.primary != "company.dishonesty"]
    confirmed += [
        Example(text, "company.pushiness")
        for language, code, text in list_examples()
        if (language, code) == ("en", "company.dishonesty")
    ][:200]
    learnt = train_tagger(confirmed, cold_tagger())
    before = [each.primary for each in cold_tagger().suggest(told)]
    after = [each.primary for each in learnt.suggest(told)]
    assert before.count("company.dishonesty") > len(told) / 2
    assert after.count("company.pushiness") > len(told) / 2


def test_statements_without_a_single_word_in_common_are_learnt_too() -> None:
    confirmed = [Example("1234", "none"), Example("!!!", "none"), Example("", "none")]
    (found,) = train_tagger(confirmed, cold_tagger()).suggest(["too expensive"])
    assert found.primary == "company.price"


def test_the_learning_curve_has_its_points_and_baselines() -> None:
    labelled = [
        Labelled(language, Example(text, code)) for language, code, text in list_examples()[:40]
    ]
    report = learning_curve(cold_tagger(), labelled, most=30, repeats=1)
    assert [row["confirmed"] for row in report["curve"]] == [0, 25, 30]
    assert report["tested"] == 10
    assert all(0 <= row["top1"] <= row["top3"] <= 1 for row in report["curve"])
    assert report["baselines"]["random"]["top1"] == pytest.approx(1 / 30)
    with pytest.raises(UnableToReadStatements, match="smaller number"):
        learning_curve(cold_tagger(), labelled, most=39, repeats=1)


def test_nearly_all_confirmed_are_measured_by_folds(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[int] = []

    def learn(confirmed: Sequence[Example], cold: Tagger) -> Tagger:
        seen.append(len(confirmed))
        return cold

    monkeypatch.setattr(training, "train_tagger", learn)
    labelled = [Labelled("en", each) for each in list_statements("en")[:41]]
    report = learning_curve(cold_tagger(), labelled, most=41, repeats=2)
    assert [row["confirmed"] for row in report["curve"]] == [0, 20]
    assert report["tested"] == 41
    assert seen == [0, 0, 20, 20]


# --- optional parts --------------------------------------------------------------------------


class Lengths:
    """Stands for a sentence-transformers model: the meaning of a text is its length."""

    made: ClassVar[list[tuple[str, dict[str, Any]]]] = []

    def __init__(self, name: str, **options: Any) -> None:
        if "broken" in name:
            raise OSError("no such model")
        self.made.append((name, options))

    def encode(self, texts: Sequence[str], **_options: Any) -> np.ndarray:
        return np.array([[len(text) % 7 / 7, 1.0] for text in texts])


@pytest.fixture
def library(monkeypatch: pytest.MonkeyPatch) -> type[Lengths]:
    """The library of sentence models, as far as the tagger uses it."""
    module = ModuleType("sentence_transformers")
    module.SentenceTransformer = Lengths  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "sentence_transformers", module)
    monkeypatch.setattr(Lengths, "made", [])
    return Lengths


@pytest.mark.usefixtures("few")
def test_meanings_stand_beside_letters_and_roots(library: type[Lengths], tmp_path: Path) -> None:
    embedder = load_embedder(str(tmp_path))
    tagger, plain = train_cold(embedder), train_cold()
    width = plain.learner.by_code.weights.shape[1]
    assert tagger.learner.by_code.weights.shape[1] == width + 2
    (found,) = tagger.suggest(["too expensive"])
    assert "company.price" in {found.primary, *found.others}
    ((name, options),) = library.made
    assert name == str(tmp_path)
    assert options == {"local_files_only": True, "trust_remote_code": False}


def test_no_model_is_loaded_unless_named(library: type[Lengths]) -> None:
    assert load_embedder("") is None
    assert library.made == []


def test_a_model_that_can_not_be_loaded_is_named(library: type[Lengths]) -> None:
    with pytest.raises(UnableToLoadEmbeddings, match=r"FEEDBACK_TAGGER_MODEL.*'broken'"):
        load_embedder("broken")


def test_a_missing_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sentence_transformers", None)
    with pytest.raises(UnableToLoadEmbeddings, match="pip install"):
        load_embedder("some-model")


def test_lemmas_are_looked_up_where_there_is_a_dictionary(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Analyser:
        def normal_forms(self, form: str) -> list[str]:
            return [form[:2] + "ё"]

    monkeypatch.setattr(lemmas, "list_languages", lambda: ("ru",))
    monkeypatch.setattr(lemmas, "_analyser", lambda _language: Analyser())
    lemmas.find_root.cache_clear()
    try:
        assert lemmas.find_root("доставками", "ru") == "дое"
        assert lemmas.find_root("deliveries", "en") == "deliver"
    finally:
        lemmas.find_root.cache_clear()
