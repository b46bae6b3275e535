"""What is answered, and how a call that is repeated gets the answer that it got the first time."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpRequest, HttpResponse

from guanxi.api.calls import Call
from guanxi.kernel.errors import Invalid, TooLarge
from guanxi.kernel.messages import Message
from guanxi.platform.once.sending import once
from guanxi.records.approvals.asking import PENDING, AwaitsApproval
from guanxi.records.context import Context

KEY = "Idempotency-Key"
KEY_LENGTH = 150
REPLAYED = "Idempotent-Replayed"
TOLD = "_told"


@dataclass(frozen=True)
class Reply:
    """An answer: its JSON body (None: no body), its status, its own headers."""

    body: Any = None
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)

    def kept(self) -> dict[str, Any]:
        """What is stored of it for a repeated call: everything but what was told once."""
        body = self.body
        if isinstance(body, dict) and body.get(TOLD):
            body = {**body, TOLD: [{**told, "secret": None} for told in body[TOLD]]}
        # As text: a database may keep JSON in another order, and the answer is to be the same to the letter.
        return {"text": _text(body), "status": self.status, "headers": dict(self.headers)}


def _text(body: Any) -> str:
    return "" if body is None else json.dumps(body, ensure_ascii=False, cls=DjangoJSONEncoder)


def told(ctx: Context) -> dict[str, Any]:
    """What the actions of this call have to tell once, as part of the body; nothing where there is nothing."""
    found = [{"message": str(each.message), "secret": each.secret or None} for each in ctx.told]
    return {TOLD: found} if found else {}


def response(reply: Reply) -> HttpResponse:
    """The reply as it goes out."""
    return _response(_text(reply.body), reply.status, reply.headers)


def _response(text: str, status: int, headers: Mapping[str, str]) -> HttpResponse:
    answer = HttpResponse(text, status=status, content_type="application/json")
    for name, value in headers.items():
        answer.headers[name] = value
    return answer


def written(call: Call, act: Callable[[], Reply]) -> HttpResponse:
    """Do what the call asks for; with an Idempotency-Key at most once, however often it is sent."""
    act = _or_asked(act)
    key = call.request.headers.get(KEY)
    if key is None:
        return response(act())
    if not 0 < len(key) <= KEY_LENGTH or not key.isascii() or not key.isprintable():
        message = Message("A key has 1 to %(limit)s letters, digits and signs.", limit=KEY_LENGTH)
        raise Invalid({KEY: [message]})
    made: list[Reply] = []

    def kept() -> dict[str, Any]:
        made.append(act())
        return made[0].kept()

    ctx = call.ctx
    answer = once(ctx.actor, f"api {key}", kept, ctx.now, digest=_digest(call.request), wait=False)
    if not answer.replayed:
        return response(made[0])
    again = _response(answer.value["text"], answer.value["status"], answer.value["headers"])
    again.headers[REPLAYED] = "true"
    return again


def _or_asked(act: Callable[[], Reply]) -> Callable[[], Reply]:
    """What has to be approved first is answered as accepted (202), with the request that waits instead of it."""

    def asked() -> Reply:
        try:
            return act()
        except AwaitsApproval as waiting:
            href = f"/api/v1/{PENDING.replace('.', '/')}/{waiting.pending.pk}"
            body = {"approval": {"id": str(waiting.pending.pk), "href": href, "message": str(waiting.message)}}
            return Reply(body, 202, {"Location": href})

    return asked


def _digest(request: HttpRequest) -> str:
    """A fingerprint of everything that decides what a call does."""
    digest = hashlib.sha256()
    for part in _parts(request):
        digest.update(len(part).to_bytes(8, "big"))
        digest.update(part)
    return digest.hexdigest()


def _parts(request: HttpRequest) -> Iterator[bytes]:
    yield (request.method or "").encode()
    yield request.get_full_path().encode()
    yield request.headers.get("If-Match", "").encode()
    if request.content_type != "multipart/form-data":
        try:
            yield request.body
        except RequestDataTooBig as error:
            raise TooLarge from error
        return
    for name, values in sorted(request.POST.lists()):
        yield from (name.encode(), *(value.encode() for value in values))
    for name in sorted(request.FILES):
        upload: Any = request.FILES[name]
        content = hashlib.sha256()
        for chunk in upload.chunks():
            content.update(chunk)
        upload.seek(0)
        yield from (name.encode(), str(upload.name).encode(), content.digest())
