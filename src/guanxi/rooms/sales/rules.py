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
