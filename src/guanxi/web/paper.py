"""Documents for paper and for the files of an authority: PDF in our look, with a mark on each sheet of whose it is.

paper = Paper(_("Compliance report"), mark="周建国 · 2026-11-21 10:24")
paper.heading(_("By area")); paper.table([Column(_("Area")), Column(_("Kept"), numeric=True)], rows)
content = paper.content()
"""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any
from xml.sax.saxutils import escape

from django.conf import settings
from django.utils.translation import gettext as _
from reportlab.lib import colors
from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import CondPageBreak, PageBreak, Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle
from reportlab.platypus.flowables import Flowable

#: Song, in which official papers are set. Every reader of PDF knows it or has one in its place; nothing is embedded.
SONG = "STSong-Light"
TIMES = "Times-Roman"
_LATIN = re.compile(r"[!-~][ -~]*")
#: The name of the company's own font, embedded in part, where GUANXI_PDF_FONT names a TrueType file.
OWN = "guanxi"
INK, QUIET, HAIR, SEAL = (colors.HexColor(each) for each in ("#1d1b18", "#6f685d", "#d3cab8", "#b5321f"))
MARGIN = 16 * mm
#: What has to fit below a heading.
HEADING_ROOM = 30 * mm


@cache
def font() -> str:
    """The font of all documents: Song, or the company's own."""
    if settings.PDF_FONT:
        pdfmetrics.registerFont(TTFont(OWN, settings.PDF_FONT))
        return OWN
    pdfmetrics.registerFont(UnicodeCIDFont(SONG))
    return SONG


@dataclass(frozen=True)
class Column:
    """A column of a table. `share`: of the width, compared with the others; `numeric`: set to the right."""

    label: Any
    share: float = 1
    numeric: bool = False


@dataclass(frozen=True)
class Marked:
    """A cell that stands out in seal-red."""

    value: Any


class Paper:
    """A document that grows from top to bottom.

    `mark`: who has it and since when, across each sheet and below it; "" where a sheet is cut up and tells nothing.
    """

    def __init__(self, title: object, *, mark: str, author: str = "", wide: bool = False) -> None:
        self.title, self.mark, self.author = str(title), mark, author
        self.size = landscape(A4) if wide else A4
        self._parts: list[Flowable] = []

    def opening(self, under: object = "") -> None:
        """The title of the document, and a line below it."""
        self._parts.append(Paragraph(_said(self.title), _style(19, after=3, lead=26)))
        if under:
            self._parts.append(Paragraph(_said(under), _style(9.5, after=10, colour=QUIET)))

    def heading(self, text: object) -> None:
        """A heading, which does not stand alone at the foot of a sheet."""
        self._parts += [CondPageBreak(HEADING_ROOM), Paragraph(_said(text), _style(12.5, before=11, after=5))]

    def text(self, text: object, *, quiet: bool = False) -> None:
        """A paragraph."""
        self._parts.append(Paragraph(_said(text), _style(9.5, after=5, colour=QUIET if quiet else INK)))

    def sheet(self) -> None:
        """What follows begins on a sheet of its own."""
        self._parts.append(PageBreak())

    def gap(self, points: float) -> None:
        """Room, as for a signature."""
        self._parts.append(Spacer(0, points))

    def table(
        self, columns: Sequence[Column], rows: Sequence[Sequence[Any]], total: Sequence[Any] | None = None
    ) -> None:
        """A table with hairlines; its head stands again on each sheet, `total` below it."""
        whole = sum(column.share for column in columns)
        width = self.size[0] - 2 * MARGIN
        head = [_cell(column.label, column, colour=QUIET) for column in columns]
        lines = [[_cell(value, column) for value, column in zip(row, columns, strict=True)] for row in rows]
        if total is not None:
            lines.append([_cell(value, column) for value, column in zip(total, columns, strict=True)])
        drawn = Table([head, *lines], [width * column.share / whole for column in columns], repeatRows=1)
        rules = [
            ("LINEBELOW", (0, 0), (-1, 0), 0.8, INK), ("LINEBELOW", (0, 1), (-1, -1), 0.3, HAIR),
            ("VALIGN", (0, 0), (-1, -1), "TOP"), ("TOPPADDING", (0, 0), (-1, -1), 2.5),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 3.5), ("LEFTPADDING", (0, 0), (-1, -1), 3),
            ("RIGHTPADDING", (0, 0), (-1, -1), 3),
        ]  # fmt: skip
        if total is not None:
            rules.append(("LINEABOVE", (0, -1), (-1, -1), 0.8, INK))
        drawn.setStyle(TableStyle(rules))
        self._parts.append(drawn)

    def add(self, part: Flowable) -> None:
        """Anything else that can be drawn on a sheet: a drawing, a barcode."""
        self._parts.append(part)

    def content(self) -> bytes:
        """The document as bytes of PDF; it can be asked for once."""
        kept = io.BytesIO()
        document = SimpleDocTemplate(
            kept, pagesize=self.size, title=self.title, author=self.author, leftMargin=MARGIN, rightMargin=MARGIN,
            topMargin=MARGIN, bottomMargin=MARGIN + 4 * mm, initialFontName=font(),
        )  # fmt: skip
        document.build(self._parts, canvasmaker=lambda *given, **more: _Sheets(self, *given, **more))
        return kept.getvalue()


