"""Judgements on customers and their market: pure, each with its clause."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from guanxi.kernel.decision import Decision, refuse, warn
from guanxi.kernel.messages import Message
from guanxi.kernel.money import round_fen


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


def is_timely(age_days: int, target_days: int) -> bool:
    """Whether an archive last updated or checked so many days ago is up to date (ARC-37)."""
    return age_days <= target_days


def share_percent(part: int, whole: int) -> int | None:
    """`part` of `whole` in whole per cent, rounded down: 100 means all of it. None where there is nothing to judge."""
    return part * 100 // whole if whole else None


def may_correct(finding: str, has_value: bool, is_corrected: bool) -> Decision:
    """Only a wrong field whose correct value is known, and which is not corrected yet, can be put right (ARC-37)."""
    if finding != "wrong":
        return refuse("ARC-37", Message("This field was found right; there is nothing to correct."))
    if is_corrected:
        return refuse("ARC-37", Message("The archive has been corrected already."))
    if not has_value:
        return refuse(
            "ARC-37",
            Message("The check does not say what would be right."),
            remedy=Message("Enter the correct value in the check first."),
        )
    return Decision.allow()


def may_ask_again(asked_today: int, most_a_day: int) -> Decision:
    """Everybody may ask whether a company is known; asking through a whole list of names is no such question."""
    if asked_today < most_a_day:
        return Decision.allow()
    return refuse(
        "SEC-04",
        Message(
            "You have asked %(count)s times today; %(most)s a day are allowed.", count=asked_today, most=most_a_day
        ),
        remedy=Message("Ask again tomorrow, or ask the sales manager for a list."),
        asked=asked_today,
        most=most_a_day,
    )


def needs_request(sees: bool, is_waiting: bool) -> Decision:
    """Access is asked for where it is needed, and once at a time (SEC-03)."""
    if sees:
        return refuse("SEC-03", Message("You may see this customer already; no request is needed."))
    if is_waiting:
        return refuse(
            "SEC-03",
            Message("Your request for this customer is still waiting for a decision."),
            remedy=Message("Wait for it, or withdraw it first."),
        )
    return Decision.allow()


def may_last_until(until: datetime.date, today: datetime.date, most_days: int) -> Decision:
    """Access is granted for a limited time: today and at most so many days more (SEC-03)."""
    last = today + datetime.timedelta(days=most_days)
    if today <= until <= last:
        return Decision.allow()
    return refuse(
        "SEC-03",
        Message("Access lasts from today until %(last)s at most (%(days)s days).", last=last, days=most_days),
        remedy=Message("Choose a day within this time."),
        until=until,
        days=most_days,
    )


# ---- Consent (Personal Information Protection Law, art. 13 to 16) ----------------------------------------------------


@dataclass(frozen=True)
class ConsentFact:
    """One statement of a person about one channel and purpose: given, withdrawn or objected."""

    statement: str
    stated_at: datetime.datetime
    valid_until: datetime.date | None = None


def contact_permitted(
    facts: Iterable[ConsentFact], purpose: str, at: datetime.datetime, today: datetime.date
) -> Decision:
    """Whether a person may be contacted, from what he said up to `at`; of two things said at once the refusal holds.

    Carrying out a contract needs no consent (art. 13 no. 2): there an objection to the channel warns only. For anything
    else silence is no consent.
    """
    said = [fact for fact in facts if fact.stated_at <= at]
    last = max(said, key=lambda fact: (fact.stated_at, fact.statement != "given"), default=None)
    if last is not None and last.statement == "objected":
        objection = Message("The person does not want to be contacted this way.")
        remedy = Message("Choose another channel.")
        return warn("", objection, remedy) if purpose == "contract" else refuse("", objection, remedy)
    if purpose == "contract":
        return Decision.allow()
    ask = Message("Ask the person and enter the consent first.")
    if last is None:
        return refuse("", Message("The person has not consented (Personal Information Protection Law, art. 13)."), ask)
    if last.statement == "withdrawn":
        return refuse("", Message("The consent was withdrawn (Personal Information Protection Law, art. 15)."), ask)
    if last.valid_until is not None and last.valid_until < today:
        return refuse("", Message("The consent ended on %(day)s.", day=last.valid_until), ask)
    return Decision.allow()


def is_staff_or_stranger(internal: bool, has_person: bool) -> Decision:
    """An internal promoter is one of our people, an external one is not (ARC-17)."""
    if internal and not has_person:
        return refuse(
            "ARC-17",
            Message("An internal promoter is a member of staff, but none is named."),
            remedy=Message("Choose the member of staff, or say that the promoter is external."),
        )
    if not internal and has_person:
        return refuse(
            "ARC-17",
            Message("An external promoter is named as a member of staff."),
            remedy=Message("Take the member of staff out, or say that the promoter is internal."),
        )
    return Decision.allow()


def one_scheme_at_a_time(other: str) -> Decision:
    """For each side one commission scheme holds on a day (ARC-17); `other`: one that has days in common, or ""."""
    if other:
        return refuse(
            "ARC-17",
            Message(
                "On some of these days the commission scheme “%(other)s” holds for the same promoters.", other=other
            ),
            remedy=Message("Let the other scheme end before this one begins."),
        )
    return Decision.allow()


def commission_of(amount: Decimal, rate: Decimal) -> Decimal:
    """The commission on a sale in yuan at `rate` per cent, rounded to the 分, half a 分 away from zero (ARC-17)."""
    return round_fen(amount * rate / 100)


# ---- The public pool -------------------------------------------------------------------------------------------------


def goes_on(since: datetime.date, days: int, warned_from: datetime.date, warning_days: int) -> datetime.date | None:
    """The last day on which contact keeps a customer with its owner; None: it never goes to the pool (SAL-14).

    `since`: the last contact, or the day on which it came into the owner's hands; `warned_from`: the day of the
    warning, after which he has `warning_days` in any case, however long he had been silent before.
    """
    if days <= 0:
        return None
    return max(since + datetime.timedelta(days=days), warned_from + datetime.timedelta(days=warning_days))


def may_leave_its_owner(has_owner: bool, objection: Message | None) -> Decision:
    """A customer with whom something is running stays with who began it; one without owner is in the pool anyway."""
    if not has_owner:
        return refuse("SAL-14", Message("Nobody looks after this customer; it is in the public pool already."))
    if objection is not None:
        return refuse(
            "SAL-14",
            Message("The customer cannot go to the pool: %(objection)s", objection=objection),
            remedy=Message("Bring that to an end first, or have the manager assign the customer to somebody else."),
        )
    return Decision.allow()


def may_be_claimed_by(given_up_on: datetime.date | None, today: datetime.date, rest_days: int) -> Decision:
    """Who gave a customer up or lost it does not claim it again at once; `given_up_on`: the last time, if ever."""
    if given_up_on is None:
        return Decision.allow()
    free_on = given_up_on + datetime.timedelta(days=rest_days)
    if today >= free_on:
        return Decision.allow()
    return refuse(
        "SAL-14",
        Message("This customer was yours until %(day)s; you may claim it again from %(free)s.", day=given_up_on,
                free=free_on),
        remedy=Message("Wait until then, or ask the manager to assign it to you."),
        days=rest_days,
    )  # fmt: skip


def may_claim_another(held: int, most_held: int, claimed_today: int, most_a_day: int) -> Decision:
    """Nobody holds, nor claims on one day, more customers than he can look after."""
    if held >= most_held:
        return refuse(
            "SAL-14",
            Message("You look after %(held)s customers; from %(most)s on no more are claimed.", held=held,
                    most=most_held),
            remedy=Message("Return customers that you do not follow any more."),
            held=held,
            most=most_held,
        )  # fmt: skip
    if claimed_today >= most_a_day:
        return refuse(
            "SAL-14",
            Message("You have claimed %(count)s customers today; %(most)s a day are allowed.", count=claimed_today,
                    most=most_a_day),
            remedy=Message("Go on tomorrow."),
            claimed=claimed_today,
            most=most_a_day,
        )  # fmt: skip
    return Decision.allow()


# ---- The seven stages ------------------------------------------------------------------------------------------------


def leads_on(order: tuple[str, ...], stage: str, reached: str) -> bool:
    """Whether what happened means a later stage than the customer's (VIS-01).

    Promotion and feedback belong to customers who were delivered to: a mail to one who never bought leads nowhere.
    """
    now, then = order.index(stage), order.index(reached)
    return then > now and (reached not in order[-2:] or now >= order.index("delivery"))


def may_go_on_to(order: tuple[str, ...], stage: str, wanted: str) -> Decision:
    """By hand a customer goes on to any later stage (VIS-01)."""
    if order.index(wanted) > order.index(stage):
        return Decision.allow()
    return _not_in_order(order, stage, wanted, Message("Choose a later stage, or go back with the reason."))


def may_go_back_to(order: tuple[str, ...], stage: str, wanted: str) -> Decision:
    """Back it goes with the reason, which stays in its history, and to an earlier stage only (VIS-01)."""
    if order.index(wanted) < order.index(stage):
        return Decision.allow()
    return _not_in_order(order, stage, wanted, Message("Choose an earlier stage."))


def _not_in_order(order: tuple[str, ...], stage: str, wanted: str, remedy: Message) -> Decision:
    places = {"now": order.index(stage) + 1, "wanted": order.index(wanted) + 1}
    return refuse(
        "VIS-01",
        Message("The customer is in stage %(now)s of 7; stage %(wanted)s was chosen.", **places),
        remedy=remedy,
        **places,
    )


def stage_by_its_owner(is_his: bool, owner: str) -> Decision:
    """The stage is entered by whoever looks after the customer, or by his superior (VIS-01)."""
    if is_his:
        return Decision.allow()
    return refuse(
        "VIS-01",
        Message("%(owner)s looks after this customer.", owner=owner),
        remedy=Message("Ask %(owner)s or his superior to enter the stage.", owner=owner),
    )
