"""The last question before texts leave: which marked mails are wanted still?

Asked for a few mails at a time, by reading alone, in two statements that are compiled once.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import cycle
from typing import cast
from uuid import UUID

from sqlalchemy import Table, bindparam, select

from feedback_app.customers.models import Customer, Suppression
from feedback_app.customers.rules import hash_address
from feedback_app.foundation.among import among_named
from feedback_app.foundation.statements import Asker, CompiledStatement
from feedback_app.invitations.models import Invitation, Outbox, Wave
from feedback_app.invitations.queries import DueMail
from feedback_app.invitations.rules import MailState, WaveState
from feedback_app.surveys.models import Survey
from feedback_app.surveys.rules import State

_OUTBOX = cast(Table, Outbox.__table__)
_INVITATION = cast(Table, Invitation.__table__)
_CUSTOMER = cast(Table, Customer.__table__)
_SUPPRESSION = cast(Table, Suppression.__table__)
_WAVE = cast(Table, Wave.__table__)
_SURVEY = cast(Table, Survey.__table__)

#: Mails that are still wanted: their wave sends, their survey is open, their recipient has
#: neither answered nor unsubscribed. Who that is, and at which address, is compared afterwards.
_WANTED = CompiledStatement(
    select(_OUTBOX.c.id, _CUSTOMER.c.id, _CUSTOMER.c.email)
    .join_from(_OUTBOX, _WAVE, _WAVE.c.id == _OUTBOX.c.wave_id)
    .join(_SURVEY, _SURVEY.c.id == _WAVE.c.survey_id)
    .join(_INVITATION, _INVITATION.c.id == _OUTBOX.c.invitation_id)
    .join(_CUSTOMER, _CUSTOMER.c.id == _INVITATION.c.customer_id)
    .where(
        among_named(_OUTBOX.c.id, "mails"),
        among_named(_OUTBOX.c.lease_until, "leases"),
        _OUTBOX.c.state == str(MailState.IN_DOUBT),
        _WAVE.c.state == str(WaveState.SENDING),
        _SURVEY.c.state == str(State.OPEN),
        _INVITATION.c.is_used.is_(False),
        _INVITATION.c.is_unsubscribed.is_(False),
    )
)
#: So many mails are asked about at once at most.
MOST_ASKED = 10
_SUPPRESSED = CompiledStatement(
    select(_SUPPRESSION.c.address_hash).where(
        _SUPPRESSION.c.address_hash.in_([bindparam(f"hash{n}") for n in range(MOST_ASKED)])
    )
)


def list_wanted(asker: Asker, mails: Sequence[DueMail]) -> set[UUID]:
    """The last question before the texts of marked mails: which are ours, and wanted still?

    At most MOST_ASKED mails.
    """
    found = asker.ask(
        _WANTED,
        {"mails": [each.id for each in mails], "leases": [each.lease_until for each in mails]},
    )
    hashes = [hash_address(each.address) for each in mails]
    asked = dict(zip((f"hash{n}" for n in range(MOST_ASKED)), cycle(hashes)))
    suppressed = {bytes(row[0]) for row in asker.ask(_SUPPRESSED, asked)}
    wanted = {tuple(str(value).replace("-", "") for value in row[:2]): row[2] for row in found}
    return {
        each.id
        for hashed, each in zip(hashes, mails, strict=True)
        if hashed not in suppressed
        and each.customer_id is not None
        and wanted.get((each.id.hex, each.customer_id.hex)) == each.address
    }
