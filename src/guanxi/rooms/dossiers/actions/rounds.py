"""Beginning a round of revision, and binding all volumes of a class: work for a job."""

from __future__ import annotations

import datetime
from typing import Any
from uuid import UUID

from django.db import models
from django.utils.translation import gettext_lazy as _

from guanxi.kernel.dates import add_months
from guanxi.kernel.messages import Message
from guanxi.platform.access.models import PersonRole
from guanxi.platform.jobs import starting
from guanxi.platform.people.models import Person
from guanxi.platform.policy.values import value_of
from guanxi.records.actions import Action, run, run_many
from guanxi.records.context import Context, system_context
from guanxi.records.fields import asked
from guanxi.records.standard import CREATE, create
from guanxi.records.steps import Steps, chunks
from guanxi.records.work import Item
from guanxi.rooms.customers.public import Customer
from guanxi.rooms.dossiers.actions.upkeep import BIND_VOLUME
from guanxi.rooms.dossiers.models import DossierClass, Review, ReviewRound, VolumeState
from guanxi.rooms.dossiers.policies import ROUND_DAYS, ROUND_MONTHS
from guanxi.rooms.dossiers.queries.upkeep import finding, sales_of_two_intervals

ROUND, REVIEW, VOLUME = "dossiers.reviewround", "dossiers.review", "dossiers.volume"
BINDING, LISTING = "dossiers.bind_year", "dossiers.list_round"
CHUNK = 200


# ---- The yearly binding ----------------------------------------------------------------------------------------------


def _perform_bind_year(ctx: Context, record: Any, values: dict[str, Any]) -> None:
    payload = {"dossier_class": values["dossier_class"], "handed_on": ctx.handed_on(), "actor": str(ctx.actor.pk)}
    title = Message("Binding: %(class)s", **{"class": DossierClass(values["dossier_class"]).label})
    starting.start(BINDING, ctx.actor, payload, title, ctx.now)


BIND_YEAR = Action(
    name="bind_year",
    label=_("Bind a class for the year"),
    icon="books",
    on_record=False,
    inputs=(
        asked(
            "dossier_class", _("class"), models.CharField(max_length=1, choices=DossierClass.choices), required=True
        ),
    ),
    confirm=_("Bind every open volume of this class? What is filed from then on begins new volumes."),
    perform=_perform_bind_year,
    undoable=False,
)  # fmt: skip


def bind_all(ctx: Context, dossier_class: str, steps: Steps) -> int:
    """Bind every open volume of a class that holds anything; returns how many (ARC-19)."""
    volumes = ctx.search(VOLUME, BIND_VOLUME.name).filter(dossier_class=dossier_class, state=VolumeState.OPEN)
    keys = list(volumes.filter(documents__isnull=False).distinct().order_by("number").values_list("pk", flat=True))
    for done, key in enumerate(keys, start=1):
        run(BIND_VOLUME, ctx, VOLUME, key)
        steps.step(done, len(keys))
    return len(keys)


# ---- Rounds of revision ----------------------------------------------------------------------------------------------


def keeper() -> Person | None:
    """Who keeps the archive: the first of those who hold the role; in his name rounds begin by themselves."""
    held = PersonRole.objects.filter(role__code="archivist", role__deleted_at=None, deleted_at=None)
    people = Person.objects.filter(pk__in=held.values("person"), is_active=True, deleted_at=None)
    return people.order_by("name_pinyin", "pk").first()


def begin_round_if_due(at: datetime.datetime) -> ReviewRound | None:
    """Begin the next round when the interval since the last one is over (ARC-33); None when it is not."""
    person = keeper()
    if person is None:
        return None
    ctx = system_context(person, now=at)
    last = ReviewRound.objects.filter(deleted_at=None).order_by("-opened_on").first()
    if last is not None and ctx.today < add_months(last.opened_on, value_of(ROUND_MONTHS, ctx.today)):
        return None
    due = ctx.today + datetime.timedelta(days=value_of(ROUND_DAYS, ctx.today))
    begun: ReviewRound = create(ctx, ROUND, opened_on=ctx.today, due_on=due)
    starting.start(LISTING, person, {"review_round": str(begun.pk)}, at=at)
    return begun


def list_customers(ctx: Context, key: UUID | str, steps: Steps) -> int:
    """Enter every customer of the day into a round, once each; returns how many were entered now."""
    review_round = ReviewRound.objects.get(pk=key)
    listed = Review.objects.filter(round=review_round).values("customer")
    waiting = Customer.objects.filter(deleted_at=None).exclude(pk__in=listed).select_related("owner").order_by("pk")
    customers = list(waiting.only("pk", "owner__name", "owner__department"))
    done = 0
    for part in chunks(customers, CHUNK):
        run_many(CREATE, ctx, REVIEW, _reviews(ctx, review_round, part))
        done += len(part)
        steps.step(done, len(customers))
    return done


def _reviews(ctx: Context, review_round: ReviewRound, customers: list[Customer]) -> list[Item]:
    sales = sales_of_two_intervals([customer.pk for customer in customers], review_round.opened_on)
    return [
        Item(
            data={
                "round": review_round, "customer": customer, "due_on": review_round.due_on,
                "owner": customer.owner or ctx.actor, "sales": now, "sales_before": before,
                "finding": finding(now, before, review_round.opened_on),
            },
            confirmed=True,
        )
        for customer in customers
        for now, before in [sales[customer.pk]]
    ]  # fmt: skip
