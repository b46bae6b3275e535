"""Judgements on visits: pure, each with its clause."""

from guanxi.kernel.decision import Decision, refuse
from guanxi.kernel.messages import Message


def must_say_what_is_new(facts: str, nothing_new: bool) -> Decision:
    """Closing a visit report feeds the archive, or says expressly that there is nothing new (ARC-04)."""
    if facts.strip() and nothing_new:
        return refuse(
            "ARC-04",
            Message("Facts for the archive are given, yet “nothing new” is ticked."),
            remedy=Message("Take out one of the two."),
        )
    if not facts.strip() and not nothing_new:
        return refuse(
            "ARC-04",
            Message("A visit report is closed with what the archive learns from it."),
            remedy=Message("Write down the facts, or tick “nothing new for the archive”."),
        )
    return Decision.allow()
