"""Who may say of a duty that it is done, that it is waived, or that it is somebody else's."""

from __future__ import annotations

import uuid

from guanxi.kernel.decision import Decision, refuse
from guanxi.kernel.messages import Message


def may_say_done(by_hand: bool) -> Decision:
    """Only where no record of the program could show it a person's word counts."""
    if by_hand:
        return Decision.allow()
    return refuse(
        "",
        Message("Nobody’s word discharges this duty: it is discharged by what it asks for."),
        remedy=Message("Do what is to be done; the duty follows by itself."),
    )


def may_waive(person: uuid.UUID, owner: uuid.UUID) -> Decision:
    """Nobody lets himself off."""
    if person != owner:
        return Decision.allow()
    return refuse("", Message("Nobody waives a duty of his own."), remedy=Message("Ask your superior to decide on it."))


def may_be_given(to: uuid.UUID, owner: uuid.UUID) -> Decision:
    """A duty goes to somebody else."""
    if to != owner:
        return Decision.allow()
    return refuse("", Message("It is this person’s duty already."), remedy=Message("Choose somebody else."))


def may_be_finished(unjudged: int) -> Decision:
    """A self-inspection ends when every file of the sample is judged under every criterion (ARC-37)."""
    if not unjudged:
        return Decision.allow()
    return refuse(
        "ARC-37",
        Message("%(count)s points of the sheet are not judged yet.", count=unjudged),
        remedy=Message("Fill in the whole sheet; what cannot be asked of a file does not apply to it."),
        unjudged=unjudged,
    )


def can_be_drawn(wanted: int, there: int) -> Decision:
    """A sample needs files to be drawn from."""
    if there:
        return Decision.allow()
    return refuse(
        "ARC-37",
        Message("There is nothing to draw %(count)s files from.", count=wanted),
        remedy=Message("Choose what the sample is drawn from, or have its files granted to you."),
    )
