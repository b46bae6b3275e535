"""Parts of a `Paper` that are drawn: labels for the spines of files, barcodes, handwriting."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from reportlab.graphics.barcode.code128 import Code128
from reportlab.lib.units import mm
from reportlab.platypus import Table, TableStyle
from reportlab.platypus.flowables import Flowable

from guanxi.web.paper import HAIR, INK, QUIET, SEAL, TIMES, font, plain

#: A label as wide as the spine of a file, and as high as leaves its upper and lower edge free.
WIDTH, HEIGHT = 34 * mm, 124 * mm
ACROSS = 5
#: How wide a signature by hand is set.
FIELD_WIDTH = 90 * mm
BARS_FOOT, BARS_TOP = 10 * mm, 60 * mm
#: Bars that every reader makes out, also from an office printer.
BAR = 0.3 * mm


@dataclass(frozen=True)
class Spine:
    """What stands on a label: a sign to be seen from afar, a title, some lines, the number as bars and in letters."""

    mark: str
    title: str
    lines: tuple[str, ...]
    code: str


class SpineLabels(Table):  # type: ignore[misc] # reportlab has no types
    """The labels side by side, parted by hairlines to cut along."""

    def __init__(self, spines: Sequence[Spine]) -> None:
        parts: list[Any] = [_Label(spine) for spine in spines]
        rows = [parts[at : at + ACROSS] for at in range(0, len(parts), ACROSS)]
        rows[-1] += [""] * (ACROSS - len(rows[-1]))
        super().__init__(rows, [WIDTH] * ACROSS, [HEIGHT] * len(rows))
        self.setStyle(
            TableStyle(
                [
                    ("GRID", (0, 0), (-1, -1), 0.3, HAIR),
                    *((f"{side}PADDING", (0, 0), (-1, -1), 0) for side in ("LEFT", "RIGHT", "TOP", "BOTTOM")),
                ]
            )
        )


class _Label(Flowable):  # type: ignore[misc]
    def __init__(self, spine: Spine) -> None:
        super().__init__()
        self.spine = spine
        self.width, self.height = WIDTH, HEIGHT

    def wrap(self, *given: Any) -> tuple[float, float]:
        return WIDTH, HEIGHT

    def draw(self) -> None:
        canvas, spine, middle = self.canv, self.spine, WIDTH / 2
        side = 13 * mm
        canvas.setFillColor(SEAL)
        canvas.rect(middle - side / 2, HEIGHT - 7 * mm - side, side, side, stroke=0, fill=1)
        canvas.setFillColorRGB(1, 1, 1)
        canvas.setFont("Times-Bold", 26)
        canvas.drawCentredString(middle, HEIGHT - 7 * mm - side / 2 - 9, spine.mark)
        canvas.setFillColor(INK)
        top = HEIGHT - 26 * mm
        self._down(spine.title, middle - 6 * mm, top, 18)
        for at, line in enumerate(filter(None, spine.lines)):
            self._down(line, middle + (1.5 + 5 * at) * mm, top, 9.5, QUIET if at else INK)
        self._bars()

    def _down(self, text: str, x: float, top: float, size: float, colour: Any = INK) -> None:
        """A text from top to bottom: Chinese sign below sign, what holds Latin letters lying on its side."""
        canvas, room = self.canv, top - BARS_TOP - 3 * mm
        canvas.setFillColor(colour)
        if any(sign.isascii() and sign.isalpha() for sign in text):
            letters = TIMES if text.isascii() else font()  # Song sets Latin letters too narrow
            size = min(size, size * room / canvas.stringWidth(plain(text), letters, size))
            canvas.saveState()
            canvas.translate(x, top)
            canvas.rotate(-90)
            canvas.setFont(letters, size)
            canvas.drawString(0, -size * 0.35, plain(text))
            canvas.restoreState()
            return
        step = min(size * 1.25, room / len(text))
        size = min(size, step)
        canvas.setFont(font(), size)
        for at, sign in enumerate(text):
            canvas.drawCentredString(x, top - step * at - size, plain(sign))

    def _bars(self) -> None:
        """The bars along the spine, which is too narrow for them, and the number in letters below."""
        canvas, middle = self.canv, WIDTH / 2
        bars = code_bars(self.spine.code, 12 * mm)
        canvas.setFillColor(INK)
        scale = min(1, (BARS_TOP - BARS_FOOT) / bars.width)
        canvas.saveState()
        canvas.translate(middle + 6 * mm, BARS_FOOT)
        canvas.rotate(90)
        canvas.scale(scale, 1)
        bars.drawOn(canvas, 0, 0)
        canvas.restoreState()
        canvas.setFont("Courier-Bold", 10)
        canvas.drawCentredString(middle, 5 * mm, self.spine.code)


def code_bars(code: str, high: float = 11 * mm) -> Flowable:
    """A code as Code 128, for readers that type what they read."""
    return Code128(code, barWidth=BAR, barHeight=high, quiet=True, hAlign="LEFT")


class Handwriting(Flowable):  # type: ignore[misc]
    """What somebody wrote by hand, as strokes of points within a field of `size`; it is set `width` wide."""

    def __init__(self, strokes: Sequence[Sequence[tuple[int, int]]], size: tuple[int, int], width: float) -> None:
        super().__init__()
        self.strokes, self.scale = strokes, width / size[0]
        self.width, self.height = width, size[1] * self.scale

    def wrap(self, *given: Any) -> tuple[float, float]:
        return self.width, self.height

    def draw(self) -> None:
        canvas = self.canv
        canvas.setStrokeColor(HAIR)
        canvas.setLineWidth(0.5)
        canvas.rect(0, 0, self.width, self.height)
        canvas.setStrokeColor(INK)
        canvas.setLineWidth(1.4)
        canvas.setLineCap(1)
        for stroke in self.strokes:
            path = canvas.beginPath()
            for at, (x, y) in enumerate(stroke):
                (path.lineTo if at else path.moveTo)(x * self.scale, self.height - y * self.scale)
            if len(stroke) == 1:
                path.lineTo(stroke[0][0] * self.scale + 0.1, self.height - stroke[0][1] * self.scale)
            canvas.drawPath(path)
