"""Where the parts of a process stand when it is drawn: from left to right as it goes, a row for each lane.

No layout library keeps BPMN's lanes (design §5). All measures are pixels of the drawing.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from guanxi.platform.workflow.diagrams import (
    EXCLUSIVE,
    GATEWAYS,
    INCLUSIVE,
    RULING,
    START,
    TASK,
    Clock,
    Diagram,
    Flow,
    Node,
)

COLUMN, ROW = 172, 92
TASK_SIZE, GATEWAY_SIZE, EVENT_SIZE = (128, 56), (40, 40), (30, 30)
MARGIN, LANE_HEAD = 24, 28
#: How much room two columns leave for the way round.
_GUTTER = (COLUMN - TASK_SIZE[0]) // 2
#: A line of text in a task: so many Latin letters, or half as many Chinese characters.
LINE, LINES = 18, 3


@dataclass(frozen=True)
class Shape:
    """A node with its place: the middle and the size."""

    node: Node
    x: int
    y: int
    width: int
    height: int
    lines: tuple[str, ...]

    @property
    def left(self) -> int:
        return self.x - self.width // 2

    @property
    def right(self) -> int:
        return self.x + self.width // 2

    @property
    def top(self) -> int:
        return self.y - self.height // 2

    @property
    def bottom(self) -> int:
        return self.y + self.height // 2


@dataclass(frozen=True)
class Arrow:
    """A flow with its corners, and where its name stands."""

    flow: Flow
    corners: tuple[tuple[int, int], ...]
    text: tuple[int, int]

    @property
    def points(self) -> str:
        """The corners as SVG has them."""
        return " ".join(f"{x},{y}" for x, y in self.corners)


@dataclass(frozen=True)
class Band:
    """A lane with its place."""

    label: str
    top: int
    height: int


@dataclass(frozen=True)
class Drawing:
    """A whole process, laid out."""

    width: int
    height: int
    shapes: tuple[Shape, ...]
    arrows: tuple[Arrow, ...]
    bands: tuple[Band, ...]


def drawn(diagram: Diagram) -> Drawing:
    """The process laid out."""
    ranks = _ranks(diagram)
    rows, lane_rows = _rows(diagram, ranks)
    head = LANE_HEAD if diagram.lanes else 0
    shapes = {
        key: _shape(node, head + MARGIN + ranks[key] * COLUMN + COLUMN // 2, MARGIN + rows[key] * ROW + ROW // 2)
        for key, node in diagram.nodes.items()
    }
    for clock in diagram.clocks:
        if clock.host:
            host = shapes[clock.host]
            shapes[clock.id] = _shape(clock, host.right - 20, host.bottom)
    below = max(rows.values()) + 1
    arrows = tuple(_arrow(flow, shapes, ranks, rows, below, index) for index, flow in enumerate(diagram.flows))
    width = head + 2 * MARGIN + (max(ranks.values()) + 1) * COLUMN
    deepest = max([shape.bottom for shape in shapes.values()] + [y for arrow in arrows for _x, y in arrow.corners])
    bands = tuple(
        Band(lane.label, MARGIN + first * ROW, (last - first) * ROW)
        for lane, (first, last) in zip(diagram.lanes, lane_rows, strict=True)
    )
    bottom = max([deepest, *(band.top + band.height for band in bands)])
    return Drawing(width, bottom + MARGIN, tuple(shapes.values()), arrows, bands)


def _shape(node: Node, x: int, y: int) -> Shape:
    width, height = TASK_SIZE if node.kind in (TASK, RULING) else GATEWAY_SIZE if node.kind in GATEWAYS else EVENT_SIZE
    return Shape(node, x, y, width, height, wrapped(node.label))


def wrapped(text: str) -> tuple[str, ...]:
    """A name in lines that fit into a task; what does not fit ends in dots."""
    lines, line, used = [], "", 0
    for part in _words(text):
        wide = sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in part)
        if line and used + wide > LINE:
            lines.append(line.strip())
            line, used = "", 0
        line, used = line + part, used + wide
    lines.append(line.strip())
    return tuple(lines) if len(lines) <= LINES else (*lines[: LINES - 1], lines[LINES - 1] + "…")


def _words(text: str) -> Iterable[str]:
    """The places where a line may be broken: between Chinese characters, between words of others."""
    word = ""
    for sign in text:
        if sign == " " or unicodedata.east_asian_width(sign) in "WF":
            if word:
                yield word
                word = ""
            yield sign
        else:
            word += sign
    if word:
        yield word


def _ranks(diagram: Diagram) -> dict[str, int]:
    """How many steps from the start each node stands: the longest way that does not go back."""
    start = next(node.id for node in diagram.nodes.values() if node.kind == START)
    ranks = {start: 0}
    attached = {clock.id for clock in diagram.clocks if clock.host}
    onward: dict[str, list[str]] = {}
    for source, target in diagram.ways:
        onward.setdefault(source, []).append(target)
    on_the_way: set[str] = set()

    def walk(key: str) -> None:
        on_the_way.add(key)
        for target in onward.get(key, ()):
            # A timer at a step's border stands in the step's own column.
            rank = ranks[key] + (0 if target in attached else 1)
            if target not in on_the_way and rank > ranks.get(target, -1):
                ranks[target] = rank
                walk(target)
        on_the_way.discard(key)

    walk(start)
    return ranks


def _rows(diagram: Diagram, ranks: Mapping[str, int]) -> tuple[dict[str, int], list[tuple[int, int]]]:
    """The row of each node, and the rows of each lane as (first, after the last)."""
    lanes = [lane.id for lane in diagram.lanes] or [""]
    taken: dict[str, set[tuple[int, int]]] = {lane: set() for lane in lanes}
    places: dict[str, tuple[str, int]] = {}
    for node in sorted(diagram.nodes.values(), key=lambda node: (ranks[node.id], isinstance(node, Clock))):
        if isinstance(node, Clock) and node.host:
            # At the border of its step, which stands already; what it leads to comes a row below.
            places[node.id] = (places[node.host][0], places[node.host][1])
            continue
        lane = node.lane if node.lane in taken else lanes[0]
        row = _wished(diagram, node, lane, places)
        while (ranks[node.id], row) in taken[lane]:
            row += 1
        taken[lane].add((ranks[node.id], row))
        places[node.id] = (lane, row)
    first, spans = 0, {}
    for lane in lanes:
        count = max((row + 1 for where, row in places.values() if where == lane), default=1)
        spans[lane] = (first, first + count)
        first += count
    rows = {key: spans[lane][0] + row for key, (lane, row) in places.items()}
    return rows, [spans[lane.id] for lane in diagram.lanes]


def _wished(diagram: Diagram, node: Node, lane: str, places: Mapping[str, tuple[str, int]]) -> int:
    """Beside what leads to it; what a gateway takes under a condition stands a row lower."""
    for flow in diagram.flows:
        if flow.target == node.id and flow.source in places and places[flow.source][0] == lane:
            decides = diagram.nodes[flow.source].kind in (EXCLUSIVE, INCLUSIVE) and len(diagram.after(flow.source)) > 1
            aside = (decides and not flow.usual) or isinstance(diagram.nodes[flow.source], Clock)
            return places[flow.source][1] + (1 if aside else 0)
    return 0


def _arrow(
    flow: Flow, shapes: Mapping[str, Shape], ranks: Mapping[str, int], rows: Mapping[str, int], below: int, index: int
) -> Arrow:
    source, target = shapes[flow.source], shapes[flow.target]
    step = ranks[flow.target] - ranks[flow.source]
    between = [key for key in shapes if rows[key] == rows[flow.source] and _lies(ranks, key, flow)]
    if step > 0 and rows[flow.source] == rows[flow.target] and not between:
        corners: tuple[tuple[int, int], ...] = ((source.right, source.y), (target.left, target.y))
        return Arrow(flow, corners, ((source.right + target.left) // 2, source.y - 6))
    if step > 0 and rows[flow.source] != rows[flow.target]:
        return _elbow(flow, source, target, step)
    # Back, or past others in its row: below everything.
    channel = MARGIN + below * ROW + 4 + (index % 4) * 8
    corners = ((source.x, source.bottom), (source.x, channel), (target.x, channel), (target.x, target.bottom))
    return Arrow(flow, corners, ((source.x + target.x) // 2, channel - 6))


def _lies(ranks: Mapping[str, int], key: str, flow: Flow) -> bool:
    return ranks[flow.source] < ranks[key] < ranks[flow.target]


def _elbow(flow: Flow, source: Shape, target: Shape, step: int) -> Arrow:
    if source.node.kind in GATEWAYS or isinstance(source.node, Clock):
        # Straight down or up out of the gateway, then along the target's own row.
        edge = source.bottom if target.y > source.y else source.top
        corners: tuple[tuple[int, int], ...] = ((source.x, edge), (source.x, target.y), (target.left, target.y))
        return Arrow(flow, corners, (source.x + 8, (edge + target.y) // 2))
    turn = target.left - _GUTTER // 2 if step > 1 else (source.right + target.left) // 2
    corners = ((source.right, source.y), (turn, source.y), (turn, target.y), (target.left, target.y))
    return Arrow(flow, corners, (turn + 8, (source.y + target.y) // 2))
