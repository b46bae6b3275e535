"""Judgements on contracts: pure, each with its clause."""

from __future__ import annotations

import datetime

from guanxi.kernel.decision import Decision, refuse
from guanxi.kernel.messages import Message


def must_have_text(has_text: bool) -> Decision:
    """What is to be reviewed has been written (SAL-04)."""
    if has_text:
        return Decision.allow()
    return refuse(
        "SAL-04",
        Message("The contract has no text yet."),
        remedy=Message("Write the text, or attach it as a file."),
    )


def may_be_signed_on(day: datetime.date, reviewed_on: datetime.date, today: datetime.date) -> Decision:
    """A contract is signed after its review, and its day of signing is no future day (SAL-04)."""
    if day < reviewed_on:
        return refuse(
            "SAL-04",
            Message(
                "It would have been signed on %(day)s, before its review on %(review)s.", day=day, review=reviewed_on
            ),
            remedy=Message("Enter the day of the last signature."),
        )
    if day > today:
        return refuse(
            "SAL-04",
            Message("The day of signing, %(day)s, lies in the future.", day=day),
            remedy=Message("Note the signature when it has been given."),
        )
    return Decision.allow()


def may_discard(was_signed: bool) -> Decision:
    """A contract that was signed is ended, never deleted (SAL-04)."""
    if not was_signed:
        return Decision.allow()
    return refuse(
        "SAL-04",
        Message("A signed contract cannot be deleted."),
        remedy=Message("End it; it stays on file."),
    )


# ---- Opportunities ---------------------------------------------------------------------------------------------------


def ends_by_its_verb(is_open: bool) -> Decision:
    """Whoever writes a stage into an opportunity does not end it with that: an end is noted, with its reason."""
    if is_open:
        return Decision.allow()
    return refuse(
        "CRM-22",
        Message("An opportunity is won or lost by its own verb, not by entering that stage."),
        remedy=Message("Choose a stage that is open, then note it as won or lost."),
    )


def contact_of_customer(is_theirs: bool) -> Decision:
    """The contact of an opportunity is somebody of its customer."""
    if is_theirs:
        return Decision.allow()
    return refuse(
        "CRM-22",
        Message("The contact belongs to another customer."),
        remedy=Message("Choose a contact of this customer, or leave it empty."),
    )


def may_move_to(is_open: bool, is_another: bool) -> Decision:
    """An opportunity is moved to another open stage; where it ends is for the verbs that end it."""
    if not is_another:
        return refuse("CRM-22", Message("It stands at this stage already."), remedy=Message("Choose another stage."))
    return ends_by_its_verb(is_open)


def unused(count: int) -> Decision:
    """A stage at which opportunities stand or stood is neither deleted nor given another meaning."""
    if not count:
        return Decision.allow()
    return refuse(
        "CRM-22",
        Message("%(count)s opportunities stand or stood at this stage.", count=count),
        remedy=Message("Rename it, or order it to the end."),
    )
