"""Which languages the interface is written in: English and every compiled catalogue there is."""

from __future__ import annotations

import gettext
from pathlib import Path

FOLDER = Path(__file__).parents[1] / "translations"


def find_languages(folder: Path = FOLDER) -> dict[str, str]:
    """Code -> the language's own name, English first, then by code.

    A language is a folder with a compiled catalogue; its own name is its translation of the
    word "English".
    """
    found = {"en": "English"}
    for path in sorted(folder.glob("*/LC_MESSAGES/messages.mo")):
        code = path.parent.parent.name
        with path.open("rb") as file:
            # Translators: your language's name in your language, for the switch of languages.
            name = gettext.GNUTranslations(file).gettext("English")
        found[code] = code if name == "English" else name
    return found
