"""The slot of the box: how answers of an open link fall in, by the thousand.

One answer spends its form's token and drops its box in one transaction, as everywhere else
(answers.actions.take_sealed). Here the statements are compiled once and handed to the driver:
on PostgreSQL a single one, in a single round trip; on SQLite three small ones, committed
together with those of the same moment.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from typing import Any, cast
from uuid import uuid4

from sqlalchemy import Table, bindparam, exists, func, insert, select, true
from sqlalchemy.dialects import postgresql

from feedback_app.answers.actions import FormToken
from feedback_app.answers.models import SpentFormToken
from feedback_app.answers.rules import Envelope
from feedback_app.ballots.actions import TRIES, UnableToDropBallot
from feedback_app.ballots.models import Box
from feedback_app.ballots.queries import find_taking_batch, select_box
from feedback_app.ballots.sealing import Ballot, seal_ballot
from feedback_app.foundation.db import Database
from feedback_app.foundation.statements import CompiledStatement
from feedback_app.surveys.queries import SurveyRow

_TOKEN: Table = cast(Table, SpentFormToken.__table__)
_BOX: Table = cast(Table, Box.__table__)
_COLUMNS = ["id", "batch_id", "ciphertext"]


class Outcome(StrEnum):
    """What became of one answer."""

    TAKEN = "taken"
    SENT_BEFORE = "sent before"
    BATCH_IS_OVER = "batch is over"  # nothing was stored, its token is not spent


def put_in(
    database: Database,
    survey: SurveyRow,
    envelope: Envelope,
    *,
    channel: str,
    segments: Sequence[str] = (),
    token: FormToken,
    ballot: Ballot | None,
) -> bool:
    """Store one answer of an anonymous survey for good; False when its form was sent before.

    `ballot` is the answer sealed for the batch that took boxes a moment ago; when that was
    opened meanwhile, the answer is sealed anew. Nothing of the caller's session is part of it.

    Raises UnableToDropBallot when no batch takes boxes, UnableToSeal when it is too long.
    """
    for _ in range(TRIES):
        if ballot is None:
            with database.reading() as session:
                batch = find_taking_batch(
                    session,
                    survey_id=survey.id,
                    channel=channel,
                    segments=segments,
                    version_id=envelope.version_id,
                )
            if batch is None:
                break
            ballot = seal_ballot(
                envelope.document(), batch.id, batch.public_key, box_bytes=survey.box_bytes
            )
        outcome = _drop(database, token, ballot)
        if outcome is not Outcome.BATCH_IS_OVER:
            return outcome is Outcome.TAKEN
        ballot = None
    raise UnableToDropBallot("This survey does not take answers at the moment.")


def _drop(database: Database, token: FormToken, ballot: Ballot) -> Outcome:
    values = {
        "token_hash": token.token_hash,
        "purge_on": token.purge_on,
        "box": uuid4(),
        "batch": ballot.batch_id,
        "sealed": ballot.ciphertext,
    }
    drop = _on_sqlite if database.is_sqlite else _on_postgresql
    return database.write_at_once(drop(database.writer.dialect, values))


#: Drops the box unless the token is spent: nothing has to be undone when it drops none.
_DROP_UNLESS_SPENT = CompiledStatement(
    insert(_BOX).from_select(
        _COLUMNS,
        select_box().where(
            ~exists().where(_TOKEN.c.token_hash == bindparam("token_hash")),
        ),
    )
)
_SPEND = CompiledStatement(
    insert(_TOKEN).values(token_hash=bindparam("token_hash"), purge_on=bindparam("purge_on"))
)
_IS_SPENT = CompiledStatement(
    select(_TOKEN.c.purge_on).where(_TOKEN.c.token_hash == bindparam("token_hash"))
)


def _on_sqlite(dialect: Any, values: Mapping[str, Any]) -> Callable[[Any], Outcome]:
    # Nobody else writes meanwhile: what was looked at holds until the commit.
    drop, spend = (each.for_driver(dialect, values) for each in (_DROP_UNLESS_SPENT, _SPEND))

    def work(connection: Any) -> Outcome:
        if connection.execute(*drop).rowcount == 1:
            connection.execute(*spend)
            return Outcome.TAKEN
        is_spent = _IS_SPENT.for_driver(dialect, values)
        was_sent = connection.execute(*is_spent).fetchone() is not None
        return Outcome.SENT_BEFORE if was_sent else Outcome.BATCH_IS_OVER

    return work


def _whole() -> Any:
    """One statement for PostgreSQL: look at the batch and hold it, spend the token, drop the box.

    Each step feeds on what the one before gave. The row that comes back says which did.
    """
    taking = select_box().cte("taking")
    token = select(
        bindparam("token_hash", type_=_TOKEN.c.token_hash.type),
        bindparam("purge_on", type_=_TOKEN.c.purge_on.type),
    ).select_from(taking)
    spent = (
        postgresql.insert(_TOKEN)
        .from_select(["token_hash", "purge_on"], token)
        .on_conflict_do_nothing()
        .returning(_TOKEN.c.token_hash)
        .cte("spent")
    )
    dropped = (
        insert(_BOX)
        .from_select(_COLUMNS, select(*taking.c).select_from(taking.join(spent, true())))
        .returning(_BOX.c.id)
        .cte("dropped")
    )
    return select(
        *(select(func.count()).select_from(each).scalar_subquery() for each in (taking, dropped))
    )


_WHOLE = CompiledStatement(_whole())


def _on_postgresql(dialect: Any, values: Mapping[str, Any]) -> Callable[[Any], Outcome]:
    statement = _WHOLE.for_driver(dialect, values)

    def work(connection: Any) -> Outcome:
        batches, boxes = connection.execute(*statement).fetchone()
        if boxes:
            return Outcome.TAKEN
        return Outcome.SENT_BEFORE if batches else Outcome.BATCH_IS_OVER

    return work
