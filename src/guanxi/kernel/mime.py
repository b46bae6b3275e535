"""Reading a mail that a stranger wrote: whatever he did to it, something harmless comes out, and nothing is run.

Only the standard library's old, forgiving reader is used. What is too deep, too much or not readable is told of in
`troubles`; bytes that say a wrong charset are read as what Chinese mails mostly are.
"""

from __future__ import annotations

import datetime
import email
import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.header import decode_header
from email.message import Message as Mime
from email.parser import BytesHeaderParser
from email.utils import getaddresses, parsedate_to_datetime
from typing import Any

import nh3

MOST_PARTS = 100
MOST_DEPTH = 20
MOST_BOUNDARIES = 5_000
MOST_ADDRESSES = 50
TEXT_LENGTH = 200_000
HTML_LENGTH = 500_000
HEADER_LENGTH = 1_000
#: Beyond so many tags a page is no letter any more, and taking it apart costs more than the square of them.
MOST_TAGS = 10_000

#: What a mail may look like: text, lists, tables. No pictures, which would tell their sender who reads when.
_TAGS = {
    "a", "b", "blockquote", "br", "center", "code", "dd", "del", "div", "dl", "dt", "em", "h1", "h2", "h3", "h4", "h5",
    "h6", "hr", "i", "ins", "li", "ol", "p", "pre", "q", "s", "small", "span", "strong", "sub", "sup", "table", "tbody",
    "td", "tfoot", "th", "thead", "tr", "u", "ul",
}  # fmt: skip
_ATTRIBUTES = {"a": {"href", "title"}, "td": {"colspan", "rowspan"}, "th": {"colspan", "rowspan"}}
_CONTROLS = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029\u202a-\u202e\u2066-\u2069]+")
_UNSEEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069]")
_BREAKS = re.compile(r"(?i)<(?:br|/p|/div|/tr|/li|/h[1-6])\b[^>]{0,200}>")
_TAG = re.compile(r"<[^<>]{0,1000}>")
_BLANK_LINES = re.compile(r"\n[ \t\r]*\n(?:[ \t\r]*\n)+")
_ID = re.compile(r"<[^<>\s]{1,250}>")
_WIDER = {"gb2312": "gb18030", "gbk": "gb18030", "gb_2312-80": "gb18030", "big5": "big5hkscs", "us-ascii": "utf-8"}
_GUESSES = ("utf-8", "gb18030", "big5hkscs")


@dataclass(frozen=True)
class Enclosed:
    """A file in a mail, as it was called and what it is."""

    name: str
    content: bytes = field(repr=False)


@dataclass
class Read:
    """What a mail says: `text` always, `page` (harmless HTML) where it had any. `sent_at` None: it says no time."""

    message_id: str = ""
    answers: tuple[str, ...] = ()
    sender_name: str = ""
    sender: str = ""
    to: tuple[str, ...] = ()
    copies: tuple[str, ...] = ()
    subject: str = ""
    sent_at: datetime.datetime | None = None
    text: str = ""
    page: str = ""
    files: list[Enclosed] = field(default_factory=list)
    troubles: list[str] = field(default_factory=list)


def read_mail(raw: bytes) -> Read:
    """What a mail says. Never raises for what stands in it."""
    read = Read()
    try:
        if raw.count(b"\n--") > MOST_BOUNDARIES:
            raise ValueError("too many parts")
        mime = email.message_from_bytes(raw)
        _headers(read, mime)
        _parts(read, mime)
    except (RecursionError, ValueError, LookupError, TypeError, AttributeError, IndexError, AssertionError) as error:
        # The forgiving reader has its own breaking points; of such a mail the head is kept.
        read.troubles.append(f"unreadable: {type(error).__name__}")
        _headers(read, BytesHeaderParser().parsebytes(raw[:TEXT_LENGTH]))
    read.text = _UNSEEN.sub("", read.text[:TEXT_LENGTH]).strip()
    return read


# ---- Head ------------------------------------------------------------------------------------------------------------


