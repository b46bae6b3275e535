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


# ---- Visits (VIS-02, VIS-04, VIS-06, WF-24) --------------------------------------------------------------------------


def must_have_a_result(outcome: str) -> Decision:
    """A visit without a result is not closed (VIS-06)."""
    if outcome.strip():
        return Decision.allow()
    return refuse(
        "VIS-06",
        Message("The report does not say what came of the visit."),
        remedy=Message("Write down the result of the visit, then close the report."),
    )


def may_tick_signing(has_signing: bool, reference: str) -> Decision:
    """Signing is ticked only with the number of a contract or an order (VIS-02)."""
    if not has_signing or reference.strip():
        return Decision.allow()
    return refuse(
        "VIS-02",
        Message("“Signing” is ticked without a contract or order."),
        remedy=Message("Enter the number of the contract or order, or take out the tick."),
    )


def may_receive(is_approved: bool, clerk: UUID, visitor: UUID | None) -> Decision:
    """The attendance clerk receives an approved plan, and never his own (WF-24)."""
    if not is_approved:
        return refuse(
            "WF-24",
            Message("The manager has not approved this visit yet."),
            remedy=Message("Submit the plan for approval first."),
        )
    if clerk == visitor:
        return refuse("WF-24", Message("Nobody receives his own visit plan."))
    return Decision.allow()


def may_leave(approved_at: datetime.datetime | None, received_at: datetime.datetime | None) -> Decision:
    """Nobody leaves the office for a visit without the manager's approval and the clerk's receipt (WF-24)."""
    if approved_at is None:
        return refuse(
            "WF-24",
            Message("The manager has not approved this visit yet."),
            remedy=Message("Submit the plan for approval first."),
        )
    if received_at is None:
        return refuse(
            "WF-24",
            Message("The attendance clerk has not received the visit plan yet."),
            remedy=Message("Hand the plan to the attendance clerk, who notes its receipt."),
        )
    return Decision.allow()


def must_tell_where(has_position: bool, note: str) -> Decision:
    """Whoever checks in tells where he is, or why the position cannot be told."""
    if has_position or note.strip():
        return Decision.allow()
    return refuse(
        "WF-24",
        Message("There is no position."),
        remedy=Message("Allow the position, or write down why there is none."),
    )


def may_report_on(was_there: bool, same_customer: bool) -> Decision:
    """A report is on a visit that took place, at the same customer (VIS-06)."""
    if not same_customer:
        return refuse("VIS-06", Message("The plan is for a visit to another customer."))
    if not was_there:
        return refuse(
            "VIS-06",
            Message("This visit has not begun yet."),
            remedy=Message("Note the departure and check in at the customer’s first."),
        )
    return Decision.allow()


def must_stay_open(is_dissatisfaction: bool) -> Decision:
    """What a customer is dissatisfied with is solved, not dropped (VIS-04)."""
    if not is_dissatisfaction:
        return Decision.allow()
    return refuse(
        "VIS-04",
        Message("A visit found the customer dissatisfied with this; it stays open until it is solved."),
        remedy=Message("Solve it and say so with “done”, or pass it on to who can."),
    )


def must_say_how(is_dissatisfaction: bool, result: str) -> Decision:
    """Whoever has solved it says how (VIS-04)."""
    if not is_dissatisfaction or result.strip():
        return Decision.allow()
    return refuse(
        "VIS-04",
        Message("It is not said how the customer’s dissatisfaction was solved."),
        remedy=Message("Write it under “result”."),
    )


# ---- Contacts and minutes (WF-19, WF-27) -----------------------------------------------------------------------------


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


# ---- Meetings with customers (WF-25, WF-28) --------------------------------------------------------------------------


def must_have_a_minute_taker(is_with_customer: bool, has_minute_taker: bool) -> Decision:
    """At a meeting with a customer somebody named keeps the minutes (WF-25)."""
    if not is_with_customer or has_minute_taker:
        return Decision.allow()
    return refuse(
        "WF-25",
        Message("Nobody is named who keeps the minutes of this meeting with a customer."),
        remedy=Message("Name under “keeps the minutes” who does."),
    )


def must_say_what_came_of_it(has_customer: bool, result: str) -> Decision:
    """Every meeting and every call with a customer is recorded in its details (WF-28)."""
    if not has_customer or result.strip():
        return Decision.allow()
    return refuse(
        "WF-28",
        Message("It is not recorded what was said with the customer."),
        remedy=Message("Write under “what came of it” what was said and agreed."),
    )
