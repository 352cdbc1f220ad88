"""What the worker does, and how often: the rooms' jobs wired together."""

from __future__ import annotations

from feedback_app.answers import jobs as answers
from feedback_app.channels import jobs as channels
from feedback_app.customers import jobs as customers
from feedback_app.foundation.jobs import Job
from feedback_app.invitations import jobs as invitations
from feedback_app.tagging.rules import chosen_tags


def make_jobs() -> tuple[Job, ...]:
    """Every job of this release, fresh."""
    return (
        Job("batches opened", every=1.0, run=answers.open_batches_job(chosen_tags)),
        Job("batches of channels started", every=1.0, run=channels.start_missing_batches),
        Job("spent forms forgotten", every=3600.0, run=answers.forget_spent_forms),
        Job("people invited", every=2.0, run=invitations.prepare_waves),
        Job("newcomers invited", every=60.0, run=invitations.invite_newcomers),
        Job("reminders decided", every=60.0, run=invitations.remind),
        Job("mails dealt with", every=1.0, run=invitations.send_mails_job()),
        Job("waves ended", every=30.0, run=invitations.end_waves),
        Job("old uploads removed", every=600.0, run=customers.remove_old_uploads),
    )
