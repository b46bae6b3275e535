"""What an agent is told when something cannot be done: enough to do better, or to tell its person why."""

from __future__ import annotations

from typing import Any

from guanxi.kernel.decision import Reason
from guanxi.kernel.errors import Conflict, Invalid, NotAllowed, NotFound, Problem, Refused, Stale
from guanxi.records.history import plain

#: Problem → the word for it; the first class that fits.
_WORDS: tuple[tuple[type[Problem], str], ...] = (
    (NotAllowed, "not_allowed"),
    (NotFound, "not_found"),
    (Stale, "stale"),
    (Refused, "refused"),
    (Invalid, "invalid"),
    (Conflict, "conflict"),
)


def of_problem(problem: Problem) -> dict[str, Any]:
    """The problem as data: its word and message; by kind the wrong fields, the reasons, or what changed meanwhile."""
    told: dict[str, Any] = {
        "problem": next((word for kind, word in _WORDS if isinstance(problem, kind)), "problem"),
        "message": str(problem.message),
    }
    if isinstance(problem, Invalid):
        told["errors"] = {name: [str(message) for message in found] for name, found in problem.errors.items()}
    if isinstance(problem, Refused):
        told["reasons"] = [_reason(reason) for reason in problem.decision.reasons]
        if problem.decision.allowed:
            told["to_go_on"] = "Only warnings. Ask the person; if they agree, call again with confirmed=true."
    if isinstance(problem, Stale):
        told["current_version"] = problem.current_version
        told["changes"] = {name: [plain(value) for value in pair] for name, pair in problem.changes.items()}
    return told


def _reason(reason: Reason) -> dict[str, Any]:
    return {
        "clause": reason.clause,
        "message": str(reason.message),
        "remedy": "" if reason.remedy is None else str(reason.remedy),
        "figures": reason.as_dict()["figures"],
        "blocking": reason.blocking,
    }