class _Sheets(Canvas):  # type: ignore[misc] # reportlab has no types
    """Draws the mark and the foot of each sheet when it is known how many there are."""

    def __init__(self, paper: Paper, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        self._paper = paper
        self._kept: list[dict[str, Any]] = []

    def showPage(self) -> None:  # noqa: N802 - the name that reportlab gave it
        self._kept.append(dict(self.__dict__))
        self._startPage()

    def save(self) -> None:
        for number, state in enumerate(self._kept, start=1):
            self.__dict__.update(state)
            self._foot(number, len(self._kept))
            super().showPage()
        super().save()

    def _foot(self, number: int, count: int) -> None:
        width, height = self._paper.size
        self.saveState()
        self.setFont(font(), 8)
        self.setFillColor(QUIET)
        self.drawString(MARGIN, 10 * mm, plain(" · ".join(filter(None, (self._paper.title, self._paper.mark)))))
        self.drawRightString(
            width - MARGIN, 10 * mm, _("Page %(number)s of %(count)s") % {"number": number, "count": count}
        )
        if self._paper.mark:
            self.translate(width / 2, height / 2)
            self.rotate(28)
            self.setFillColor(SEAL, alpha=0.1)
            self.setFont(font(), 26)
            self.drawCentredString(0, 0, plain(self._paper.mark))
        self.restoreState()


def plain(text: object) -> str:
    """A text as Song can set it: readers without the font itself have no glyph for the Latin middle dot."""
    return str(text).replace("\u00b7", "\u30fb")


def _said(text: object) -> str:
    """A text as the markup of a paragraph: Latin letters in Times, whose spaces Song makes too narrow."""
    said = escape(plain(text))
    return said if font() == OWN else _LATIN.sub(rf'<font name="{TIMES}">\g<0></font>', said)


def _cell(value: Any, column: Column, colour: Any = INK) -> Paragraph:
    if isinstance(value, Marked):
        value, colour = value.value, SEAL
    text = (
        f"{value:,}"
        if isinstance(value, int) and not isinstance(value, bool)
        else str(value if value is not None else "")
    )
    return Paragraph(_said(text), _style(8.5, colour=colour, right=column.numeric))


@cache
def _style(
    size: float, *, before: float = 0, after: float = 0, lead: float = 0, colour: Any = INK, right: bool = False,
) -> ParagraphStyle:  # fmt: skip
    return ParagraphStyle(
        f"{size}-{before}-{after}-{colour}-{right}", fontName=font(), fontSize=size, leading=lead or size * 1.5,
        spaceBefore=before, spaceAfter=after, textColor=colour, alignment=2 if right else 0, wordWrap="CJK",
    )  # fmt: skip
