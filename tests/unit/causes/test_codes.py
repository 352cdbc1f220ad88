"""Codes of a company's own causes."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback_app.causes.rules import Side, make_code
from feedback_app.causes.rules.codes import LONGEST_SLUG

CODE = re.compile(r"(competitor|company|client)\.[a-z0-9]+(_[a-z0-9]+)*")
TEXT = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=140)


@pytest.mark.parametrize(
    ("label", "code"),
    [
        ("Privacy worries", "company.privacy_worries"),
        ("  Café — déjà   vu! ", "company.cafe_deja_vu"),
        ("Щедрые чаевые", "company.shchedrye_chaevye"),
        ("Під’їзд зачинено", "company.pidyizd_zachineno"),
        ("Объём", "company.obem"),
        ("24/7 support", "company.24_7_support"),
        ("客户", "company.own"),
        ("!!!", "company.own"),
        ("Donaudampfschifffahrtsgesellschaft", "company.donaudampfschifffahrtsge"),
        ("Answers take longer than promised", "company.answers_take_longer_than"),
        ("Answers take much longer than promised", "company.answers_take_much_longer"),
        ("Answers took such a longish time", "company.answers_took_such_a"),
    ],
)
def test_codes_can_be_read(label, code) -> None:
    assert make_code(Side.COMPANY, label, ()) == code


def test_a_taken_code_gets_a_number() -> None:
    taken = {"client.moved", "client.moved_2"}
    assert make_code(Side.CLIENT, "Moved", taken) == "client.moved_3"
    assert make_code(Side.COMPANY, "Moved", taken) == "company.moved"


@given(st.sampled_from(Side), TEXT, st.integers(0, 12))
def test_every_label_gives_a_well_formed_new_code(side: Side, label: str, uses: int) -> None:
    taken: set[str] = set()
    for _ in range(uses + 1):
        code = make_code(side, label, taken)
        assert CODE.fullmatch(code)
        assert code.startswith(f"{side.value}.")
        assert len(code) <= len(side.value) + 1 + LONGEST_SLUG + len("_13")
        assert code not in taken
        taken.add(code)


@given(st.sampled_from(Side), TEXT)
def test_the_same_label_gives_the_same_code(side: Side, label: str) -> None:
    assert make_code(side, label, ()) == make_code(side, label, ())
