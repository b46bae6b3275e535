"""Judgements on contracts, opportunities, leads, plans, quotes and orders: pure, each with its clause."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from guanxi.kernel.decision import Decision, refuse
from guanxi.kernel.messages import Message
from guanxi.kernel.money import format_money


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


# ---- Plans -----------------------------------------------------------------------------------------------------------


def stands_once(is_taken: bool, name: str) -> Decision:
    """For one time the company, an area or a person has one plan (SAL-02)."""
    if not is_taken:
        return Decision.allow()
    return refuse(
        "SAL-02",
        Message("There is a plan for this already: %(plan)s.", plan=name),
        remedy=Message("Write the figure into that plan."),
    )


def fits_above(is_same_time: bool, is_above: bool) -> Decision:
    """A plan is part of a plan of the same days: an area's of the company's, a person's of his area's (SAL-03)."""
    if not is_same_time:
        return refuse(
            "SAL-03",
            Message("The plan it is broken down from runs at another time."),
            remedy=Message("Choose the plan of the same days, or leave it empty."),
        )
    if not is_above:
        return refuse(
            "SAL-03",
            Message("It cannot be part of that plan."),
            remedy=Message("An area's plan is part of the company's, a person's plan part of his area's."),
        )
    return Decision.allow()


def targets_within(parts: Decimal, whole: Decimal | None) -> Decision:
    """The targets of product categories are parts of the target: they are not more than it (SAL-01)."""
    if whole is None or parts <= whole:
        return Decision.allow()
    return refuse(
        "SAL-01",
        Message(
            "The product categories come to %(parts)s, the target is %(whole)s.",
            parts=format_money(parts),
            whole=format_money(whole),
        ),
        remedy=Message("Raise the target by %(more)s, or lower a category.", more=format_money(parts - whole)),
        parts=str(parts),
        whole=str(whole),
    )


def may_agree(has_figure: bool, is_own: bool) -> Decision:
    """A plan that is agreed says a figure, and nobody agrees with himself (SAL-02, SAL-08)."""
    if not has_figure:
        return refuse("SAL-02", Message("The plan has no figure yet."), remedy=Message("Enter the target amount."))
    if is_own:
        return refuse(
            "SAL-08",
            Message("Nobody agrees his own target with himself."),
            remedy=Message("The superior agrees to it, after you have talked about it."),
        )
    return Decision.allow()


def something_to_make(missing: int, is_possible: bool) -> Decision:
    """A plan is broken down where a part of it has no plan yet (SAL-03)."""
    if not is_possible:
        return refuse(
            "SAL-03",
            Message("This plan cannot be broken down so."),
            remedy=Message(
                "The company's plan goes to the areas, an area's to its people; a year, a quarter or a month is "
                "divided in time."
            ),
        )
    if not missing:
        return refuse(
            "SAL-03", Message("Every part has its plan already."), remedy=Message("Write the figures into those plans.")
        )
    return Decision.allow()


def has_been_held(day: datetime.date, today: datetime.date) -> Decision:
    """A talk is noted once it was held (SAL-08)."""
    if day <= today:
        return Decision.allow()
    return refuse(
        "SAL-08",
        Message("The talk would be held on %(day)s, which is to come.", day=day),
        remedy=Message("Enter the talk in the calendar, and note it when it was held."),
    )


# ---- Leads -----------------------------------------------------------------------------------------------------------

#: Which class of promotion a way belongs to (CMP-03); a way that the company has added has none until somebody says so.
CLASSES: dict[str, str] = {
    "trade_show": "traditional", "promotion_meeting": "traditional", "store_visit": "traditional",
    "print_ad": "traditional", "referral": "traditional",
    "cold_call": "telephone", "hotline": "telephone", "text_message": "telephone",
    "website": "online", "wechat": "online", "marketplace": "online", "search_ad": "online", "mailing": "online",
}  # fmt: skip


def must_have_class(source: str, channel: str) -> Decision:
    """Whoever was reached is counted under a class of promotion (CMP-03)."""
    if channel:
        return Decision.allow()
    return refuse(
        "CMP-03",
        Message("To which class of promotion “%(source)s” belongs is not known.", source=source),
        remedy=Message("Choose traditional, telephone or online."),
    )


def may_be_touched_on(day: datetime.date, today: datetime.date) -> Decision:
    """Nobody has been reached tomorrow (CMP-03)."""
    if day <= today:
        return Decision.allow()
    return refuse(
        "CMP-03",
        Message("The day of the first touch, %(day)s, lies in the future.", day=day),
        remedy=Message("Enter the day on which we came to know of each other."),
    )


def must_be_reachable(ways: Sequence[str]) -> Decision:
    """A lead whom nobody can reach is none (CRM-25)."""
    if any(ways):
        return Decision.allow()
    return refuse(
        "CRM-25",
        Message("There is no telephone number and no e-mail address."),
        remedy=Message("Enter at least one way to reach the person."),
    )


@dataclass(frozen=True)
class Points:
    """What each thing known of a lead is worth."""

    hot: int
    warm: int
    reachable: int
    email: int
    person: int
    large: int
    asked_us: int


@dataclass(frozen=True)
class Known:
    """What is known of a lead, as far as its score follows from it."""

    rating: str = ""
    has_number: bool = False
    has_email: bool = False
    has_person: bool = False
    size: str = ""
    source: str = ""


#: Sizes that count as a large company; ways on which the person turned to us, not we to him.
LARGE_SIZES = frozenset({"large", "very_large"})
ASKED_US = frozenset({"hotline", "website", "wechat", "marketplace", "referral"})
MOST_POINTS = 100


def score(known: Known, points: Points) -> tuple[int, tuple[tuple[Message, int], ...]]:
    """The score of a lead, at most 100, and what it is made of."""
    told = (
        (Message("rated hot"), points.hot, known.rating == "hot"),
        (Message("rated warm"), points.warm, known.rating == "warm"),
        (Message("turned to us of his own accord"), points.asked_us, known.source in ASKED_US),
        (Message("a large company"), points.large, known.size in LARGE_SIZES),
        (Message("can be called"), points.reachable, known.has_number),
        (Message("a person is named"), points.person, known.has_person),
        (Message("has an e-mail address"), points.email, known.has_email),
    )
    counted = tuple((why, worth) for why, worth, holds in told if holds and worth)
    return min(sum(worth for _why, worth in counted), MOST_POINTS), counted


def stays_on_record(is_converted: bool) -> Decision:
    """What became a customer is part of the customer's history, and is not deleted (CRM-24)."""
    if not is_converted:
        return Decision.allow()
    return refuse(
        "CRM-24",
        Message("This lead has become a customer."),
        remedy=Message("It stays with the customer; delete the customer where both are not wanted."),
    )


