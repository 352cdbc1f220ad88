"""Changes of the catalogue. Each makes the next codebook, keeps what was before, and is logged.

`seen` is the codebook number that the person looked at when deciding. When somebody else has
changed the causes since, the change is refused instead of being laid over theirs.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from feedback_app.causes import rules
from feedback_app.causes.models import Cause as CauseRow
from feedback_app.causes.models import CauseChange, CauseNote, CauseText, CodebookVersion
from feedback_app.causes.queries import find_codebook_number, get_starter, read_catalogue
from feedback_app.causes.rules import Catalogue, Cause, Change, ChangeKind, Side, Texts
from feedback_app.causes.rules.decisions import UnableToChangeCause
from feedback_app.foundation.db import utc_now
from feedback_app.foundation.rules import N_
from feedback_app.staff.audit import record

LONGEST_NOTE = 500
#: Stands as the maker of codebooks that come with the product.
PRODUCT = "feedback_app"

#: What the audit log calls each kind of change.
ACTS = {
    ChangeKind.ADDED: "cause.add",
    ChangeKind.RENAMED: "cause.rename",
    ChangeKind.MOVED: "cause.move",
    ChangeKind.TICKABLE: "cause.set-tickable",
    ChangeKind.MERGED: "cause.merge",
    ChangeKind.RETIRED: "cause.retire",
    ChangeKind.RESTORED: "cause.restore",
}


class UnableToChangeMeanwhile(UnableToChangeCause):
    """Somebody else changed the causes between looking at them and changing them."""


def load_catalogue(session: Session) -> int:
    """Bring in the starter causes that are not there yet; returns the codebook number.

    Safe at every start: with nothing to add it reads the codes and writes nothing. What staff
    changed stays as they made it, and a code of their own is never taken over.
    """
    known = set(session.scalars(select(CauseRow.code)))
    added = [cause for cause in get_starter().causes if cause.code not in known]
    if not added:
        return find_codebook_number(session) or 0
    try:
        return _store(session, read_catalogue(session), added, ChangeKind.ADDED, by=PRODUCT)
    except UnableToChangeMeanwhile:
        # Another server that started in the same moment has loaded them.
        return read_catalogue(session).codebook


def add(
    session: Session,
    *,
    side: Side,
    texts: Texts,
    by: str,
    is_tickable: bool = True,
    seen: int | None = None,
) -> str:
    """Add a company's own cause at the end of its side; returns its new code."""
    catalogue = _look(session, seen)
    cause = rules.decide_add(catalogue, side, texts, is_tickable=is_tickable)
    _store(session, catalogue, [cause], ChangeKind.ADDED, by=by)
    return cause.code


def rename(session: Session, code: str, texts: Texts, *, by: str, seen: int | None = None) -> int:
    """Give a cause other labels and explanations; returns the codebook number."""
    catalogue = _look(session, seen)
    cause = rules.decide_rename(catalogue, code, texts)
    return _store(session, catalogue, [cause], ChangeKind.RENAMED, by=by)


def move(session: Session, code: str, *, places: int, by: str, seen: int | None = None) -> int:
    """Move a cause `places` down its side's list, up if negative; returns the codebook number."""
    catalogue = _look(session, seen)
    moved = rules.decide_move(catalogue, code, places=places)
    return _store(session, catalogue, moved, ChangeKind.MOVED, by=by, subject=code)


def set_tickable(
    session: Session, code: str, *, is_tickable: bool, by: str, seen: int | None = None
) -> int:
    """Offer a cause to respondents, or no longer; returns the codebook number."""
    catalogue = _look(session, seen)
    cause = rules.decide_tickable(catalogue, code, is_tickable=is_tickable)
    return _store(session, catalogue, [cause], ChangeKind.TICKABLE, by=by)


def merge(session: Session, source: str, target: str, *, by: str, seen: int | None = None) -> int:
    """Count `source` as `target` from now on; answers keep what was ticked."""
    catalogue = _look(session, seen)
    cause = rules.decide_merge(catalogue, source, target)
    return _store(session, catalogue, [cause], ChangeKind.MERGED, by=by)


def retire(session: Session, code: str, *, by: str, seen: int | None = None) -> int:
    """Stop offering a cause; what was ticked still counts as it."""
    catalogue = _look(session, seen)
    cause = rules.decide_retire(catalogue, code)
    return _store(session, catalogue, [cause], ChangeKind.RETIRED, by=by)


