"""Pure rules of invitations: tokens, waves, what a mail says, what happens to it."""

from __future__ import annotations

from feedback_app.invitations.rules.bounces import Bounce, read_bounce
from feedback_app.invitations.rules.outbox import (
    LEASE_SECONDS,
    MOST_ATTEMPTS,
    MailState,
    is_address_at_fault,
    next_try_at,
)
from feedback_app.invitations.rules.pace import Pace
from feedback_app.invitations.rules.texts import (
    MERGE_FIELDS,
    SOMEBODY,
    MailText,
    UnableToWriteMail,
    check_text,
    default_text,
    fill,
)
from feedback_app.invitations.rules.tokens import (
    MOST_AT_ONCE,
    UnableToInvite,
    choose_segments,
    derive_secret,
    hash_token,
    is_expired,
    make_token,
    read_token,
    spell_for_typing,
)
from feedback_app.invitations.rules.waves import (
    LARGEST_MOST_REMINDERS,
    LARGEST_NUMBER_OF_DAYS,
    USUAL_MOST_REMINDERS,
    USUAL_THROTTLE_DAYS,
    Rhythm,
    UnableToPlanWave,
    UnableToRunWave,
    WaveKind,
    WaveState,
    check_move,
    check_name,
    check_segments,
    fit_segments,
)

__all__ = [
    "LARGEST_MOST_REMINDERS",
    "LARGEST_NUMBER_OF_DAYS",
    "LEASE_SECONDS",
    "MERGE_FIELDS",
    "MOST_ATTEMPTS",
    "MOST_AT_ONCE",
    "SOMEBODY",
    "USUAL_MOST_REMINDERS",
    "USUAL_THROTTLE_DAYS",
    "Bounce",
    "MailState",
    "MailText",
    "Pace",
    "Rhythm",
    "UnableToInvite",
    "UnableToPlanWave",
    "UnableToRunWave",
    "UnableToWriteMail",
    "WaveKind",
    "WaveState",
    "check_move",
    "check_name",
    "check_segments",
    "check_text",
    "choose_segments",
    "default_text",
    "derive_secret",
    "fill",
    "fit_segments",
    "hash_token",
    "is_address_at_fault",
    "is_expired",
    "make_token",
    "next_try_at",
    "read_bounce",
    "read_token",
    "spell_for_typing",
]