def makes_what_it_links(has_customer: bool, has_contact: bool, contact_is_theirs: bool) -> Decision:
    """A contact that stands already is chosen together with its customer (CRM-25)."""
    if not has_contact or (has_customer and contact_is_theirs):
        return Decision.allow()
    return refuse(
        "CRM-25",
        Message("The contact belongs to another customer."),
        remedy=Message("Choose the customer of this contact, or leave the contact empty."),
    )


# ---- Quotes and orders -----------------------------------------------------------------------------------------------


def of_the_customer(is_theirs: bool, clause: str) -> Decision:
    """Contact, opportunity and quote of a document belong to its customer."""
    if is_theirs:
        return Decision.allow()
    return refuse(
        clause,
        Message("Contact, opportunity and quote have to be of the same customer."),
        remedy=Message("Choose those of this customer, or leave them empty."),
    )


def still_valid(valid_until: datetime.date, today: datetime.date) -> Decision:
    """A quote that has run out is neither sent nor taken for an order (CRM-30)."""
    if valid_until >= today:
        return Decision.allow()
    return refuse(
        "CRM-30",
        Message("The quote was valid until %(day)s.", day=valid_until),
        remedy=Message("Revise it with a later day."),
    )


def promised_after(ordered_on: datetime.date, promised_on: datetime.date) -> Decision:
    """Nothing is promised for a day before it was ordered (SAL-06)."""
    if promised_on >= ordered_on:
        return Decision.allow()
    return refuse(
        "SAL-06",
        Message(
            "Delivery is promised for %(promised)s, before the day of the order, %(ordered)s.",
            promised=promised_on,
            ordered=ordered_on,
        ),
        remedy=Message("Enter the day by which the customer gets the goods."),
    )


