"""One call of the interface: who calls, what was asked, what was sent. Nothing unknown is passed over in silence."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest

from guanxi.api.problems import OtherMedia, Unreadable, VersionNeeded
from guanxi.kernel.errors import Invalid, TooLarge
from guanxi.kernel.messages import Message
from guanxi.records.context import Context

#: What a call says about itself beside the fields of a record; no field begins with this sign.
REASON, CONFIRMED = "_reason", "_confirmed"
REASON_LENGTH = 1000
_ETAG = re.compile(r'(?:W/)?"(\d{1,9})"')
_NO_VERSION = -1


@dataclass(frozen=True)
class Sent:
    """What came with a call that writes: the fields, why, and whether warnings were read."""

    values: dict[str, Any] = field(default_factory=dict)
    reason: str = ""
    confirmed: bool = False


@dataclass(frozen=True)
class Call:
    """One call, with the circumstances in which it acts."""

    request: HttpRequest
    ctx: Context

    def asked(self, known: Collection[str]) -> dict[str, str]:
        """The parameters of the address by name; Invalid for one that is not known here, or given twice."""
        found: dict[str, str] = {}
        wrong: dict[str, list[Message]] = {}
        for name, values in self.request.GET.lists():
            if name not in known:
                wrong[name[:60]] = [Message("There is no such parameter here.")]
            elif len(values) > 1:
                wrong[name] = [Message("Give this once.")]
            elif "\x00" in values[0]:
                wrong[name] = [Message("This text contains characters that cannot be shown.")]
            else:
                found[name] = values[0]
        if wrong:
            raise Invalid(wrong)
        return found

    def sent(self, known: Collection[str] | None = None) -> Sent:
        """The JSON object that was sent; nothing sent is an empty one. `known`: the fields there may be, if said."""
        data = body_of(self.request)
        reason, confirmed = data.pop(REASON, ""), data.pop(CONFIRMED, False)
        wrong: dict[str, list[Message]] = {}
        if not isinstance(reason, str) or len(reason) > REASON_LENGTH:
            wrong[REASON] = [Message("A text of at most %(limit)s characters is needed here.", limit=REASON_LENGTH)]
        if not isinstance(confirmed, bool):
            wrong[CONFIRMED] = [Message("true or false is needed here.")]
        for name in data:
            if known is not None and name not in known:
                message = Message("There is no such field to fill in here: %(name)s.", name=name[:60])
                wrong[name[:60]] = [message]
        if wrong:
            raise Invalid(wrong)
        return Sent(data, reason.strip(), confirmed)

    def version(self) -> int | None:
        """The version that the change is based on, by If-Match; None for any ("*"). VersionNeeded without."""
        given = self.request.headers.get("If-Match")
        if given is None:
            raise VersionNeeded
        if given.strip() == "*":
            return None
        match = _ETAG.fullmatch(given.strip())
        # What is no ETag of ours is no version of the record either.
        return int(match[1]) if match else _NO_VERSION

    def knows(self, etag: str) -> bool:
        """Whether the caller already has this version of what he asks for."""
        given = self.request.headers.get("If-None-Match", "")
        return any(part.strip().removeprefix("W/") in (etag, "*") for part in given.split(","))


def etag_of(record: Any) -> str:
    """The ETag of a record: its version."""
    return f'"{record.version}"'


def body_of(request: HttpRequest) -> dict[str, Any]:
    """The JSON object in the body. Raises Unreadable, OtherMedia, TooLarge, or Invalid for anything but an object."""
    try:
        raw = request.body
    except RequestDataTooBig as error:
        raise TooLarge from error
    if not raw.strip():
        return {}
    if request.content_type != "application/json":
        raise OtherMedia
    data = _loaded(raw)
    if not isinstance(data, dict):
        raise Invalid({"": [Message("An object with fields is needed here.")]})
    _refuse_odd_characters(data)
    return data


def _loaded(raw: bytes) -> Any:
    try:
        # Numbers stay exact: a Decimal has every digit that was sent.
        return json.loads(raw, parse_float=Decimal, parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise Unreadable from error


def _no_number(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")


def _refuse_odd_characters(data: Mapping[str, Any]) -> None:
    """Half characters and null bytes can be written in JSON, but stored in no database."""
    for text in _texts(data):
        if "\x00" in text:
            raise Invalid({"": [Message("This text contains characters that cannot be shown.")]})
        if any("\ud800" <= letter <= "\udfff" for letter in text):
            raise Unreadable


def _texts(data: Any) -> Iterator[str]:
    open_ends = [data]
    while open_ends:
        value = open_ends.pop()
        if isinstance(value, str):
            yield value
        elif isinstance(value, dict):
            open_ends.extend([*value, *value.values()])
        elif isinstance(value, list):
            open_ends.extend(value)
