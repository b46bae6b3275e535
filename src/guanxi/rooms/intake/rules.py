"""Judgements on information files: pure, each with its clause."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from uuid import UUID

from guanxi.kernel.decision import Decision, refuse, warn
from guanxi.kernel.messages import Message

# ---- Demand level (WF-01) --------------------------------------------------------------------------------------------

#: Sizes of the picklist that count as a large customer.
LARGE_SIZES = frozenset({"large", "very_large"})


@dataclass(frozen=True)
class Proposal:
    """The demand level that follows from what is known, and why; "" where too little is known."""

    level: str
    reasons: tuple[Message, ...]


def proposed_level(size: str, demand_size: str, urgency: str) -> Proposal:
    """A: a large customer or a large demand, and urgent; B: an idea of a need; C: none felt yet (WF-01).

    `size` is a value of the picklist of company sizes; each may be "" where it is not known. Without the urgency
    nothing can be said.
    """
    is_large_company, is_large_demand = size in LARGE_SIZES, demand_size == "large"
    told = []
    if is_large_company:
        told.append(Message("a large customer"))
    if is_large_demand:
        told.append(Message("a large demand"))
    if urgency == "urgent":
        told.append(Message("an urgent need"))
        return Proposal("A" if is_large_company or is_large_demand else "B", tuple(told))
    if urgency == "idea":
        return Proposal("B", (*told, Message("an idea of a need, not pressing")))
    if urgency == "latent":
        return Proposal("C", (*told, Message("no need felt yet")))
    return Proposal("", (Message("how urgent the need is has not been noted"),))


def may_be_graded(chosen: str, proposal: Proposal, reason: str) -> Decision:
    """Another level than the one proposed is chosen with a reason (WF-01)."""
    if not chosen or not proposal.level or chosen == proposal.level or reason.strip():
        return Decision.allow()
    return refuse(
        "WF-01",
        Message("Level %(proposed)s is proposed; %(chosen)s was chosen.", proposed=proposal.level, chosen=chosen),
        remedy=Message("Give the reason for another level, or leave the level empty."),
    )


# ---- Review and entry ------------------------------------------------------------------------------------------------


def may_be_collected_on(day: datetime.date, today: datetime.date) -> Decision:
    """Nothing is collected tomorrow: the two days begin with the day on which it was (WF-10)."""
    if day <= today:
        return Decision.allow()
    return refuse("WF-10", Message("The data cannot have been collected later than today."), collected_on=day)


def may_collection_move(was_recorded: bool) -> Decision:
    """The day of collection stays as it was recorded, or two days could become any number (WF-10)."""
    if not was_recorded:
        return Decision.allow()
    return refuse(
        "WF-10",
        Message("The day of collection stays as it was recorded."),
        remedy=Message("Discard the file as long as it is a draft, and record it anew."),
    )


def may_be_deleted(was_submitted: bool) -> Decision:
    """What was put before the manager once stays, or a refusal could be got round by collecting anew (WF-09)."""
    if not was_submitted:
        return Decision.allow()
    return refuse(
        "WF-09",
        Message("A file that was put before the manager is not deleted."),
        remedy=Message("The manager closes it, with the reason."),
    )


@dataclass(frozen=True)
class Recorded:
    """One record of a company: a file, or the customer that stands already. `number` orders what came at once."""

    id: UUID
    recorded_at: datetime.datetime
    number: str
    owner_id: UUID | None
    owner: str
    is_customer: bool = False
    decided_at: datetime.datetime | None = None
    is_approved: bool = False


def earlier_first(records: Sequence[Recorded]) -> list[Recorded]:
    """In the order in which they were recorded; of two of the same moment a customer, then the lower number (WF-14)."""
    return sorted(records, key=lambda one: (one.recorded_at, not one.is_customer, one.number))


def leading(records: Sequence[Recorded]) -> Recorded | None:
    """Whose the company is: by the business manager's last decision (WF-15), else by the earliest record (WF-14)."""
    decided = [one for one in records if one.decided_at is not None]
    if decided:
        return max(decided, key=lambda one: (one.decided_at, one.number))
    return earlier_first(records)[0] if records else None


def may_be_entered(own: UUID, records: Sequence[Recorded]) -> Decision:
    """A file is entered where it leads among the records of its company; `records` holds it too (WF-14, WF-15).

    Of a company that is a customer already no second one is made, whoever recorded it first.
    """
    known = next((one for one in records if one.is_customer), None)
    if known is not None:
        return refuse(
            "WF-14",
            Message("This company is a customer since %(at)s; responsible: %(owner)s.", at=known.recorded_at,
                    owner=known.owner or "—"),
            remedy=Message("The business manager can decide otherwise, with a reason."),
        )  # fmt: skip
    first = leading(records)
    if first is None or first.id == own:
        return Decision.allow()
    if first.decided_at is not None:
        return refuse(
            "WF-15",
            Message("The business manager has decided for %(owner)s.", owner=first.owner or "—"),
            remedy=Message("The business manager may decide anew."),
        )
    return _recorded_earlier(first)


def _recorded_earlier(first: Recorded) -> Decision:
    return refuse(
        "WF-14",
        Message("%(owner)s recorded this company earlier, at %(at)s.", at=first.recorded_at, owner=first.owner or "—"),
        remedy=Message("The business manager can decide otherwise, with a reason."),
    )


