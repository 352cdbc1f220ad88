"""Corrected shares hold what their intervals promise; agreement and added causes are right."""

from __future__ import annotations

import random
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.agreement import agree
from reports.audit import AuditCells, correct
from reports.own_words import rank_states
from reports.schema import CatalogueCause
from reports.unclear import unclear_over_time

CATALOGUE = tuple(
    CatalogueCause(code, code.partition(".")[0], place)
    for place, code in enumerate(
        ("competitor.price", "company.price", "company.quality", "client.budget")
    )
)


def drawn(
    chance: random.Random, share: float, right: float, wrong: float, read: int
) -> tuple[AuditCells, float]:
    """An audit of 2,000 statements: the tagger finds `right` of the cause, and `wrong` of else."""
    truth = [chance.random() < share for _ in range(2000)]
    said = [chance.random() < (right if each else wrong) for each in truth]
    sample = chance.sample(range(2000), read)
    pairs = [(truth[at], said[at]) for at in sample]
    return AuditCells(
        2000,
        sum(said),
        read,
        both=pairs.count((True, True)),
        person=pairs.count((True, False)),
        tagger=pairs.count((False, True)),
    ), sum(truth) / 2000


@pytest.mark.parametrize(
    ("share", "right", "wrong", "read"),
    [(0.2, 0.7, 0.08, 150), (0.05, 0.5, 0.02, 200), (0.4, 0.2, 0.3, 60), (0.02, 0.9, 0.01, 100)],
)
def test_intervals_hold_the_true_share(share: float, right: float, wrong: float, read: int) -> None:
    chance = random.Random(7)
    held = 0
    for _ in range(300):
        cells, truth = drawn(chance, share, right, wrong, read)
        found = correct(cells)
        assert found is not None
        held += found.low <= truth <= found.high
    assert held >= 275  # 95 % of 300 less two standard errors


def test_the_correction_takes_the_bias_out() -> None:
    chance = random.Random(3)
    corrected = uncorrected = 0.0
    for _ in range(200):
        cells, truth = drawn(chance, 0.2, 0.5, 0.2, 200)
        found = correct(cells)
        assert found is not None
        corrected += (found.share - truth) / 200
        uncorrected += (found.uncorrected - truth) / 200
    assert abs(corrected) < 0.01
    assert abs(uncorrected) > 0.05


def test_a_good_tagger_makes_the_interval_shorter() -> None:
    alone = correct(AuditCells(5000, 0, 200, 0, 40, 0))
    helped = correct(AuditCells(5000, 1000, 200, 38, 2, 2))
    assert alone is not None
    assert helped is not None
    assert helped.high - helped.low < 0.7 * (alone.high - alone.low)


@given(*(st.integers(0, 60) for _ in range(4)), st.integers(0, 3000), st.integers(0, 3000))
def test_any_counts_give_an_interval(
    both: int, person: int, tagger: int, neither: int, suggested: int, more: int
) -> None:
    read = both + person + tagger + neither
    least = both + tagger
    cells = AuditCells(read + suggested + more, least + suggested, read, both, person, tagger)
    found = correct(cells)
    if not read:
        assert found is None
        return
    assert found is not None
    assert 0 <= found.low <= found.share <= found.high <= 1


def test_agreement_of_those_who_agree_and_of_those_who_guess() -> None:
    same = [(["company.price"], ["company.price"]), (["none"], ["none"])] * 10
    assert agree(same).alpha == 1.0
    assert agree(same).same == 20
    chance = random.Random(1)
    codes = ["company.price", "company.quality", "none"]
    guessed = [([chance.choice(codes)], [chance.choice(codes)]) for _ in range(600)]
    found = agree(guessed)
    assert abs(found.alpha or 0) < 0.1
    assert all(abs(row.alpha or 0) < 0.12 for row in found.causes)