def _headers(read: Read, mime: Mime) -> None:
    read.message_id = next(iter(_ids(_header(mime, "Message-ID"))), "")
    read.answers = tuple(dict.fromkeys([*_ids(_header(mime, "In-Reply-To")), *_ids(_header(mime, "References"))]))
    read.subject = _header(mime, "Subject")[:300]
    senders = _addresses(mime, "From") or _addresses(mime, "Sender")
    read.sender_name, read.sender = senders[0] if senders else ("", "")
    read.to = tuple(address for _name, address in _addresses(mime, "To"))
    read.copies = tuple(address for _name, address in _addresses(mime, "Cc"))
    try:
        at = parsedate_to_datetime(_header(mime, "Date"))
        read.sent_at = at if at.tzinfo else at.replace(tzinfo=datetime.UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        read.sent_at = None


def _ids(text: str) -> list[str]:
    return _ID.findall(text)[:MOST_ADDRESSES]


def _header(mime: Mime, name: str) -> str:
    """A header in one line, its encoded words read; nothing in it can begin another line."""
    raw = next((str(value) for key, value in mime.raw_items() if key.lower() == name.lower()), "")
    joined = _CONTROLS.sub(" ", _bytes_read(raw.encode("utf-8", "surrogateescape"), ""))[: HEADER_LENGTH * 4]
    return _CONTROLS.sub(" ", _words(joined)).strip()[:HEADER_LENGTH]


def _words(text: str) -> str:
    try:
        pieces = decode_header(text)
    except (ValueError, LookupError, email.errors.MessageError):
        return text
    return "".join(
        _bytes_read(piece, charset or "") if isinstance(piece, bytes) else piece for piece, charset in pieces
    )


def _addresses(mime: Mime, name: str) -> list[tuple[str, str]]:
    raw = [str(value) for key, value in mime.raw_items() if key.lower() == name.lower()][:3]
    plain = [_CONTROLS.sub(" ", _bytes_read(text.encode("utf-8", "surrogateescape"), ""))[:20_000] for text in raw]
    found = []
    for spoken, address in getaddresses(plain)[:MOST_ADDRESSES]:
        clean = _CONTROLS.sub("", address).strip()
        if re.fullmatch(r"[^@\s<>\"(),:;]{1,64}@[^@\s<>\"(),:;]{1,190}", clean):
            found.append((_CONTROLS.sub(" ", _words(spoken)).strip()[:120], clean))
    return found


# ---- Body ------------------------------------------------------------------------------------------------------------


def _parts(read: Read, mime: Mime) -> None:
    texts, pages = [], []
    for part in _leaves(mime, read):
        kind = part.get_content_type()
        name = _file_name(part)
        if kind == "text/plain" and not name:
            texts.append(_text_of(part))
        elif kind == "text/html" and not name:
            pages.append(_text_of(part)[:HTML_LENGTH])
        elif name or kind.partition("/")[0] != "multipart":
            read.files.append(Enclosed(name or _unnamed(kind), _content(part)))
    if pages:
        joined = "\n".join(pages)[:HTML_LENGTH]
        if joined.count("<") > MOST_TAGS:
            read.troubles.append("too many tags")
            joined = html.escape(_TAG.sub(" ", joined))
        read.page = harmless(joined)
    read.text = "\n".join(texts) if any(text.strip() for text in texts) else _as_text(read.page)


def _leaves(mime: Mime, read: Read) -> Iterator[Mime]:
    """The parts that hold something, in their order; a mail within the mail is one of them."""
    waiting, seen = [(mime, 0)], 0
    while waiting:
        part, depth = waiting.pop(0)
        children: Any = part.get_payload() if part.get_content_maintype() == "multipart" else None
        if isinstance(children, list):
            if depth < MOST_DEPTH:
                waiting[:0] = [(child, depth + 1) for child in children[: MOST_PARTS + 1]]
            else:
                read.troubles.append("too deep")
            continue
        seen += 1
        if seen > MOST_PARTS:
            read.troubles.append("too many parts")
            return
        yield part


def _content(part: Mime) -> bytes:
    if part.is_multipart():  # a mail within the mail
        inner: Any = part.get_payload()
        return b"\n".join(child.as_bytes() for child in inner[:1])
    content: Any = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""


def _text_of(part: Mime) -> str:
    charset: Any = part.get_param("charset", "")
    return _bytes_read(_content(part)[: TEXT_LENGTH * 4], charset if isinstance(charset, str) else "")


def _file_name(part: Mime) -> str:
    try:
        name = part.get_filename("") or ""
    except (ValueError, LookupError, TypeError):
        name = "file"
    return _CONTROLS.sub("", _words(_bytes_read(str(name).encode("utf-8", "surrogateescape"), "")))[:200]


def _unnamed(kind: str) -> str:
    ending = {"image/jpeg": "jpg", "image/png": "png", "image/gif": "gif", "application/pdf": "pdf",
              "message/rfc822": "eml", "text/calendar": "ics"}.get(kind, "bin")  # fmt: skip
    return f"file.{ending}"


def _bytes_read(content: bytes, charset: str) -> str:
    """Bytes as text: as their charset says, in its wider form, else as whichever of the usual ones fits."""
    named = charset.strip().strip("\"'").lower()
    for name in (_WIDER.get(named, named), *_GUESSES):
        try:
            return content.decode(name) if name else content.decode("utf-8")
        except (UnicodeDecodeError, LookupError, ValueError):
            continue
    return content.decode("gb18030", "replace")


def harmless(page: str) -> str:
    """HTML without anything that runs, loads, or sends: text and its order only."""
    return nh3.clean(page, tags=_TAGS, attributes=_ATTRIBUTES, url_schemes={"http", "https", "mailto"})


def _as_text(page: str) -> str:
    plain = nh3.clean(_BREAKS.sub("\n", page), tags=set(), attributes={})
    return _BLANK_LINES.sub("\n\n", html.unescape(plain)).strip()
