"""Is a page's HTML valid? A strict parse, and the rules a parser does not know."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from xml.etree.ElementTree import Element

import html5lib

REFERENCES = (
    "aria-controls",
    "aria-describedby",
    "aria-details",
    "aria-errormessage",
    "aria-labelledby",
    "aria-owns",
    "for",
    "form",
    "headers",
    "list",
)
FIELDS = ("input", "select", "textarea")
UNLABELLED_TYPES = ("hidden", "submit", "button", "reset", "image")
INTERACTIVE = ("a", "button", "input", "select", "textarea", "label", "details")


def find_faults(text: str) -> list[str]:
    """What is wrong with the HTML document `text`, one line per fault; empty when valid."""
    parser = html5lib.HTMLParser(
        strict=False, tree=html5lib.getTreeBuilder("etree"), namespaceHTMLElements=False
    )
    document = parser.parse(text)
    lines = text.splitlines()
    faults = []
    for position, code, details in parser.errors:
        line = position[0] if position else 1
        source = lines[line - 1].strip() if 0 < line <= len(lines) else ""
        faults.append(f"line {line}: {code} {details or ''} near {source[:100]!r}")
    elements = [element for element in document.iter() if isinstance(element.tag, str)]
    for check in (_head, _identifiers, _references, _labels, _nesting, _images, _headings):
        faults += check(document, elements)
    return faults


def assert_valid(text: str) -> None:
    """Fail with a readable list unless `text` is a valid HTML document."""
    faults = find_faults(text)
    assert not faults, "The page is not valid HTML:\n" + "\n".join(f"- {it}" for it in faults)


def _head(document: Element, elements: list[Element]) -> Iterator[str]:
    root = document if document.tag == "html" else document.find("html")
    if root is None or not root.get("lang"):
        yield "<html> names no language"
    titles = [element for element in elements if element.tag == "title"]
    if not any((title.text or "").strip() for title in titles):
        yield "the page has no title"
    if sum(element.tag == "main" and "hidden" not in element.attrib for element in elements) != 1:
        yield "the page has not exactly one <main>"


def _identifiers(_document: Element, elements: list[Element]) -> Iterator[str]:
    counted = Counter(element.get("id") for element in elements if "id" in element.attrib)
    for name, count in counted.items():
        if count > 1:
            yield f"id {name!r} stands {count} times"
        if not name or any(letter.isspace() for letter in name):
            yield f"id {name!r} is empty or holds a space"


def _references(_document: Element, elements: list[Element]) -> Iterator[str]:
    known = {element.get("id") for element in elements}
    for element in elements:
        for attribute in REFERENCES:
            for name in (element.get(attribute) or "").split():
                if name not in known:
                    yield f"<{element.tag} {attribute}={name!r}> names no element of the page"
        target = element.get("href") or ""
        if element.tag == "a" and len(target) > 1 and target[0] == "#" and target[1:] not in known:
            yield f"the link {target!r} leads to no element of the page"


def _labels(_document: Element, elements: list[Element]) -> Iterator[str]:
    labelled = {element.get("for") for element in elements if element.tag == "label"}
    wrapped = {inner for label in elements if label.tag == "label" for inner in label.iter()}
    for field in elements:
        if field.tag not in FIELDS or field.get("type", "text") in UNLABELLED_TYPES:
            continue
        named = field.get("aria-label") or field.get("aria-labelledby")
        if field.get("id") not in labelled and field not in wrapped and not named:
            yield f"<{field.tag} name={field.get('name')!r}> has no label"


def _nesting(_document: Element, elements: list[Element]) -> Iterator[str]:
    for outer in elements:
        if outer.tag not in ("a", "button"):
            continue
        for inner in outer.iter():
            if inner is not outer and inner.tag in INTERACTIVE:
                yield f"<{inner.tag}> stands inside <{outer.tag}>"
    for outer in elements:
        if outer.tag == "form" and any(it is not outer and it.tag == "form" for it in outer.iter()):
            yield "a form stands inside a form"


def _images(_document: Element, elements: list[Element]) -> Iterator[str]:
    for element in elements:
        if element.tag == "img" and "alt" not in element.attrib:
            yield f"<img src={element.get('src')!r}> has no alt text"


def _headings(_document: Element, elements: list[Element]) -> Iterator[str]:
    levels = [
        int(element.tag[1])
        for element in elements
        if element.tag in ("h1", "h2", "h3", "h4", "h5", "h6")
    ]
    if levels.count(1) != 1:
        yield f"the page has {levels.count(1)} <h1>"
    for before, after in pairwise(levels):
        if after > before + 1:
            yield f"a heading of level {after} follows one of level {before}"
