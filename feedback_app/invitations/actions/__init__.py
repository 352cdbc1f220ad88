"""Writes of invitations, waves and mails."""

from __future__ import annotations

from feedback_app.invitations.actions.asking import MOST_ASKED, list_wanted
from feedback_app.invitations.actions.claiming import claim, forget_paces, take_turns
from feedback_app.invitations.actions.doubt import (
    LeftMail,
    UnableToSettle,
    send_again,
    take_over,
    treat_as_sent,
)
from feedback_app.invitations.actions.links import issue, split, submit
from feedback_app.invitations.actions.outbox import (
    Outcome,
    give_back,
    mark,
    put_aside,
    record,
    record_all,
)
from feedback_app.invitations.actions.people import take_bounce, unsubscribe
from feedback_app.invitations.actions.phone import plan_phone_wave
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
    "MOST_ASKED",
    "LeftMail",
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
    "forget_paces",
    "give_back",
    "invite_newcomers",
    "issue",
    "list_wanted",
    "make_test_mail",
    "mark",
    "pause",
    "plan_phone_wave",
    "plan_wave",
    "prepare_some",
    "put_aside",
    "record",
    "record_all",
    "remind",
    "resume",
    "schedule",
    "send_again",
    "split",
    "submit",
    "take_bounce",
    "take_over",
    "take_turns",
    "treat_as_sent",
    "unsubscribe",
    "write_texts",
]
