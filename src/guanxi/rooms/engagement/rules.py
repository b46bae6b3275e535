"""Judgements on visits, contacts, meetings and customers to watch: pure, each with its clause."""

import datetime
from uuid import UUID

from guanxi.kernel.decision import Decision, refuse, warn
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


def is_cold_call(kind: str, purpose: str, *, is_first: bool) -> bool:
    """Whether a contact is the first with a customer, by telephone, and to sell (WF-19)."""
    return is_first and kind == "phone" and purpose == "selling"


def first_contact_in_writing(cold_call: bool) -> Decision:
    """Who is to become a customer is written to first; selling to strangers by telephone is rare (WF-19)."""
    if not cold_call:
        return Decision.allow()
    return warn(
        "WF-19",
        Message("This is the first contact with the customer, by telephone, and to sell."),
        remedy=Message("Send company material by fax, e-mail, post or web address first, and ask for an appointment."),
    )


def may_review(reviewer: UUID, author: UUID | None, manager: UUID | None) -> Decision:
    """The manager of the author's department reviews the minutes, never the author (WF-27)."""
    if reviewer != author and reviewer == manager:
        return Decision.allow()
    return refuse(
        "WF-27",
        Message("Minutes are reviewed by the manager of who wrote them."),
        remedy=Message("Ask the manager to review them."),
    )


def must_be_reviewed(is_reviewed: bool) -> Decision:
    """The customer gets minutes that were reviewed (WF-27)."""
    if is_reviewed:
        return Decision.allow()
    return refuse(
        "WF-27",
        Message("These minutes were not reviewed yet; the customer does not get them."),
        remedy=Message("Have the department's manager review them first."),
    )


# ---- Meetings (RPT-01, RPT-08) ---------------------------------------------------------------------------------------


def may_have_been_held(day: datetime.date, planned_on: datetime.date, today: datetime.date) -> Decision:
    """A meeting is held when it was, not tomorrow, and not before anybody was asked to it (RPT-01)."""
    if day > today:
        return refuse("RPT-01", Message("The meeting cannot have been held later than today."), held_on=day)
    if day < planned_on:
        return refuse(
            "RPT-01",
            Message("The meeting cannot have been held on %(day)s: it was planned on %(planned)s.", day=day,
                    planned=planned_on),
            remedy=Message("Enter the day on which it was held."),
        )  # fmt: skip
    return Decision.allow()


def stays_on_file(is_filed: bool) -> Decision:
    """A meeting that was held, and minutes that are reviewed or belong to one, are filed and stay (RPT-08)."""
    if not is_filed:
        return Decision.allow()
    return refuse("RPT-08", Message("Minutes and the meetings they tell of stay on file."))


def may_be_due_on(day: datetime.date, today: datetime.date) -> Decision:
    """What is decided is for a day to come (RPT-08)."""
    if day >= today:
        return Decision.allow()
    return refuse("RPT-08", Message("%(day)s has passed already.", day=day), remedy=Message("Name a day to come."))


def may_move_its_day(was_decided: bool) -> Decision:
    """The day of a task that a meeting gave out is the meeting's, not of who has to do it (RPT-08)."""
    if not was_decided:
        return Decision.allow()
    return refuse(
        "RPT-08",
        Message("A meeting has set the day of this task."),
        remedy=Message("Say when it is done, late or not; or drop it with the reason."),
    )


def may_drop(was_decided: bool, result: str) -> Decision:
    """What a meeting decided is not dropped without a word (RPT-08)."""
    if not was_decided or result.strip():
        return Decision.allow()
    return refuse(
        "RPT-08",
        Message("A meeting decided this; dropping it takes a reason."),
        remedy=Message("Write under “result” why it is not done."),
    )


# ---- Customers to watch (RPT-02) -------------------------------------------------------------------------------------


def may_be_watched(since: datetime.date, look_on: datetime.date) -> Decision:
    """A customer to watch is looked at again on a day after the one from which it is watched (RPT-02)."""
    if look_on > since:
        return Decision.allow()
    return refuse(
        "RPT-02",
        Message("The next look comes after the day from which the customer is watched, %(since)s.", since=since),
        remedy=Message("Name a later day."),
    )


def may_look_next_on(day: datetime.date, today: datetime.date) -> Decision:
    """Whoever has looked says when he looks again (RPT-02)."""
    if day > today:
        return Decision.allow()
    return refuse("RPT-02", Message("The next look is after today."), remedy=Message("Or take the customer off."))


# ---- Events (CRM-27) -------------------------------------------------------------------------------------------------


def may_change_rhythm(has_gaps: bool) -> Decision:
    """Once single days of a series were changed, its days stay countable (CRM-27)."""
    if not has_gaps:
        return Decision.allow()
    return refuse(
        "CRM-27",
        Message("Single days of this series were changed or left out already; its rhythm stays."),
        remedy=Message("End the series on a day, and enter a new one in the new rhythm."),
    )


def must_stand(is_there: bool, day: datetime.date) -> Decision:
    """Only an occurrence that there is can be changed or left out (CRM-27)."""
    if is_there:
        return Decision.allow()
    return refuse(
        "CRM-27",
        Message("The series has nothing on %(day)s.", day=day),
        remedy=Message("Name a day on which it takes place."),
    )


def must_leave_something(left: int) -> Decision:
    """A series of which nothing is left is deleted, not hollowed out (CRM-27)."""
    if left > 1:
        return Decision.allow()
    return refuse(
        "CRM-27",
        Message("This is all that is left of the series."),
        remedy=Message("Delete the series, or change it as a whole."),
    )


def may_have_taken_place(starts_at: datetime.datetime, now: datetime.datetime) -> Decision:
    """What has not begun yet has not taken place (CRM-27)."""
    if starts_at <= now:
        return Decision.allow()
    return refuse(
        "CRM-27",
        Message("The event has not begun yet."),
        remedy=Message("Move it to when it was, or wait until it begins."),
    )
