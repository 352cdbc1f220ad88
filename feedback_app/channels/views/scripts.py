"""Our own scripts of respondents' pages: read once, put into the page that needs one."""

from __future__ import annotations

import re
from functools import cache

from markupsafe import Markup

from feedback_app.foundation.resources import find_folder


@cache
def read_script(name: str) -> Markup:
    """The script at `name` among the templates, without its comments and indents."""
    text = (find_folder("templates") / name).read_text("utf-8")
    text = re.sub(r"^\s*//.*\n", "", text, flags=re.MULTILINE)
    text = re.sub(r"^\s+", "", text, flags=re.MULTILINE)
    return Markup(text)  # noqa: S704  our own file
