"""Where the parts of a process stand on the paper, as drawing programs keep it in the file (BPMN diagram interchange).

What ships with the program, and what somebody wrote by hand, says only what happens; it is laid out here before it is
drawn in the browser.
"""

from __future__ import annotations

from typing import Any

from guanxi.platform.workflow.diagrams import BPMN, PAPER, Diagram
from guanxi.platform.workflow.layout import drawn

_MEASURES = "http://www.omg.org/spec/DD/20100524/DC"
_LINES = "http://www.omg.org/spec/DD/20100524/DI"
#: How wide the head of a pool is.
_POOL_HEAD = 30


def placed(diagram: Diagram) -> str:
    """The file with a place for every part. One that says itself where things stand is left as it is."""
    from lxml import etree

    root = etree.fromstring(diagram.xml.encode())
    if root.find(f"{{{PAPER}}}BPMNDiagram") is None:
        _place(root, diagram)
    text: str = etree.tostring(root, encoding="unicode")
    return text


def _place(root: Any, diagram: Diagram) -> None:
    drawing = drawn(diagram)
    plane_of = diagram.key
    if diagram.lanes:
        plane_of = _pool(root, diagram)
    paper = _add(root, PAPER, "BPMNDiagram", id="paper")
    plane = _add(paper, PAPER, "BPMNPlane", id="plane", bpmnElement=plane_of)
    if diagram.lanes:
        top = min(band.top for band in drawing.bands)
        bottom = max(band.top + band.height for band in drawing.bands)
        width = drawing.width - 8
        _shape(plane, "pool", 4 - _POOL_HEAD, top, width + _POOL_HEAD, bottom - top, isHorizontal="true")
        for lane, band in zip(diagram.lanes, drawing.bands, strict=True):
            _shape(plane, lane.id, 4, band.top, width, band.height, isHorizontal="true")
    for shape in drawing.shapes:
        _shape(plane, shape.node.id, shape.left, shape.top, shape.width, shape.height)
    for arrow in drawing.arrows:
        edge = _add(plane, PAPER, "BPMNEdge", id=f"{arrow.flow.id}_line", bpmnElement=arrow.flow.id)
        for x, y in arrow.corners:
            _add(edge, _LINES, "waypoint", x=x, y=y)


def _pool(root: Any, diagram: Diagram) -> str:
    """Lanes are drawn in a pool only: one that holds the process."""
    standing = root.find(f"{{{BPMN}}}collaboration")
    if standing is None:
        standing = root.makeelement(f"{{{BPMN}}}collaboration", {"id": "pools"})
        root.insert(0, standing)
        _add(standing, BPMN, "participant", id="pool", name=diagram.title, processRef=diagram.key)
    return str(standing.get("id"))


def _shape(plane: Any, element: str, x: int, y: int, width: int, height: int, **more: str) -> None:
    shape = _add(plane, PAPER, "BPMNShape", id=f"{element}_place", bpmnElement=element, **more)
    _add(shape, _MEASURES, "Bounds", x=x, y=y, width=width, height=height)


def _add(parent: Any, space: str, tag: str, **attributes: object) -> Any:
    part = parent.makeelement(f"{{{space}}}{tag}", {name: str(value) for name, value in attributes.items()})
    parent.append(part)
    return part