def may_be_delivered_on(day: datetime.date, ordered_on: datetime.date, today: datetime.date) -> Decision:
    """Goods are delivered after they were ordered, and noted once they have been (SAL-06)."""
    if ordered_on <= day <= today:
        return Decision.allow()
    return refuse(
        "SAL-06",
        Message(
            "%(day)s cannot be the day of delivery: it lies between the order, %(ordered)s, and today.",
            day=day,
            ordered=ordered_on,
        ),
        remedy=Message("Enter the day on which the customer got the goods."),
    )


def may_delete_document(is_settled: bool, clause: str) -> Decision:
    """What the customer has been told or given stays on file."""
    if not is_settled:
        return Decision.allow()
    return refuse(
        clause,
        Message("Only what is still being written can be deleted."),
        remedy=Message("Note it as rejected or cancelled; it stays on file."),
    )


def nothing_invoiced(amount: Decimal) -> Decision:
    """An order of which something is invoiced is not cancelled (CRM-38)."""
    if amount <= 0:
        return Decision.allow()
    return refuse(
        "CRM-38",
        Message("%(amount)s of this order stand on invoices or drafts of them.", amount=format_money(amount)),
        remedy=Message("Delete the drafts, and take what was issued back by a red letter."),
        amount=str(amount),
    )


# ---- Reports on periods ----------------------------------------------------------------------------------------------


def has_something_written(clause: str, has_text: bool) -> Decision:
    """What is handed in says something (RPT-06, RPT-07)."""
    if has_text:
        return Decision.allow()
    return refuse(
        clause, Message("The report has no text yet."), remedy=Message("Write the text, or attach it as a file.")
    )


def period_has_begun(clause: str, begins_on: datetime.date, today: datetime.date) -> Decision:
    """Nobody reports on a time that is to come (RPT-06, RPT-07)."""
    if begins_on <= today:
        return Decision.allow()
    return refuse(
        clause,
        Message("The report is about a time that begins on %(day)s.", day=begins_on),
        remedy=Message("Hand it in when that time has come."),
    )


def stays_as_asked(clause: str, is_changed: bool) -> Decision:
    """What is owed by a day is not moved by whoever owes it (RPT-06, RPT-07)."""
    if not is_changed:
        return Decision.allow()
    return refuse(
        clause,
        Message("What a report is about, and by when, stays as it was asked for."),
        remedy=Message("Whoever asked for it deletes the report and asks for another."),
    )


def is_asked_once(clause: str, other: str) -> Decision:
    """A report on a time and subject is asked of one person (RPT-06, RPT-07)."""
    if not other:
        return Decision.allow()
    return refuse(
        clause,
        Message("“%(report)s” has been asked for already.", report=other),
        remedy=Message("Open that report, or name another subject."),
    )


# ---- Projects after a deal (SAL-05) ----------------------------------------------------------------------------------


def may_link_deal(is_won: bool, is_theirs: bool) -> Decision:
    """Onboarding follows a deal that was made, with the customer of the project (SAL-05)."""
    if not is_theirs:
        return refuse(
            "SAL-05",
            Message("The opportunity is one with another customer."),
            remedy=Message("Choose one of this customer, or leave it empty."),
        )
    if not is_won:
        return refuse(
            "SAL-05",
            Message("The opportunity has not been won."),
            remedy=Message("Note it as won first, or leave it empty."),
        )
    return Decision.allow()


def due_within(day: datetime.date, today: datetime.date, last: datetime.date | None = None) -> Decision:
    """A project, and each of its tasks, is for a day to come; a task no later than the project (SAL-05)."""
    if day < today:
        return refuse("SAL-05", Message("%(day)s has passed already.", day=day), remedy=Message("Name a day to come."))
    if last is not None and day > last:
        return refuse(
            "SAL-05",
            Message("The project is to be finished by %(last)s, before %(day)s.", last=last, day=day),
            remedy=Message("Name an earlier day, or give the project more time."),
        )
    return Decision.allow()


def all_is_done(still_open: int) -> Decision:
    """A project is finished once nobody has anything left to do in it (SAL-05)."""
    if not still_open:
        return Decision.allow()
    return refuse(
        "SAL-05",
        Message("%(count)s tasks of the project are still open.", count=still_open),
        remedy=Message("Have them done or dropped first."),
    )
