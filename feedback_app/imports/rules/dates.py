"""Days as exports write them. A form that could be read two ways is not guessed."""

from __future__ import annotations

from datetime import date, datetime

#: Tried in turn after ISO 8601. A slash after the day or month is missing on purpose:
#: 03/04/2025 is March to some and April to others, so such files name their form.
FORMS = (
    "%d.%m.%Y",
    "%d.%m.%Y %H:%M",
    "%d.%m.%Y %H:%M:%S",
    "%Y/%m/%d",
    "%Y/%m/%d %H:%M",
    "%Y/%m/%d %H:%M:%S",
    "%Y-%m-%d %H:%M:%S UTC",
    "%d %b %Y",
    "%d %B %Y",
    "%b %d, %Y",
    "%B %d, %Y",
)
EARLIEST, LATEST = date(1970, 1, 1), date(2100, 12, 31)


def parse_date(text: str, form: str = "") -> date:
    """The day written in `text`, in its own time zone where it has one.

    `form` is a strptime format and then the only one. Raises ValueError, saying why.
    """
    stripped = text.strip()
    if not stripped:
        raise ValueError("the date is empty")
    found = _read_in_form(stripped, form) if form else _read_any(stripped)
    if not EARLIEST <= found <= LATEST:
        raise ValueError(f"the date {stripped[:40]!r} lies outside {EARLIEST} to {LATEST}")
    return found


def _read_any(text: str) -> date:
    try:
        return datetime.fromisoformat(text).date()
    except ValueError:
        for form in FORMS:
            try:
                # The day is all that is kept, so no zone is needed.
                return datetime.strptime(text, form).date()  # noqa: DTZ007
            except ValueError:
                continue
    raise ValueError(f"no date can be read in {text[:40]!r}: name its form in the map")


def _read_in_form(text: str, form: str) -> date:
    try:
        return datetime.strptime(text, form).date()  # noqa: DTZ007
    except ValueError:
        raise ValueError(f"the date {text[:40]!r} is not written as {form!r}") from None