def may_become_customer(records: Sequence[Recorded], owner_id: UUID | None, only_by_file: bool) -> Decision:
    """A customer entered by any door: not past a file that the manager has not approved (WF-09).

    `records`: the open files of the same company; `owner_id`: whose the customer would be; `only_by_file`: whether
    customers come from files alone.
    """
    first = leading(records)
    if first is None:
        if not only_by_file:
            return Decision.allow()
        return refuse(
            "WF-09",
            Message("New customers come from information files that the manager has approved."),
            remedy=Message("Write an information file of this company and submit it."),
        )
    if not first.is_approved:
        return refuse(
            "WF-09",
            Message("%(owner)s has an information file of this company that the manager has not approved.",
                    owner=first.owner or "—"),
            remedy=Message("Have the file reviewed, and enter the customer from it."),
        )  # fmt: skip
    if first.owner_id != owner_id:
        return _recorded_earlier(first)
    return warn(
        "WF-09",
        Message("An approved information file of this company waits to be entered."),
        remedy=Message("Enter the customer from the file."),
    )


# ---- Places (WF-07) --------------------------------------------------------------------------------------------------

#: What a province or city may be called besides its name, the longest first.
_KINDS = (
    "维吾尔自治区", "壮族自治区", "回族自治区", "特别行政区", "自治区", "自治州", "地区", "省", "市", "盟",
)  # fmt: skip


def place_name(name: str) -> str:
    """A province or city without what kind of place it is: 四川省 and 四川 are one."""
    name = "".join(name.split())
    kind = next((kind for kind in _KINDS if name.endswith(kind) and len(name) > len(kind) + 1), "")
    return name.removesuffix(kind)


def place_key(province: str, city: str) -> str:
    """How a place is kept and looked up: "四川/成都"; a whole province ends in the stroke."""
    return f"{place_name(province)}/{place_name(city)}"


def may_be_responsible(standing: Sequence[tuple[str, datetime.date, datetime.date | None]]) -> Decision:
    """One place, one day, one salesperson (WF-07); `standing`: who else is named for it, and for which days."""
    for person, begins, ends in standing:
        return refuse(
            "WF-07",
            Message("%(person)s is responsible for this place from %(begins)s to %(ends)s.", person=person,
                    begins=begins, ends=ends or "…"),
            remedy=Message("End that row first, or choose other days."),
        )  # fmt: skip
    return Decision.allow()


# ---- Who may decide and file -----------------------------------------------------------------------------------------


def may_be_named(person: str, looks_after_customers: bool) -> Decision:
    """A customer is given to somebody who looks after customers (WF-15)."""
    if looks_after_customers:
        return Decision.allow()
    return refuse("WF-15", Message("%(person)s looks after no customers.", person=person))


def is_for_the_head(actor: UUID, head: UUID | None) -> Decision:
    """Who sorts and files is named by the marketing manager: the head of his department, where it has one (WF-12)."""
    if head is None or actor == head:
        return Decision.allow()
    return refuse("WF-12", Message("The marketing manager names who sorts and files."))


def is_for_the_assignee(actor: UUID, assignee: UUID | None) -> Decision:
    """What was assigned is closed as filed by who was named for it (WF-12)."""
    if assignee is None:
        return refuse(
            "WF-12",
            Message("Nobody has been named to sort and file this."),
            remedy=Message("The marketing manager names somebody."),
        )
    if actor == assignee:
        return Decision.allow()
    return refuse("WF-12", Message("Somebody else was named to sort and file this."))


# ---- Sharing out (WF-16, WF-17) --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Bearer:
    """Somebody among whom customers are shared out: how many he has, and his share in per cent of a full one."""

    id: UUID
    customers: int
    weight: int = 100


def shared_out(bearers: Sequence[Bearer], count: int) -> list[UUID]:
    """Who gets the first, the second … of so many customers: counts differ as little as shares allow (WF-16).

    Each goes to whom it brings least above his share (Webster's rule: the lowest of (2·count + 1) / weight). No other
    way has a smaller sum of count² / weight, which is least where counts are as the weights; with equal weights none
    has a smaller distance between the most and the fewest. Who has a weight of 0 gets none; equals in their order.
    """
    counts = {one.id: one.customers for one in bearers}
    able = [one for one in bearers if one.weight > 0]
    found: list[UUID] = []
    for _customer in range(count if able else 0):
        next_one = min(able, key=lambda one: Fraction(2 * counts[one.id] + 1, one.weight))
        counts[next_one.id] += 1
        found.append(next_one.id)
    return found


def may_be_passed_on(due_on: datetime.date, today: datetime.date, contacted_on: datetime.date | None) -> Decision:
    """A new customer goes to somebody else for want of contact when the week is over, and not before (WF-17)."""
    if contacted_on is not None:
        return refuse("WF-17", Message("The customer was contacted on %(day)s.", day=contacted_on))
    if today >= due_on:
        return Decision.allow()
    return refuse(
        "WF-17",
        Message("There is time to contact the customer until %(day)s.", day=due_on),
        remedy=Message("Wait until then; who is to give it up anyway is assigned another owner, with the reason."),
        due_on=due_on,
    )
