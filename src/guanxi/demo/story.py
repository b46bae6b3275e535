"""A year with one customer: orders, talks, visits, tasks, and what is learnt on the way."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

from guanxi.demo.clientele import Client, say
from guanxi.demo.offer import BOTTLES, RIVALS, Bottle, dealer_price
from guanxi.demo.people_names import person_name
from guanxi.demo.sources import Sources
from guanxi.demo.timetable import Entry, Made, Timetable
from guanxi.demo.working_year import WorkingYear, season

ORDERS_A_YEAR = {1: 7, 2: 12, 4: 18, 8: 28}
DAYS_BETWEEN_TALKS = {"prospect": 70, "following": 24, "dealing": 36, "at_risk": 55, "lost": 110}
#: Minutes after opening at which things are written up; a visit is closed and a task settled after it was entered.
ORDERS, TALKS, VISITS, LEARNT, CLOSING = 440, 465, 480, 495, 510
#: What is learnt besides is written up every second week, everything else weekly.
WEEK, FORTNIGHT = 5, 10
#: One in so many new customers is spoken to late.
LATE_FIRST_CONTACTS = 29
TALK_KINDS = ("phone", "phone", "wechat", "wechat", "email", "reception")
STEPS = ["preparation", "observation", "opening", "presentation", "refusals", "closing"]
AFTER_VISITS = ("两周内电话确认执行情况", "下次带样品再访", "寄送合同文本")
COLLEAGUES = ("service", "storekeeper", "finance", "clerk")


class Story:
    """One customer's year, planned into the timetable."""

    def __init__(self, plan: Timetable, sources: Sources, year: WorkingYear, client: Client) -> None:
        self.plan, self.sources, self.chance, self.year, self.client = plan, sources, sources.chance, year, client
        self.start = client.since.date()
        self.customer = Made(client.key)

    def tell(self) -> None:
        """Plan everything."""
        if self.client.deals:
            self._orders()
        self._meet()
        self._talks()
        self._visits()
        self._tasks()
        self._learn()
        self._hear_from_colleagues()
        if self.client.company.trade.market_role == "dealer" and self.client.deals:
            self._downstream()

    # ---- Orders --------------------------------------------------------------------------------------------------

    def _orders(self) -> None:
        """Orders follow the season and the customer's own trend; a lost one stops ordering in the course of it."""
        days = [day for day in self.year.days if day >= self.start]
        if not days:
            return
        last = days[-1]
        ends = days[len(days) * 2 // 3] if self.client.status == "lost" else last
        weights = [season(day) * max(20, 100 + self._drift(day)) if day <= ends else 0 for day in days]
        count = max(1, ORDERS_A_YEAR[self.client.size] * len(days) // len(self.year.days))
        liked = self.chance.sample(BOTTLES, min(len(BOTTLES), 3 + self.client.size))
        for number, day in enumerate(sorted(self.chance.choices(days, weights, k=count)), start=1):
            self._order(day, number, liked)

    def _drift(self, day: datetime.date) -> int:
        """How far the customer has grown or shrunk by that day, in per cent of where the year began."""
        return self.client.trend * (day - self.year.first).days // 365

    def _order(self, day: datetime.date, number: int, liked: list[Bottle]) -> None:
        chance, client = self.chance, self.client
        bottle = chance.choice(liked)
        cases = max(2, client.size * chance.randint(2, 9) * season(day) * (100 + self._drift(day)) // 10000)
        quantity, price = cases * bottle.case, dealer_price(bottle, 72)
        values = {
            "customer": self.customer, "ordered_on": day, "product": Made(bottle.key), "goods": bottle.name,
            "quantity": Decimal(quantity), "amount": quantity * price,
            "order_number": f"XS{day:%y%m%d}-{client.key.removeprefix('customer ')}{number:02}",
        }  # fmt: skip
        lost_share = 30 if client.status in ("at_risk", "lost") else 7
        if chance.randrange(100) < lost_share:
            rival = chance.randrange(len(RIVALS))
            values |= {
                "went_to": "competitor", "competitor": Made(f"rival {rival}"), "our_price": price,
                "their_price": (price * chance.randint(82, 98) / 100).quantize(Decimal(1)), "order_number": "",
                "lost_reason": chance.choice(("price", "price", "delivery", "relation", "brand", "service")),
                "comparison": say(self.sources, "lost", client),
            }  # fmt: skip
        self._enter(day, ORDERS, "customers.marketflow", values)

    # ---- Talks and visits ----------------------------------------------------------------------------------------

    def _days_apart(self, gap: int) -> list[datetime.date]:
        """Working days about so many days apart, from the customer's first day on."""
        day, found = self.start + datetime.timedelta(days=self.chance.randint(0, gap)), []
        while day <= self.year.today:
            found.append(self.year.on_or_after(day))
            day += datetime.timedelta(days=self.chance.randint(gap * 2 // 3, gap * 4 // 3))
        return found

    def _meet(self) -> None:
        """Who is new is spoken to within its first week, nearly always (WF-17)."""
        late = sum(map(ord, self.client.key)) % LATE_FIRST_CONTACTS == 0
        day = self.year.on_or_after(self.start + datetime.timedelta(days=9 if late else self.chance.randint(1, 5)))
        if day >= self.year.today or self.client.status not in ("prospect", "following"):
            return
        values = {
            "customer": self.customer, "kind": "visit", "contact": Made(f"{self.client.key} contact 0"),
            "happened_at": self.year.moment(day, 200), "content": say(self.sources, "talk", self.client),
        }  # fmt: skip
        self.plan.add(Entry(self.year.moment(day, TALKS), self.client.username, "engagement.followup", values))

    def _talks(self) -> None:
        chance, client = self.chance, self.client
        for day in self._days_apart(max(12, DAYS_BETWEEN_TALKS[client.status] - 2 * client.size)):
            values: dict[str, Any] = {
                "customer": self.customer, "kind": chance.choice(TALK_KINDS),
                "contact": Made(f"{client.key} contact {chance.randrange(len(client.people))}"),
                "happened_at": self.year.moment(day, chance.randrange(20, 430)),
                "content": say(self.sources, "talk", client),
            }  # fmt: skip
            if chance.random() < 0.6:
                values["next_step"] = say(self.sources, "next_step", client)
                values["next_on"] = day + datetime.timedelta(days=chance.randint(2, 14))
            self._enter(day, TALKS, "engagement.followup", values)

    def _visits(self) -> None:
        chance, client = self.chance, self.client
        for number, day in enumerate(self._days_apart(90 if client.size < 4 else 55)):
            key = f"{client.key} visit {number}"
            values = {
                "customer": self.customer, "visited_on": day, "met": "、".join(chance.sample(client.people, 1)),
                "purpose": chance.choice(("routine", "routine", "negotiation", "collection", "greeting", "survey")),
                "place": client.company.place.city, "content": say(self.sources, "visit", client),
                "outcome": say(self.sources, "outcome", client),
                "steps": STEPS[: 2 + (number + client.size) % 5], "next_step": AFTER_VISITS[number % len(AFTER_VISITS)],
            }  # fmt: skip
            if number % 4 == 1:
                values["lines"] = [{"name": client.people[0], "post": "采购负责人", "decides": True}]
            self._enter(day, VISITS, "engagement.visitreport", values, key=key)
            if (self.year.today - day).days > 6 or chance.random() < 0.5:
                facts = say(self.sources, "fact", client) if chance.random() < 0.3 else ""
                told = {"archive_facts": facts, "nothing_new": not facts}
                if sum(map(ord, key)) % 9 == 0:
                    self._try_in_vain(day, CLOSING - 3, "engagement.visitreport", "close_visit", key)
                self._do(day, CLOSING, "engagement.visitreport", "close_visit", key, told)

    # ---- Tasks and notes -----------------------------------------------------------------------------------------

    def _tasks(self) -> None:
        """Most tasks get done, some in time; the newest are open, and a few have been overlooked."""
        chance = self.chance
        for number, day in enumerate(self._days_apart(130)):
            key = f"{self.client.key} task {number}"
            due = self.year.on_or_after(day + datetime.timedelta(days=chance.randint(2, 15)))
            if due <= day:
                due = day + datetime.timedelta(days=chance.randint(2, 9))
            values = {
                "customer": self.customer, "subject": say(self.sources, "task", self.client), "due_on": due,
                "priority": chance.choice(("high", "normal", "normal", "normal", "low")),
            }  # fmt: skip
            self._enter(day, LEARNT, "engagement.task", values, key=key)
            fate = chance.randrange(100)
            settled = self.year.on_or_after(due + datetime.timedelta(days=chance.choice((-1, 0, 0, 2))))
            # Nothing stays overlooked for long: the superior reads the list of late tasks.
            overlooked = fate >= 88 and due > self.year.today - datetime.timedelta(days=12)
            if overlooked:
                continue
            entered = self.year.desk_day(day, FORTNIGHT)
            settled = max(settled, self.year.on_or_after(entered + datetime.timedelta(days=1)))
            if settled < self.year.today:
                verb = "drop_task" if fate < 5 else "complete_task"
                result = (
                    "情况有变，不再需要。" if verb == "drop_task" else say(self.sources, "task_result", self.client)
                )
                self._do(settled, CLOSING, "engagement.task", verb, key, {"result": result})
        if chance.random() < 0.5:
            day = self.year.some_day(chance, self.start)
            values = {
                "customer": self.customer, "subject": say(self.sources, "memo", self.client),
                "content": say(self.sources, "memo_text", self.client),
            }  # fmt: skip
            self._enter(day, LEARNT, "engagement.memo", values)

    def _learn(self) -> None:
        """Needs, changes and information, more of those who matter more; trade policy for key accounts."""
        chance, client = self.chance, self.client
        for _need in range(chance.randint(0, 2)):
            day = self.year.some_day(chance, self.start)
            self._enter(day, LEARNT, "customers.need", {
                "customer": self.customer, "content": say(self.sources, "need", client), "collected_on": day,
                "occasion": chance.choice(("daily", "entertaining", "festival", "banquet", "resale")),
                "product": Made(chance.choice(BOTTLES).key),
            })  # fmt: skip
        for _change in range(chance.choice((0, 0, 1, 1, 2))):
            day = self.year.some_day(chance, self.start)
            kind, section = chance.choice((
                ("operating_news", "news"), ("market_change", "market_change"), ("person_in_charge", "charge_change"),
                ("ownership", "ownership_change"),
            ))  # fmt: skip
            self._enter(day, LEARNT, "customers.changeevent", {
                "customer": self.customer, "kind": kind, "happened_on": day,
                "content": say(self.sources, section, client),
                "source": chance.choice(("sales_staff", "market_feedback", "website")),
            })  # fmt: skip
        for source in chance.sample(_INFORMATION, chance.randint(2, 4) if client.size >= 4 else chance.randint(0, 1)):
            day = self.year.some_day(chance, self.start)
            self._enter(day, LEARNT, "customers.intelligencenote", {
                "customer": self.customer, "noted_on": day, "source": source,
                "content": say(self.sources, "intelligence", client),
            })  # fmt: skip
        if client.head or client.size == 8:
            self._know_the_market()

    def _know_the_market(self) -> None:
        chance, client = self.chance, self.client
        day = self.year.some_day(chance, self.start)
        self._enter(day, LEARNT, "customers.policynote", {
            "customer": self.customer, "noted_on": day, "area": client.company.place.province,
            "content": say(self.sources, "policy_note", client),
        })  # fmt: skip
        ours = chance.randint(15, 55)
        rival, bottle = chance.randrange(len(RIVALS)), chance.choice(BOTTLES)
        price = dealer_price(bottle, 72)
        self._enter(day, LEARNT, "customers.competitorstanding", {
            "customer": self.customer, "competitor": Made(f"rival {rival}"), "as_of": day, "our_share": Decimal(ours),
            "their_share": Decimal(chance.randint(5, 90 - ours)), "our_price": price,
            "their_price": (price * chance.randint(85, 115) / 100).quantize(Decimal(1)),
            "comparison": say(self.sources, "market_competition", client),
        })  # fmt: skip

    def _hear_from_colleagues(self) -> None:
        """What other departments hear of the customer: opinions, and contributions to its file."""
        chance, client = self.chance, self.client
        if chance.random() < 0.4:
            day = self.year.some_day(chance, self.start)
            self._enter(day, LEARNT, "customers.opinion", {
                "customer_name": client.company.name, "expressed_on": day,
                "content": say(self.sources, "opinion", client),
                "kind": chance.choice(("praise", "attitude", "suggestion", "suggestion", "dissatisfaction")),
                "improvement": chance.choice(("", "targeted", "general")),
            }, by=chance.choice(COLLEAGUES))  # fmt: skip
        if chance.random() < 0.25:
            day = self.year.some_day(chance, self.start)
            known = chance.random() < 0.85
            self._enter(day, LEARNT, "customers.contribution", {
                "customer_name": client.company.name if known else f"{client.company.place.city}一家新开的烟酒店",
                "collected_on": day, "content": say(self.sources, "contribution", client),
                "kind": chance.choice(("missing_data", "industry_trend", "competitor_news")),
                "source": chance.choice(("market_feedback", "insider", "internal_news")),
            }, by=chance.choice(COLLEAGUES))  # fmt: skip

    def _downstream(self) -> None:
        """A dealer's own customers; now and then one of them becomes an account of ours."""
        chance, client = self.chance, self.client
        place = client.company.place
        for number in range(chance.randint(1, 2 + client.size // 2)):
            below = self.sources.companies.company(place)
            key = f"{client.key} downstream {number}"
            self._enter(self.start, LEARNT, "customers.downstreamcustomer", {
                "customer": self.customer, "name": below.name, "city": place.city, "address": place.address(chance),
                "contact": person_name(chance)[0], "phone": self.sources.phones.mobile(),
                "yearly_volume": Decimal(chance.randint(2, 40) * 10000),
            }, key=key)  # fmt: skip
            if chance.random() < 0.04:
                day = self.year.some_day(chance, self.year.on_or_after(self.start + datetime.timedelta(days=30)))
                self._do(day, CLOSING, "customers.downstreamcustomer", "turn_into_account", key, {})

    # ---- Planning ------------------------------------------------------------------------------------------------

    def _written_up(self, day: datetime.date, minute: int) -> datetime.datetime:
        return max(
            self.year.moment(self.year.desk_day(day, FORTNIGHT if minute == LEARNT else WEEK), minute),
            self.client.since,
        )

    def _enter(
        self, day: datetime.date, minute: int, module: str, values: dict[str, Any], key: str = "", by: str = ""
    ) -> None:
        self.plan.add(Entry(self._written_up(day, minute), by or self.client.username, module, values, key=key))

    def _do(self, day: datetime.date, minute: int, module: str, action: str, key: str, values: dict[str, Any]) -> None:
        moment = self._written_up(day, minute)
        self.plan.add(Entry(moment, self.client.username, module, values, action=action, target=Made(key)))

    def _try_in_vain(self, day: datetime.date, minute: int, module: str, action: str, key: str) -> None:
        """In a hurry: without what the regulation asks for; a rule refuses it."""
        moment = self._written_up(day, minute)
        entry = Entry(moment, self.client.username, module, {}, action=action, target=Made(key), is_tried=True)
        self.plan.add(entry)


_INFORMATION = ("sales_staff", "market_feedback", "insider", "website", "internal_news", "competitor")
