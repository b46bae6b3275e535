"""Judgements on customers and their market: pure, each with its clause."""

from __future__ import annotations

from guanxi.kernel.decision import Decision, refuse, warn
from guanxi.kernel.messages import Message


def must_name_competitor(went_to: str, has_competitor: bool) -> Decision:
    """An order that went to a competitor names the competitor; one that came to us names none (ARC-07)."""
    if went_to == "competitor" and not has_competitor:
        return refuse(
            "ARC-07",
            Message("The order went to a competitor, but no competitor is named."),
            remedy=Message(
                "Choose the competitor; if it is not known yet, add it to the register of competitors first."
            ),
        )
    if went_to == "us" and has_competitor:
        return refuse(
            "ARC-07",
            Message("The order came to us, yet a competitor is named."),
            remedy=Message("Take the competitor out, or say that the order went to the competitor."),
        )
    return Decision.allow()


def may_belong_to(name: str, ancestors: tuple[str, ...], closes_circle: bool) -> Decision:
    """An institution may not belong to itself, however many steps away (ARC-43)."""
    if closes_circle:
        return refuse(
            "ARC-43",
            Message("%(name)s would belong to itself: %(chain)s.", name=name, chain=" → ".join(ancestors)),
            remedy=Message("Choose another head office, or none."),
        )
    return Decision.allow()


def must_keep_policy_notes(key_account: bool, notes: int) -> Decision:
    """For a key account the government's trade policy in its market area is noted (ARC-06)."""
    if key_account and notes == 0:
        return warn(
            "ARC-06",
            Message("Nobody has noted the trade policy in this key account's market area."),
            remedy=Message("Add a trade policy note."),
        )
    return Decision.allow()


def one_sided_information(key_account: bool, sources: frozenset[str], notes: int, fewest: int) -> Decision:
    """What we know of a key account should come from at least `fewest` kinds of source (ARC-36).

    With fewer notes than kinds asked for there is nothing to judge yet.
    """
    if key_account and notes >= fewest > len(sources):
        return warn(
            "ARC-36",
            Message(
                "The %(notes)s notes on this key account come from %(kinds)s kind of source; %(fewest)s are asked for.",
                notes=notes,
                kinds=len(sources),
                fewest=fewest,
            ),
            remedy=Message("Add information from market feedback, industry insiders or other sources."),
            notes=notes,
            fewest=fewest,
        )
    return Decision.allow()
