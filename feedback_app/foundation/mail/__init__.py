"""Sending mail: a mail as bytes, by SMTP or into a folder, and what went wrong in words."""

from __future__ import annotations

from feedback_app.foundation.mail.connecting import UnableToReachServer, UnableToSendMail
from feedback_app.foundation.mail.message import (
    Addressee,
    FormLetter,
    Mail,
    QuotedWords,
    Words,
    bounce_address,
    domain_of,
    keep_readable,
    quote,
    write_mail,
)
from feedback_app.foundation.mail.outlets import (
    Delivery,
    FolderOutlet,
    Outlet,
    SmtpOutlet,
    Turns,
    Verdict,
    make_outlet,
    send_now,
)

__all__ = [
    "Addressee",
    "Delivery",
    "FolderOutlet",
    "FormLetter",
    "Mail",
    "Outlet",
    "QuotedWords",
    "SmtpOutlet",
    "Turns",
    "UnableToReachServer",
    "UnableToSendMail",
    "Verdict",
    "Words",
    "bounce_address",
    "domain_of",
    "keep_readable",
    "make_outlet",
    "quote",
    "send_now",
    "write_mail",
]
