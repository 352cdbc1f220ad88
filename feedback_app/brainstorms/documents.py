"""A session's result as a workbook and as a PDF. Their libraries are loaded when first needed."""

from __future__ import annotations

import importlib.util
import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

Label = Callable[[str], str]
FONT = "DejaVuSans"
MOST_COLUMN_WIDTH = 60


def xlsx_of(rows: Iterable[Sequence[Any]], *, title: str) -> bytes:
    """A workbook in which every text is text, whatever it begins with."""
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Font

    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "".join(letter for letter in title if letter not in "[]:*?/\\")[:31] or "Result"
    for number, row in enumerate(rows, start=1):
        for place, value in enumerate(row, start=1):
            cell = sheet.cell(number, place)
            if isinstance(value, str):
                cell.value = _without_control(value)
                cell.data_type = "s"  # openpyxl takes "=..." for a formula otherwise
            else:
                cell.value = value
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            cell.font = Font(bold=number == 1)
    for column in sheet.columns:
        longest = max(len(str(cell.value or "").split("\n")[0]) for cell in column)
        letter = column[0].column_letter  # type: ignore[union-attr]
        sheet.column_dimensions[letter].width = min(longest + 2, MOST_COLUMN_WIDTH)
    sheet.freeze_panes = "A2"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def pdf_of(document: Mapping[str, Any], words: Mapping[str, str], label: Label) -> bytes:
    """The result on paper: question, ranking with roots and ideas, what customers say."""
    from reportlab.lib.pagesizes import A4
    from reportlab.lib.units import mm
    from reportlab.platypus import SimpleDocTemplate

    _register_fonts()
    out = io.BytesIO()
    paper = SimpleDocTemplate(
        out,
        pagesize=A4,
        title=document["title"],
        author="",
        leftMargin=20 * mm,
        rightMargin=20 * mm,
        topMargin=18 * mm,
        bottomMargin=18 * mm,
        lang=words["language"],
    )
    paper.build(_story(document, words, label))
    return out.getvalue()


def _story(document: Mapping[str, Any], words: Mapping[str, str], label: Label) -> list[Any]:
    from reportlab.platypus import KeepTogether, Paragraph, Spacer

    style = _styles()
    story: list[Any] = [
        Paragraph(escape(document["title"]), style["title"]),
        Paragraph(escape(words["question"]), style["lead"]),
        Paragraph(escape(words["about"]), style["soft"]),
        Spacer(1, 10),
    ]
    story += [KeepTogether(_group(group, words, label, style)) for group in document["groups"]]
    if document["customers"]:
        story += [
            Paragraph(escape(words["compared"]), style["heading"]),
            _table(document, words, label),
            Spacer(1, 6),
            Paragraph(escape(words["apart"]), style["soft"]),
        ]
    if words["unsaid"]:
        story += [
            Paragraph(escape(words["unsaid_heading"]), style["heading"]),
            Paragraph(escape(words["unsaid"]), style["body"]),
        ]
    return story


def _group(group: Mapping[str, Any], words: Mapping[str, str], label: Label, style: Any) -> Any:
    from reportlab.platypus import Paragraph

    votes = "" if group["votes"] is None else f" · {words['votes']}: {group['votes']}"
    cause = label(group["cause"]) if group["cause"] else group["proposed_cause"]
    parts = [
        Paragraph(f"{group['rank']}. {escape(group['group'])}", style["heading"]),
        Paragraph(escape(f"{cause}{votes}".strip(" ·")), style["soft"]),
    ]
    parts += [Paragraph(f"{words['why']} {escape(why)}", style["body"]) for why in group["whys"]]
    parts += [Paragraph(f"– {escape(card)}", style["body"]) for card in group["cards"]]
    told = [("idea", "idea"), ("owner", "owner"), ("due", "due"), ("measure", "measure")]
    parts += [
        Paragraph(f"<b>{words[word]}:</b> {escape(group[name])}", style["body"])
        for name, word in told
        if group[name]
    ]
    return parts


def _table(document: Mapping[str, Any], words: Mapping[str, str], label: Label) -> Any:
    from reportlab.lib import colors
    from reportlab.platypus import Paragraph, Table, TableStyle

    style = _styles()
    head = [words["cause"], words["ours"], words["theirs"], words["share"]]
    rows = [
        [
            Paragraph(escape(label(line["code"])), style["body"]),
            line["session_rank"] or "–",
            line["customers_rank"] or "–",
            "–" if line["share"] is None else f"{line['share']:.0%}",
        ]
        for line in document["causes"]
    ]
    table = Table([head, *rows], colWidths=[250, 65, 75, 60], repeatRows=1)
    table.setStyle(
        TableStyle(
            [
                ("FONT", (0, 0), (-1, -1), FONT, 9),
                ("LINEBELOW", (0, 0), (-1, -1), 0.4, colors.HexColor("#cfcbc2")),
                ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ]
        )
    )
    return table


def _styles() -> dict[str, Any]:
    from reportlab.lib.colors import HexColor
    from reportlab.lib.styles import ParagraphStyle

    base = ParagraphStyle("body", fontName=FONT, fontSize=10, leading=14, spaceAfter=2)
    return {
        "body": base,
        "title": ParagraphStyle("title", base, fontName=f"{FONT}-Bold", fontSize=20, leading=25),
        "lead": ParagraphStyle("lead", base, fontSize=12, leading=17, spaceBefore=4, spaceAfter=6),
        "soft": ParagraphStyle("soft", base, textColor=HexColor("#5d5968"), fontSize=9, leading=13),
        "heading": ParagraphStyle(
            "heading", base, fontName=f"{FONT}-Bold", fontSize=12, leading=16, spaceBefore=12
        ),
    }


def _register_fonts() -> None:
    """DejaVu, which has Cyrillic; it comes with matplotlib, of which only the folder is needed."""
    from reportlab.lib.fonts import addMapping
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont

    if FONT in pdfmetrics.getRegisteredFontNames():
        return
    found = importlib.util.find_spec("matplotlib")
    assert found is not None
    assert found.origin is not None
    folder = Path(found.origin).parent / "mpl-data" / "fonts" / "ttf"
    for name in (FONT, f"{FONT}-Bold"):
        pdfmetrics.registerFont(TTFont(name, str(folder / f"{name}.ttf")))
    for is_bold in (0, 1):
        addMapping(FONT, is_bold, 0, f"{FONT}-Bold" if is_bold else FONT)
        addMapping(f"{FONT}-Bold", is_bold, 0, f"{FONT}-Bold")


def _without_control(text: str) -> str:
    return "".join(letter for letter in text if letter in "\n\t" or letter.isprintable())