def test_agreement_by_hand() -> None:
    found = agree(
        [
            (["company.price"], ["company.price", "client.budget"]),
            (["company.price"], ["company.quality"]),
            (["none"], ["none"]),
            (["none"], ["none"]),
        ]
    )
    assert (found.statements, found.same) == (4, 3)
    by_code = {row.code: row for row in found.causes}
    price = by_code["company.price"]
    assert (price.either, price.both, price.same) == (2, 1, 0.75)
    # Eight words, three of them yes: expected disagreement 2 * 3 * 5 / (8 * 7), seen 2 / 8.
    assert price.alpha == pytest.approx(1 - (2 / 8) / (2 * 3 * 5 / 56))
    assert by_code["client.budget"].both == 0
    assert agree([(["none"], ["none"])]).alpha is None


def test_what_is_added_is_told_only_in_groups() -> None:
    chosen = [("company.quality", "company.quality", 40), ("", "", 30)]
    _ticks, few = rank_states(chosen, [{"company.price": 4}], CATALOGUE, min_group=5, codebook=1)
    assert [(row.code, row.respondents) for row in few.causes] == [("company.quality", 40)]
    assert few.no_cause.respondents == 30
    strata = [{"company.price": 12}, {"client.budget": 6}]
    *_former, more = rank_states(chosen, strata, CATALOGUE, min_group=5, codebook=1)
    told = {row.code: row.respondents for row in more.causes}
    assert told == {"company.quality": 40, "company.price": 12, "client.budget": 6}
    assert more.no_cause.respondents == 12
    assert more.respondents == 70


def test_what_the_ticks_withhold_no_state_tells() -> None:
    """Three ticked the price; with twelve more it would be told, and the three with it."""
    chosen = [("company.quality", "", 40), ("company.price", "", 3), ("", "", 30)]
    for state in rank_states(chosen, [{"company.price": 12}], CATALOGUE, min_group=5, codebook=1):
        assert "company.price" not in {row.code for row in state.causes}
        assert state.no_cause.respondents in (None, 30)


cause_sets = st.sets(st.sampled_from([it.code for it in CATALOGUE]), max_size=3).map(
    lambda codes: " ".join(sorted(codes))
)
ticks = st.dictionaries(cause_sets, st.integers(1, 12), max_size=6)
added = st.dictionaries(cause_sets.filter(bool), st.integers(1, 9), max_size=4)


@given(ticks, st.lists(added, min_size=1, max_size=3), st.integers(5, 8))
def test_no_state_of_the_switch_differs_from_another_by_a_small_group(
    named: dict[str, int], strata: list[dict[str, int]], smallest: int
) -> None:
    rest = named.pop("", 0) + sum(sum(each.values()) for each in strata)
    chosen = [*((codes, "", number) for codes, number in named.items()), ("", "", rest)]
    states = rank_states(chosen, strata, CATALOGUE, min_group=smallest, codebook=1)
    for one, other in combinations(states, 2):
        before = {row.code: row.respondents for row in one.causes}
        for row in other.causes:
            difference = row.respondents - before.get(row.code, 0)
            assert difference == 0 or difference >= smallest
        sides = {row.side: row.respondents for row in one.sides}
        for side in other.sides:
            if side.respondents is not None and sides.get(side.side) is not None:
                difference = side.respondents - (sides[side.side] or 0)
                assert difference == 0 or difference >= smallest
        if one.no_cause.respondents is not None and other.no_cause.respondents is not None:
            difference = one.no_cause.respondents - other.no_cause.respondents
            assert difference == 0 or difference >= smallest


months = st.lists(
    st.tuples(st.integers(1, 12), st.integers(0, 30)).flatmap(
        lambda pair: st.tuples(
            st.just(f"2024-{pair[0]:02}"), st.just(pair[1]), st.integers(0, pair[1])
        )
    ),
    max_size=12,
    unique_by=lambda row: row[0],
)


@given(months, st.integers(1, 10))
def test_steps_of_the_unclear_are_large_enough(
    rows: list[tuple[str, int, int]], smallest: int
) -> None:
    steps = unclear_over_time(rows, smallest)
    for step in steps:
        hidden = step.unclear.respondents
        assert hidden is not None
        for count in (hidden, step.statements - hidden):
            assert count == 0 or count >= smallest
    if steps:
        assert sum(step.statements for step in steps) == sum(number for _m, number, _u in rows)
