"""What calendar programs ask and are answered in XML (WebDAV, RFC 4918): read without trusting it, written strictly."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from guanxi.kernel.errors import Invalid, TooLarge
from guanxi.kernel.messages import Message

DAV, CALDAV, SERVER, APPLE = (
    "DAV:", "urn:ietf:params:xml:ns:caldav", "http://calendarserver.org/ns/", "http://apple.com/ns/ical/",
)  # fmt: skip
OURS: Final = "urn:guanxi"
_PREFIXES = {"d": DAV, "c": CALDAV, "cs": SERVER, "ical": APPLE}
#: A question may be so long, and ask for so many entries.
MOST_BYTES, MOST_ASKED = 1024 * 1024, 5_000


def dav(name: str) -> str:
    """A name of WebDAV as it stands in a tree."""
    return f"{{{DAV}}}{name}"


def cal(name: str) -> str:
    """A name of CalDAV."""
    return f"{{{CALDAV}}}{name}"


CALENDAR_DATA: Final = cal("calendar-data")
#: What a property is worth: a text, or elements, each with its text or elements.
Value = str | Sequence["Element"]


@dataclass(frozen=True)
class Element:
    """An element to be written."""

    name: str
    content: Value = ""
    attributes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Answer:
    """What is told of one address: properties found and not found, or (`gone`) that there is nothing."""

    href: str
    found: Mapping[str, Value] = field(default_factory=dict)
    missing: Sequence[str] = ()
    forbidden: Sequence[str] = ()
    gone: bool = False


class Unreadable(Invalid):
    """The question is no XML that we read."""

    status = 400
    code = "calendar_unreadable"


def parsed(content: bytes) -> Any:
    """The root of a question; None for an empty one. No types of documents, no entities, nothing fetched."""
    if len(content) > MOST_BYTES:
        raise TooLarge
    if not content.strip():
        return None
    if b"<!DOCTYPE" in content or b"<!ENTITY" in content or b"\x00" in content:
        raise Unreadable(Message("This question cannot be read."))
    from lxml import etree

    reader = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        return etree.fromstring(content, reader)
    except (etree.XMLSyntaxError, ValueError):
        raise Unreadable(Message("This question cannot be read.")) from None


def asked_of(root: Any) -> list[str] | None:
    """The names of the properties asked for; None for all of them."""
    prop = root.find(dav("prop")) if root is not None else None
    return None if prop is None else [each.tag for each in prop if isinstance(each.tag, str)]


def hrefs_of(root: Any) -> list[str]:
    """The addresses that a question names."""
    found = [str(each.text or "").strip() for each in root.findall(dav("href"))]
    if len(found) > MOST_ASKED:
        raise TooLarge
    return found


def range_of(root: Any) -> tuple[str, tuple[datetime.datetime, datetime.datetime] | None]:
    """The kind of component a query asks for ("" for any), and within which time. Other conditions are refused."""
    kind, within = "", None
    outer = root.find(f"{cal('filter')}/{cal('comp-filter')}")
    inner = outer.find(cal("comp-filter")) if outer is not None else None
    if inner is not None:
        kind = inner.get("name", "").upper()
        for each in inner:
            if each.tag != cal("time-range"):
                raise Unreadable(Message("This calendar is asked by kind and time only."))
            within = (_moment(each.get("start"), first=True), _moment(each.get("end"), first=False))
    return kind, within


def _moment(text: str | None, *, first: bool) -> datetime.datetime:
    if not text:
        return datetime.datetime(1970 if first else 2200, 1, 1, tzinfo=datetime.UTC)
    try:
        found = datetime.datetime.strptime(text, "%Y%m%dT%H%M%SZ").replace(tzinfo=datetime.UTC)
    except ValueError:
        raise Unreadable(Message("This question cannot be read.")) from None
    if not 1900 <= found.year <= 2200:
        return datetime.datetime(1970 if first else 2200, 1, 1, tzinfo=datetime.UTC)
    return found


# ---- Written ---------------------------------------------------------------------------------------------------------


def multistatus(answers: Iterable[Answer], token: str = "") -> bytes:
    """Everything told at once; `token`: from where the next question for changes goes on."""
    from lxml import etree

    root = etree.Element(dav("multistatus"), nsmap=_PREFIXES)
    for answer in answers:
        response = etree.SubElement(root, dav("response"))
        etree.SubElement(response, dav("href")).text = answer.href
        if answer.gone:
            etree.SubElement(response, dav("status")).text = "HTTP/1.1 404 Not Found"
            continue
        empty = not answer.missing and not answer.forbidden
        if answer.found or empty:
            _propstat(etree, response, [Element(name, value) for name, value in answer.found.items()], "200 OK")
        if answer.missing:
            _propstat(etree, response, [Element(name) for name in answer.missing], "404 Not Found")
        if answer.forbidden:
            _propstat(etree, response, [Element(name) for name in answer.forbidden], "403 Forbidden")
    if token:
        etree.SubElement(root, dav("sync-token")).text = token
    return bytes(etree.tostring(root, xml_declaration=True, encoding="utf-8"))


def _propstat(etree: Any, response: Any, found: Iterable[Element], status: str) -> None:
    propstat = etree.SubElement(response, dav("propstat"))
    prop = etree.SubElement(propstat, dav("prop"))
    for each in found:
        _add(etree, prop, each)
    etree.SubElement(propstat, dav("status")).text = f"HTTP/1.1 {status}"


def _add(etree: Any, parent: Any, element: Element) -> None:
    made = etree.SubElement(parent, element.name, dict(element.attributes))
    if isinstance(element.content, str):
        made.text = _printable(element.content)
    else:
        for each in element.content:
            _add(etree, made, each)


def error(condition: str, text: str) -> bytes:
    """Why something is refused: by the standard's word, and in the person's language."""
    from lxml import etree

    root = etree.Element(dav("error"), nsmap=_PREFIXES)
    etree.SubElement(root, condition)
    etree.SubElement(root, f"{{{OURS}}}message").text = _printable(text)
    return bytes(etree.tostring(root, xml_declaration=True, encoding="utf-8"))


def _printable(text: str) -> str:
    return "".join(sign for sign in text if sign >= " " or sign in "\n\t")
