"""Short codes: always the same, without mistakable letters, read however they are typed."""

from __future__ import annotations

from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from feedback_app.channels.rules import CODE_LENGTH, make_short_code, read_short_code


@given(st.uuids())
def test_a_code_is_read_back_however_it_was_typed(survey_id: UUID) -> None:
    code = make_short_code(survey_id)
    assert len(code) == CODE_LENGTH
    assert not set(code) & set("ilou")
    assert code == make_short_code(UUID(str(survey_id)))
    sloppy = code.upper().replace("0", "O").replace("1", "I")
    assert read_short_code(f"{sloppy[:3]}-{sloppy[3:]}") == code
