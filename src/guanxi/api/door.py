"""The one way in: who calls, how often, in which language; and JSON whatever happens."""

from __future__ import annotations

import logging
import secrets
from typing import Any

from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.http import HttpRequest, HttpResponseBase
from django.urls import Resolver404
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.translation.trans_real import parse_accept_lang_header
from django.views.decorators.csrf import csrf_exempt

from guanxi.api import pace, problems
from guanxi.api.calls import Call
from guanxi.api.identity import context_of
from guanxi.kernel.errors import NotFound, Problem, TooLarge
from guanxi.kernel.messages import Message
from guanxi.platform.monitoring.outages import problem_of

logger = logging.getLogger(__name__)

#: Open to everybody: what the interface offers is no secret, and tools read it before they have a token.
DESCRIPTION = "v1/openapi.json"


@csrf_exempt
def enter(request: HttpRequest, rest: str) -> HttpResponseBase:
    """Every address below /api/."""
    asked = _language(request)
    with translation.override(asked or translation.get_language()):
        try:
            answer = _answer(request, rest.rstrip("/"), has_language=bool(asked))
        except Problem as problem:
            answer = problems.answer(problem)
        except RequestDataTooBig:
            answer = problems.answer(TooLarge())
        except SuspiciousOperation:
            answer = problems.answer(problems.Unreadable(Message("This call cannot be read.")))
        except Exception as error:
            reference = getattr(request, "id", "") or secrets.token_hex(8)
            logger.exception("error %s on %s %s", reference, request.method, request.path)
            answer = problems.answer(problem_of(error) or problems.Defect(reference))
        answer.headers["Content-Language"] = translation.get_language() or ""
    answer.headers.setdefault("Cache-Control", "no-store")
    patch_vary_headers(answer, ["Authorization", "Cookie", "Accept-Language"])
    return answer


enter.is_public = True  # type: ignore[attr-defined]  # it asks for itself who calls, see `identity`


def _answer(request: Any, rest: str, *, has_language: bool) -> HttpResponseBase:
    if rest != DESCRIPTION:
        ctx = context_of(request)
        request.person = ctx.actor  # for the log
        if not has_language:
            translation.activate(ctx.actor.language)
        pace.admit(ctx)
        request.call = Call(request, ctx)
    try:
        match = _resolver().resolve(rest)
    except Resolver404:
        raise NotFound(Message("There is nothing at this address.")) from None
    if request.method == "HEAD":
        request.method = "GET"
    answer = match.func(request, *match.args, **match.kwargs)
    if answer.status_code == 405:
        raise problems.NotOffered(answer.headers["Allow"])
    return answer


def _resolver() -> Any:
    """The addresses of the interface, built at the first call: a process that is never called does without them."""
    from guanxi.api.building import resolver

    return resolver()


def _language(request: HttpRequest) -> str:
    """The first of the languages asked for that there is; "" where none is."""
    for wanted, _weight in parse_accept_lang_header(request.headers.get("Accept-Language", "").lower()):
        try:
            return translation.get_supported_language_variant(wanted)
        except LookupError:
            continue
    return ""
