"""What is wrong with a row, kept so that it still reads in the language of whoever looks at it later."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from guanxi.kernel.decision import Reason
from guanxi.kernel.errors import Invalid, Problem, Refused
from guanxi.kernel.messages import Message
from guanxi.records.approvals.asking import AwaitsApproval


def stored(problem: Problem) -> list[dict[str, Any]]:
    """A problem as the row keeps it: [{"field": name or "", "message": {…}}, …]; of what waits with its request."""
    if isinstance(problem, AwaitsApproval):
        return [{**note("", problem.message), "request": str(problem.pending.pk)}]
    if isinstance(problem, Invalid):
        return [note(name, message) for name, messages in problem.errors.items() for message in messages]
    if isinstance(problem, Refused):
        reasons = problem.decision.blocking or problem.decision.warnings
        return [note("", reason.message) for reason in reasons] or [note("", problem.message)]
    return [note("", problem.message)]


def note(name: str, message: Message) -> dict[str, Any]:
    """One thing that is wrong, with the field it is about ("" for the row as a whole)."""
    return {"field": name, "message": Reason("", message).as_dict()["message"]}


def request_of(problems: Iterable[Mapping[str, Any]]) -> str:
    """The id of the request for approval that a row waits for; "" where it waits for none."""
    return next((str(problem["request"]) for problem in problems if problem.get("request")), "")


def messages(problems: Iterable[Mapping[str, Any]]) -> list[tuple[str, Message]]:
    """What `stored` kept, as (field name or "", message)."""
    return [(problem["field"], _loaded(problem["message"])) for problem in problems]


def _loaded(message: Mapping[str, Any]) -> Message:
    kept = {"clause": "", "message": message, "figures": {}, "remedy": None, "blocking": True}
    return Reason.from_dict(kept).message


def text(problems: Sequence[Mapping[str, Any]], labels: Mapping[str, Any]) -> str:
    """All that is wrong with a row in one cell: "Phone: …; …"."""
    parts = [(str(labels.get(name, "")), str(message)) for name, message in messages(problems)]
    return "; ".join(f"{label}: {message}" if label else message for label, message in parts)
