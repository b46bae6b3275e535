"""What is logged and how: for people a line of text, for programs a JSON object; never a secret, never a customer.

A line about a request says who by the person's id, which address by its route's name, and how it went. Values that
people entered, names, and addresses with their parameters are not logged. What other code logs is scrubbed as well.
"""

import contextvars
import json
import logging
import os
import re
import traceback
from collections.abc import Iterable
from datetime import UTC, datetime

#: The id of the request that is being answered, in every line logged meanwhile; "" outside requests.
request_id: contextvars.ContextVar[str] = contextvars.ContextVar("request_id", default="")

REDACTED = "[…]"
_NAMED = re.compile(
    r"(?i)((?:password|passwd|secret|token|authorization|cookie|csrf|session|api[_-]?key)\w*[\"']?\s*[:=]\s*[\"']?)"
    r"(?:(?:bearer|basic)\s+)?[^\s\"',;&)}]+"
)
_SHAPED: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"(?i)\b(bearer|basic)\s+[A-Za-z0-9._~+/=-]{8,}"), r"\1 " + REDACTED),
    (re.compile(r"\bgx_[A-Za-z0-9_-]{16,}"), REDACTED),
    # What PostgreSQL tells of a refused row: its values.
    (re.compile(r"\)=\(.*?\)(?= (?:already exists|is not present|is still referenced|conflicts))"), f")=({REDACTED})"),
    (re.compile(r"Failing row contains \(.*?\)\.", re.DOTALL), f"Failing row contains ({REDACTED})."),
    (re.compile(r"(?i)(\w+://[^\s:/@]+:)[^\s@/]+@"), r"\1" + REDACTED + "@"),
    # A resident's identity number, a bank card, a mobile phone.
    (re.compile(r"(?<!\d)\d{17}[\dXx](?!\d)|(?<!\d)\d{16,19}(?!\d)|(?<!\d)1[3-9]\d{9}(?!\d)"), REDACTED),
)
#: Shorter ones would blot out ordinary words.
_SHORTEST_SECRET = 8


def known_secrets(environment: Iterable[tuple[str, str]], *more: str) -> tuple[str, ...]:
    """The secrets that this installation was given by its environment, longest first."""
    named = (value for name, value in environment if re.search(r"(?i)KEY|SECRET|PASSWORD|TOKEN", name))
    found = {value for value in (*named, *more) if len(value) >= _SHORTEST_SECRET}
    return tuple(sorted(found, key=lambda value: (-len(value), value)))


def scrubbed(text: str, secrets: Iterable[str] = ()) -> str:
    """The text without secrets: those that are known, and whatever is named or shaped like one."""
    for secret in secrets:
        text = text.replace(secret, REDACTED)
    text = _NAMED.sub(r"\1" + REDACTED, text)
    for pattern, replacement in _SHAPED:
        text = pattern.sub(replacement, text)
    return text


class _Formatter(logging.Formatter):
    def __init__(self, secrets: Iterable[str] = ()) -> None:
        super().__init__()
        self._secrets = known_secrets(os.environ.items(), *secrets)

    def _text(self, record: logging.LogRecord) -> str:
        return scrubbed(record.getMessage(), self._secrets)

    def _trace(self, record: logging.LogRecord) -> str:
        if not record.exc_info or record.exc_info[0] is None:
            return ""
        return scrubbed("".join(traceback.format_exception(*record.exc_info)).rstrip(), self._secrets)

    def _facts(self, record: logging.LogRecord) -> dict[str, object]:
        facts: dict[str, object] = getattr(record, "facts", {})
        return facts


class PlainFormatter(_Formatter):
    """One line for people: time, level, logger, text, facts as name=value; a traceback below."""

    def format(self, record: logging.LogRecord) -> str:
        """The line. What is logged cannot begin a line of its own: breaks become visible signs."""
        moment = datetime.fromtimestamp(record.created, UTC).astimezone()
        parts = [f"{moment:%Y-%m-%d %H:%M:%S}", record.levelname, record.name, self._text(record)]
        parts += [f"{name}={value}" for name, value in self._facts(record).items()]
        if request := request_id.get():
            parts.append(f"request={request}")
        line = " ".join(parts).replace("\r", "\\r").replace("\n", "\\n")
        trace = self._trace(record)
        return f"{line}\n{trace}" if trace else line


class JsonFormatter(_Formatter):
    """One JSON object on one line: time (UTC), level, logger, message, request, the facts, and the traceback if any."""

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        told: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": self._text(record),
        }
        if request := request_id.get():
            told["request"] = request
        told.update(self._facts(record))
        if trace := self._trace(record):
            told["trace"] = trace
        return json.dumps(told, ensure_ascii=False, default=str)
