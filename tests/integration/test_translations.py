"""The interface in Russian and Ukrainian: nothing missing, nothing broken, nothing left behind."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.frontend import CommandLineInterface
from babel.messages.mofile import read_mo, write_mo
from babel.messages.pofile import read_po
from flask import Flask
from flask_babel import force_locale, ngettext

from config import LANGUAGES as SETTING_LANGUAGES
from feedback_app.foundation.languages import find_languages
from feedback_app.foundation.rules import LANGUAGES

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "feedback_app" / "translations"
TRANSLATED = sorted(code for code in LANGUAGES if code != "en")
#: %(name)s, {name} and tags: what a translation has to keep.
KEPT = re.compile(r"%\([a-z_]+\)[sd]|%%|\{[a-z_]+\}|</?[a-z][^>]*>")
LONGEST_MENU_WORDS = 24
#: A label may grow this much against the English one, and a little more when that is tiny.
MOST_GROWTH = 2.2
ALLOWANCE = 14
LONGEST_LABEL = 30


def _file(language: str, ending: str) -> Path:
    return FOLDER / language / "LC_MESSAGES" / f"messages.{ending}"


def _catalogue(language: str) -> Catalog:
    with _file(language, "po").open("rb") as file:
        return read_po(file, locale=language)


def _messages(language: str) -> list[Message]:
    return [message for message in _catalogue(language) if message.id]


def _pairs(message: Message) -> list[tuple[str, str]]:
    """(English, translation) of a message; of plurals, each form beside the English plural."""
    if isinstance(message.id, str):
        return [(message.id, str(message.string))]
    return [(message.id[1], form) for form in message.string or ()]


def _extract(into: Path) -> Catalog:
    """What `make i18n` finds in code and templates at this moment."""
    template = into / "messages.pot"
    options = re.findall(r"--(?:keywords|add-comments)=\S+", (ROOT / "Makefile").read_text("utf-8"))
    assert options, "the Makefile's recipe of i18n names no keywords"
    CommandLineInterface().run(
        [
            *("pybabel", "--quiet", "extract", *options),
            f"--mapping-file={ROOT / 'pyproject.toml'}",
            *(f"--output-file={template}", str(ROOT)),
        ]
    )
    with template.open("rb") as file:
        return read_po(file)


@pytest.fixture(scope="module")
def extracted(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    return _extract(tmp_path_factory.mktemp("extracted"))


def test_every_language_has_its_catalogue() -> None:
    assert set(TRANSLATED) == {path.parent.parent.name for path in FOLDER.glob("*/*/messages.po")}
    assert tuple(LANGUAGES) == tuple(SETTING_LANGUAGES)
    assert LANGUAGES == {"en": "English", "ru": "Русский", "uk": "Українська"}


def test_a_compiled_catalogue_is_all_that_a_language_needs(tmp_path: Path) -> None:
    for code, words in {"pl": {"English": "Polski"}, "de": {}}.items():
        folder = tmp_path / code / "LC_MESSAGES"
        folder.mkdir(parents=True)
        catalogue = Catalog(locale=code)
        for english, text in words.items():
            catalogue.add(english, text)
        with (folder / "messages.mo").open("wb") as file:
            write_mo(file, catalogue)
    assert find_languages(tmp_path) == {"en": "English", "de": "de", "pl": "Polski"}


@pytest.mark.parametrize("language", TRANSLATED)
def test_extraction_finds_nothing_new_and_nothing_gone(language: str, extracted: Catalog) -> None:
    there = {message.id for message in _messages(language)}
    found = {message.id for message in extracted if message.id}
    assert sorted(map(str, found - there)) == [], "run `make i18n` and translate these"
    assert sorted(map(str, there - found)) == [], "run `make i18n`: these are not used any more"


@pytest.mark.parametrize("language", TRANSLATED)
def test_nothing_is_missing_fuzzy_or_obsolete(language: str) -> None:
    catalogue = _catalogue(language)
    assert list(catalogue.obsolete) == []
    messages = [message for message in catalogue if message.id]
    assert [message.id for message in messages if message.fuzzy] == []
    missing = [it.id for it in messages if not all(text.strip() for _, text in _pairs(it))]
    assert missing == []
    plurals = [message for message in messages if not isinstance(message.id, str)]
    assert plurals
    assert [it.id for it in plurals if len(_pairs(it)) != catalogue.num_plurals] == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_placeholders_and_tags_are_kept(language: str) -> None:
    broken = [
        (english, text)
        for message in _messages(language)
        for english, text in _pairs(message)
        if text and Counter(KEPT.findall(english)) != Counter(KEPT.findall(text))
    ]
    assert broken == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_messages_can_be_filled_in(language: str) -> None:
    """A lone percent sign in a message with places would fail at the moment of reading."""
    for message in _messages(language):
        for _english, text in _pairs(message):
            names = re.findall(r"%\(([a-z_]+)\)", text)
            if names:
                assert text % dict.fromkeys(names, 5)


@pytest.mark.parametrize("language", TRANSLATED)
def test_the_compiled_catalogue_is_the_written_one(language: str, tmp_path: Path) -> None:
    compiled = tmp_path / "messages.mo"
    with compiled.open("wb") as file:
        write_mo(file, _catalogue(language))

    def texts(path: Path) -> dict[str, str]:
        with path.open("rb") as file:
            return {str(message.id): str(message.string) for message in read_mo(file)}

    assert texts(_file(language, "mo")) == texts(compiled), "run `make i18n`"


@pytest.mark.parametrize("language", TRANSLATED)
@pytest.mark.parametrize(
    ("number", "form"),
    [(0, 2), (1, 0), (2, 1), (4, 1), (5, 2), (11, 2), (12, 2), (21, 0), (22, 1), (25, 2), (111, 2)],
)
def test_plural_forms_follow_the_number(
    sqlite_app: Flask, language: str, number: int, form: int
) -> None:
    words = {
        "ru": ("респондент", "респондента", "респондентов"),
        "uk": ("респондент", "респонденти", "респондентів"),
    }
    with sqlite_app.test_request_context(), force_locale(language):
        said = ngettext("%(shown)s respondent", "%(shown)s respondents", number, shown=str(number))
    assert said == f"{number} {words[language][form]}"


@pytest.mark.parametrize(("language", "foreign"), [("ru", "іїєґ"), ("uk", "ыэёъ")])
def test_no_letters_of_the_other_alphabet(language: str, foreign: str) -> None:
    texts = [text for message in _messages(language) for _, text in _pairs(message)]
    assert [text for text in texts if set(foreign) & set(text.lower())] == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_quotes_and_apostrophes_are_typographic(language: str) -> None:
    texts = [text for message in _messages(language) for _, text in _pairs(message)]
    without_tags = [re.sub(r"<[^>]*>", "", text) for text in texts]
    assert [text for text in without_tags if re.search("[\"'“”`]", text)] == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_only_names_and_formats_stay_english(language: str) -> None:
    same = {
        english
        for message in _messages(language)
        for english, text in _pairs(message)
        if english == text and re.search("[A-Za-z]", KEPT.sub("", english))
    }
    assert same == set()


@pytest.mark.parametrize("language", TRANSLATED)
def test_labels_and_menu_words_are_not_much_longer(language: str) -> None:
    """Short English strings are buttons, headings of columns and the menu: room is scarce."""
    from feedback_app.staff.views.navigation import MENU

    translated = {english: text for it in _messages(language) for english, text in _pairs(it)}
    long = {
        english: text
        for english, text in translated.items()
        if len(english) <= LONGEST_LABEL and len(text) > len(english) * MOST_GROWTH + ALLOWANCE
    }
    assert long == {}
    names = [str(name) for _, entries in MENU for _, name, _ in entries]
    assert {
        name: translated[name] for name in names if len(translated[name]) > LONGEST_MENU_WORDS
    } == {}
