"""What an agent is told when something cannot be done: enough to do better, or to tell its person why."""

from __future__ import annotations

from typing import Any

from guanxi.kernel.errors import Invalid, Problem, Refused, Stale
from guanxi.records.history import plain


def of_problem(problem: Problem) -> dict[str, Any]:
    """The problem as data: its word and message; by kind the wrong fields, the reasons, or what changed meanwhile."""
    told: dict[str, Any] = {
        "problem": problem.code,
        "message": str(problem.message),
    }
    if isinstance(problem, Invalid):
        told["errors"] = {name: [str(message) for message in found] for name, found in problem.errors.items()}
    if isinstance(problem, Refused):
        told["reasons"] = problem.decision.told()["reasons"]
        if problem.decision.allowed:
            told["to_go_on"] = "Only warnings. Ask the person; if they agree, call again with confirmed=true."
    if isinstance(problem, Stale):
        told["current_version"] = problem.current_version
        told["changes"] = {name: [plain(value) for value in pair] for name, pair in problem.changes.items()}
    return told
