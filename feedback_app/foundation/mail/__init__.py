"""Sending mail: a mail as bytes, by SMTP or into a folder, and what went wrong in words."""

from __future__ import annotations

from feedback_app.foundation.mail.message import (
    Addressee,
    Mail,
    Words,
    bounce_address,
    domain_of,
    write_mail,
)
from feedback_app.foundation.mail.outlets import (
    Delivery,
    FolderOutlet,
    Outlet,
    SmtpOutlet,
    UnableToReachServer,
    UnableToSendMail,
    Verdict,
    make_outlet,
    send_now,
)

__all__ = [
    "Addressee",
    "Delivery",
    "FolderOutlet",
    "Mail",
    "Outlet",
    "SmtpOutlet",
    "UnableToReachServer",
    "UnableToSendMail",
    "Verdict",
    "Words",
    "bounce_address",
    "domain_of",
    "make_outlet",
    "send_now",
    "write_mail",
]
