"""The public pool: customers whom nobody looks after, for whoever takes them up."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from guanxi.records.models import Record
from guanxi.rooms.customers.models.customer import Customer, DemandLevel


class PoolState(models.TextChoices):
    """Whether a customer in the pool may still be had, and how it left the pool."""

    FREE = "free", _("to be claimed")
    CLAIMED = "claimed", _("claimed")
    ASSIGNED = "assigned", _("assigned")


class PoolCause(models.TextChoices):
    """How a customer came into the pool."""

    RETURNED = "returned", _("returned by its owner")
    RECYCLED = "recycled", _("taken back from its owner")
    NOBODYS = "nobodys", _("had no owner")


class PoolEntry(Record):
    """A customer's stay in the public pool (公海), from the day on which it came until somebody took it up.

    What may be seen of the customer before it is claimed stands here, as it was when it came: name, place, level, last
    contact. The customer itself, with its contacts, stays out of everybody's sight who had no right to it before
    (ADR 0068). The owner is who took it up; `lost_by` is whose it had been.
    """

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="pool_entries", verbose_name=_("customer"))
    name = models.CharField(_("company name"), max_length=120)
    province = models.CharField(_("province"), max_length=30, blank=True)
    city = models.CharField(_("city"), max_length=30, blank=True)
    demand_level = models.CharField(_("demand level"), max_length=1, choices=DemandLevel.choices, blank=True)
    last_contact_on = models.DateField(_("last contact"), null=True, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=PoolState.choices, default=PoolState.FREE)
    cause = models.CharField(_("came into the pool"), max_length=10, choices=PoolCause.choices)
    entered_on = models.DateField(_("in the pool since"))
    reason = models.TextField(_("reason"), blank=True)
    lost_by = models.ForeignKey(
        "people.Person",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("looked after before by"),
    )
    taken_on = models.DateField(_("taken up on"), null=True, blank=True)

    class Meta:
        verbose_name = _("customer in the pool")
        verbose_name_plural = _("public pool")
        constraints = [
            models.UniqueConstraint(
                fields=["customer"], condition=models.Q(deleted_at=None, state="free"), name="in_the_pool_once"
            )
        ]
        indexes = [
            models.Index(fields=["state", "-entered_on", "-id"], name="pool_entry_state"),
            models.Index(fields=["owner", "taken_on"], name="pool_entry_taken"),
        ]

    def __str__(self) -> str:
        return self.name
