"""Writes of invitations, waves and mails."""

from __future__ import annotations

from feedback_app.invitations.actions.links import issue, split, submit
from feedback_app.invitations.actions.outbox import (
    Outcome,
    UnableToSettle,
    claim,
    give_back,
    mark_in_doubt,
    record,
    send_again,
    treat_as_sent,
)
from feedback_app.invitations.actions.people import take_bounce, unsubscribe
from feedback_app.invitations.actions.preparing import (
    begin_preparing,
    finish_preparing,
    invite_newcomers,
    prepare_some,
)
from feedback_app.invitations.actions.reminders import end_if_over, remind
from feedback_app.invitations.actions.trial import make_test_mail
from feedback_app.invitations.actions.waves import (
    cancel,
    choose_recipients,
    choose_segments_of,
    create_wave,
    delete_draft,
    finish,
    pause,
    plan_wave,
    resume,
    schedule,
    write_texts,
)

__all__ = [
    "Outcome",
    "UnableToSettle",
    "begin_preparing",
    "cancel",
    "choose_recipients",
    "choose_segments_of",
    "claim",
    "create_wave",
    "delete_draft",
    "end_if_over",
    "finish",
    "finish_preparing",
    "give_back",
    "invite_newcomers",
    "issue",
    "make_test_mail",
    "mark_in_doubt",
    "pause",
    "plan_wave",
    "prepare_some",
    "record",
    "remind",
    "resume",
    "schedule",
    "send_again",
    "split",
    "submit",
    "take_bounce",
    "treat_as_sent",
    "unsubscribe",
    "write_texts",
]
