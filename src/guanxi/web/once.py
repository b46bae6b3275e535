"""A form that is sent twice acts once: a double click, an impatient second try, a reload."""

from __future__ import annotations

import secrets
from collections.abc import Callable

from guanxi.kernel.errors import Problem, Unconfirmed
from guanxi.platform.calendar import now
from guanxi.platform.once import sending
from guanxi.records.approvals.asking import AwaitsApproval
from guanxi.web.gate import Request


def new_token() -> str:
    """The mark of one form on one page."""
    return secrets.token_urlsafe(18)


def once(
    request: Request, act: Callable[[], str], first: Callable[[], None] | None = None
) -> tuple[str, Problem | None]:
    """Run `act`, which returns the address to go to, unless this very form was already sent with success.

    `first` is done before the transaction begins: files are looked through by other programs, which nothing waits for
    with the database held. Returns the address and None, or "" and the problem: a refused form may be corrected and
    sent again.
    """
    token = request.POST.get("form_token", "")[:40]
    try:
        if first is not None:
            first()
        if not token:
            return act(), None
        return str(sending.once(request.person, f"form {token}", act, now()).value or "/"), None
    except (Unconfirmed, AwaitsApproval):
        raise  # no answer to this form: it is asked first, or it has gone to somebody who approves
    except Problem as problem:
        return "", problem