def restore(session: Session, code: str, *, by: str, seen: int | None = None) -> int:
    """Bring a retired cause back into use; a merge of it is undone."""
    catalogue = _look(session, seen)
    cause = rules.decide_restore(catalogue, code)
    return _store(session, catalogue, [cause], ChangeKind.RESTORED, by=by)


def _look(session: Session, seen: int | None) -> Catalogue:
    catalogue = read_catalogue(session)
    if seen is not None and seen != catalogue.codebook:
        raise _changed_meanwhile()
    return catalogue


def _changed_meanwhile() -> UnableToChangeMeanwhile:
    return UnableToChangeMeanwhile(
        N_(
            "Somebody changed the causes while you were looking at them: "
            "look at them again and repeat your change if it still makes sense."
        )
    )


def _store(
    session: Session,
    catalogue: Catalogue,
    causes: Iterable[Cause],
    kind: ChangeKind,
    *,
    by: str,
    subject: str | None = None,
) -> int:
    """Write the causes as the next codebook; a change of nothing makes none."""
    compared = [(cause, rules.compare(catalogue.find(cause.code), cause, kind)) for cause in causes]
    changes = [(cause, change) for cause, change in compared if change is not None]
    if not changes:
        return catalogue.codebook
    number = _begin_codebook(session, catalogue.codebook + 1, by=by)
    if kind is ChangeKind.ADDED:
        session.execute(insert(CauseRow), [_columns(cause) for cause, _change in changes])
    for cause, _change in changes if kind is not ChangeKind.ADDED else ():
        at = CauseRow.code == cause.code
        session.execute(update(CauseRow).where(at).values(**_columns(cause)))
    _store_texts(session, changes)
    session.execute(
        insert(CauseChange),
        [
            {
                "codebook": number,
                "cause_code": change.code,
                "kind": change.kind.value,
                "before": dict(change.before),
                "after": dict(change.after),
            }
            for _cause, change in changes
        ],
    )
    if by != PRODUCT:
        _log(session, [change for _cause, change in changes], number, by=by, subject=subject)
    return number


def _begin_codebook(session: Session, number: int, *, by: str) -> int:
    """Take the next number. The number is unique, so of two at once the second is refused."""
    try:
        with session.begin_nested():
            session.execute(
                insert(CodebookVersion).values(number=number, made_at=utc_now(), made_by=by)
            )
    except IntegrityError as error:
        raise _changed_meanwhile() from error
    return number


def _store_texts(session: Session, changes: Iterable[tuple[Cause, Change]]) -> None:
    """Put the words of causes that were changed into the place of those that were there."""
    causes = [it for it, change in changes if {"labels", "explanations"} & change.after.keys()]
    if not causes:
        return
    codes = [cause.code for cause in causes]
    session.execute(delete(CauseText).where(CauseText.cause_code.in_(codes)))
    session.execute(
        insert(CauseText),
        [
            {
                "cause_code": cause.code,
                "language": language,
                "label": label,
                "explanation": cause.explanations.get(language, ""),
            }
            for cause in causes
            for language, label in cause.labels.items()
        ],
    )


def _columns(cause: Cause) -> dict[str, object]:
    return {
        "code": cause.code,
        "side": cause.side.value,
        "position": cause.position,
        "is_tickable": cause.is_tickable,
        "is_retired": cause.is_retired,
        "merged_into": cause.merged_into,
        "is_own": cause.is_own,
    }


def _log(
    session: Session, changes: Sequence[Change], number: int, *, by: str, subject: str | None
) -> None:
    detail: dict[str, object] = {"codebook": number}
    if changes[0].kind is ChangeKind.MERGED:
        detail["into"] = changes[0].after["merged_into"]
    record(
        session,
        by=by,
        act=ACTS[changes[0].kind],
        subject=subject or changes[0].code,
        detail=detail,
    )


def add_note(session: Session, code: str, note: str, *, by: str) -> None:
    """Write down how a cause is read; raises UnableToFindCause."""
    cause = read_catalogue(session).get(code)
    words = " ".join(note.split())[:LONGEST_NOTE]
    session.execute(
        insert(CauseNote).values(cause_code=cause.code, note=words, made_at=utc_now(), made_by=by)
    )
    record(session, by=by, act="cause.note", subject=cause.code)
