"""All tables, gathered for migrations and whole-database work (backup, tests)."""

from __future__ import annotations

from sqlalchemy import Table

from feedback_app.answers import models as answers
from feedback_app.ballots import models as ballots
from feedback_app.brainstorms import models as brainstorms
from feedback_app.causes import models as causes
from feedback_app.channels import models as channels
from feedback_app.contacts import models as contacts
from feedback_app.customers import models as customers
from feedback_app.foundation.db import Base
from feedback_app.interviews import models as interviews
from feedback_app.invitations import models as invitations
from feedback_app.staff.models import accounts, audit
from feedback_app.surveys import models as surveys
from feedback_app.tagging import models as tagging

ROOMS = (
    *(accounts, audit, causes, surveys, ballots, answers, channels, contacts, customers),
    *(invitations, interviews, tagging, brainstorms),
)

#: Every table, parents before children.
TABLES: tuple[Table, ...] = tuple(Base.metadata.sorted_tables)
