"""What the worker does, and how often: the rooms' jobs wired together."""

from __future__ import annotations

from sqlalchemy.orm import Session

from feedback_app.answers import jobs as answers
from feedback_app.answers.masking import NOBODY, NameList
from feedback_app.answers.scoring import ScoreFiller
from feedback_app.brainstorms import jobs as brainstorms
from feedback_app.channels import jobs as channels
from feedback_app.contacts import jobs as contacts
from feedback_app.customers import jobs as customers
from feedback_app.customers.queries import list_names as list_names_of_customers
from feedback_app.foundation.jobs import Job
from feedback_app.invitations import jobs as invitations
from feedback_app.tagging import jobs as tagging
from feedback_app.tagging.quick import list_common_words
from feedback_app.tagging.rules import chosen_tags
from feedback_app.tagging.training_process import TrainingProcess


def list_names(session: Session) -> NameList:
    """The names that are masked in free text: the customers' and their managers'."""
    names = list_names_of_customers(session)
    return NameList.of(names, list_common_words()) if names else NOBODY


def make_jobs(*, has_tagger: bool = True) -> tuple[Job, ...]:
    """Every job of this release, fresh; without the tagger's, which load its libraries."""
    return (
        Job("batches opened", every=1.0, run=answers.open_batches_job(chosen_tags, list_names)),
        Job("contact slips opened", every=2.0, run=contacts.open_slips),
        Job("batches of channels started", every=1.0, run=channels.start_missing_batches),
        Job("scores filled in", every=60.0, run=ScoreFiller().run),
        Job("spent forms forgotten", every=3600.0, run=answers.forget_spent_forms),
        Job("answers made statements", every=5.0, run=tagging.make_statements_job(list_names)),
        Job("cards made statements", every=20.0, run=brainstorms.make_cards_job(list_names)),
        *(_make_tagger_jobs() if has_tagger else ()),
        Job("confirmed tags told", every=20.0, run=tagging.tell_confirmed),
        Job("people invited", every=2.0, run=invitations.prepare_waves),
        Job("newcomers invited", every=60.0, run=invitations.invite_newcomers),
        Job("reminders decided", every=60.0, run=invitations.remind),
        Job("mails dealt with", every=1.0, run=invitations.send_mails_job()),
        Job("waves ended", every=30.0, run=invitations.end_waves),
        Job("session keys destroyed", every=60.0, run=brainstorms.destroy_spent_keys),
        Job("old uploads removed", every=600.0, run=customers.remove_old_uploads),
    )


def _make_tagger_jobs() -> tuple[Job, ...]:
    suggester = tagging.Suggester()
    return (
        Job("taggers trained", every=5.0, run=TrainingProcess().run),
        Job("statements suggested for", every=0.5, run=suggester.run),
        Job("themes found", every=60.0, run=suggester.find_themes),
    )
