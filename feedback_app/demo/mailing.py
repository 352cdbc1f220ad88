"""The demo's wave: made-up customers who left, and a mail to them that waits to be sent.

Their addresses end in .invalid, which leads nowhere by RFC 2606: should a mail server be set,
it sends to nobody.
"""

from __future__ import annotations

from datetime import timedelta
from typing import cast
from uuid import UUID, uuid4

from sqlalchemy import Table, delete, insert, select
from sqlalchemy.orm import Session

from feedback_app.customers.models import Customer
from feedback_app.customers.rules import RecipientFilter, Status
from feedback_app.foundation.db import utc_today
from feedback_app.invitations import actions as invitations
from feedback_app.invitations.models import Invitation, Outbox, Wave
from feedback_app.surveys.models import Survey
from feedback_app.surveys.queries import OpenSurvey

NAME = "Demo: a letter to those who left"
PLAN = "Demo plan"
PEOPLE = 30
LANGUAGES = ("en", "en", "en", "ru", "uk")
REGIONS = ("Demo North", "Demo South")
_CUSTOMER = cast(Table, Customer.__table__)


def fill(session: Session, opened: OpenSurvey, *, by: str) -> UUID:
    """Customers and a wave to them, planned to its last step; the wave's id."""
    today = utc_today()
    session.execute(
        insert(_CUSTOMER),
        [
            {
                "id": uuid4(),
                "reference": f"demo-{number:02}",
                "name": f"Demo Customer {number}",
                "email": f"customer-{number:02}@demo.invalid",
                "language": LANGUAGES[number % len(LANGUAGES)],
                "status": Status.DEPARTED,
                "departed_on": today - timedelta(days=3 + number),
                "plan": PLAN,
                "region": REGIONS[number % len(REGIONS)],
                "created_on": today,
                "updated_on": today,
            }
            for number in range(1, PEOPLE + 1)
        ],
    )
    wave_id = invitations.create_wave(session, survey_id=opened.survey.id, name=NAME, by=by)
    invitations.choose_recipients(session, wave_id, RecipientFilter(plans=(PLAN,)), by=by)
    return wave_id


def remove(session: Session) -> None:
    """Waves of demo surveys with their mails and invitations, and the made-up customers."""
    surveys = select(Survey.id).where(Survey.is_demo)
    waves = select(Wave.id).where(Wave.survey_id.in_(surveys))
    session.execute(delete(Outbox).where(Outbox.wave_id.in_(waves)))
    session.execute(delete(Invitation).where(Invitation.survey_id.in_(surveys)))
    session.execute(delete(Wave).where(Wave.survey_id.in_(surveys)))
    session.execute(
        delete(Customer).where(Customer.plan == PLAN, Customer.email.like("%@demo.invalid"))
    )
