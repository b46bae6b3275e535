"""A form that is sent twice acts once: a double click, an impatient second try, a reload."""

from __future__ import annotations

import secrets
from collections.abc import Callable

from django.db import IntegrityError, transaction

from guanxi.kernel.errors import Problem
from guanxi.platform.calendar import now
from guanxi.web.gate import Request
from guanxi.web.models import Submission


def new_token() -> str:
    """The mark of one form on one page."""
    return secrets.token_urlsafe(18)


def once(request: Request, act: Callable[[], str]) -> tuple[str, Problem | None]:
    """Run `act`, which returns the address to go to, unless this very form was already sent with success.

    Returns the address and None, or "" and the problem: a refused form may be corrected and sent again.
    """
    token = request.POST.get("form_token", "")[:40]
    if not token:
        return _tried(act)
    with transaction.atomic():
        try:
            with transaction.atomic():
                claim = Submission.objects.create(person=request.person, token=token, at=now())
        except IntegrityError:
            # The first sending has committed: a second one waits for it at the unique constraint.
            return Submission.objects.get(person=request.person, token=token).address or "/", None
        address, problem = _tried(act)
        if problem is None:
            Submission.objects.filter(pk=claim.pk).update(address=address[:400])
        else:
            claim.delete()
        return address, problem


def _tried(act: Callable[[], str]) -> tuple[str, Problem | None]:
    try:
        return act(), None
    except Problem as problem:
        return "", problem
