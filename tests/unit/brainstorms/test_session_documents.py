"""The PDF of a session: Cyrillic stands in it as letters that can be copied and searched."""

from __future__ import annotations

import re
import zlib
from base64 import a85decode
from collections import defaultdict

from feedback_app.brainstorms.documents import pdf_of
from feedback_app.brainstorms.rules.fold import Event, fold
from feedback_app.brainstorms.rules.result import result_document

CARD = "00000000-0000-0000-0000-000000000001"
TEXT = "Рахунок незрозумілий"


def test_cyrillic_in_the_pdf_is_text() -> None:
    cards = [{"id": CARD, "side": "company", "text": TEXT}]
    board = fold([Event(1, "revealed", {"cards": cards})])
    document = result_document(board, title="Чому йдуть", question={"uk": "Чому?"})
    words = defaultdict(lambda: "слово", language="uk", unsaid="")
    paper = pdf_of(document, words, lambda code: code)
    told = b"".join(_streams(paper))
    for letter in set(TEXT) - {" "}:
        assert f"<{ord(letter):04X}>".encode() in told.upper(), letter


def _streams(paper: bytes) -> list[bytes]:
    found = re.findall(rb"(<<[^>]*>>)\s*stream\r?\n(.*?)endstream", paper, re.DOTALL)
    return [
        zlib.decompress(a85decode(b"<~" + body.strip(), adobe=True) if b"ASCII85" in head else body)
        for head, body in found
        if b"FlateDecode" in head
    ]
