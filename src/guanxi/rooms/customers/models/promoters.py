"""Who brings in sales for a commission: promoters, the schemes that hold by date, and the sales credited (ARC-17)."""

from decimal import Decimal

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from guanxi.records.fields import MoneyField, PercentField, PhoneField, SealedField
from guanxi.records.models import Record
from guanxi.rooms.customers.models.customer import Customer


class Side(models.TextChoices):
    """Whether a promoter is one of us."""

    INTERNAL = "internal", _("internal staff")
    EXTERNAL = "external", _("external promoter")


class Promoter(Record):
    """Somebody who promotes our sales for a commission: one of our staff, or somebody from outside (ARC-17).

    An internal promoter is a person of the company; of an external one we keep how to reach and to identify him.
    """

    name = models.CharField(_("promoter"), max_length=60)
    side = models.CharField(_("internal or external"), max_length=8, choices=Side.choices)
    person = models.ForeignKey(
        "people.Person", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("member of staff")
    )
    phone = PhoneField(_("phone"))
    identity_number = SealedField(
        _("identity number"), what="identity", help_text=_("Sensitive: is kept sealed and shown masked.")
    )
    region = models.CharField(_("region"), max_length=60, blank=True)
    remarks = models.TextField(_("remarks"), blank=True)

    class Meta:
        verbose_name = _("promoter")
        verbose_name_plural = _("promoters")
        indexes = [models.Index(fields=["name", "id"], name="promoter_name")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(side="internal", person__isnull=False) | models.Q(side="external", person=None),
                name="internal_promoter_is_staff",
            ),
            models.UniqueConstraint(
                fields=["person"],
                condition=models.Q(deleted_at=None, person__isnull=False),
                name="one_promoter_per_person",
                violation_error_message=_("This member of staff is a promoter already."),
            ),
        ]


class CommissionScheme(Record):
    """What promoters of one side are promised, from a day on (ARC-17).

    `rate` is the commission in per cent of the sale. It holds from `begins_on` to `ends_on`, both included; for each
    side one scheme holds on a day. A later scheme does not touch what was credited under an earlier one.
    """

    name = models.CharField(_("commission scheme"), max_length=120)
    side = models.CharField(_("for whom"), max_length=8, choices=Side.choices)
    rate = PercentField(
        _("commission rate"), validators=[MinValueValidator(Decimal(0)), MaxValueValidator(Decimal(100))]
    )
    begins_on = models.DateField(_("begins on"))
    ends_on = models.DateField(_("last day"), null=True, blank=True)
    content = models.TextField(_("terms"), blank=True)

    class Meta:
        verbose_name = _("commission scheme")
        verbose_name_plural = _("commission schemes")
        indexes = [models.Index(fields=["side", "-begins_on"], name="commission_side")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_on=None) | models.Q(ends_on__gte=models.F("begins_on")),
                name="commission_ends_after",
            ),
            models.CheckConstraint(
                condition=models.Q(rate__gte=0) & models.Q(rate__lte=100), name="commission_rate_percent"
            ),
        ]


class PromotedSale(Record):
    """A sale credited to a promoter, with the commission it earns (ARC-17).

    `amount` and `commission` in yuan. Scheme, rate and commission are worked out when the sale is credited and kept:
    the rate of the scheme in force on the day of the sale, the commission rounded to the 分, half a 分 up. A sale that
    is taken back is credited with a negative amount.
    """

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="promoted_sales", verbose_name=_("customer"))
    promoter = models.ForeignKey(Promoter, models.PROTECT, related_name="sales", verbose_name=_("promoter"))
    sold_on = models.DateField(_("sold on"))
    order_number = models.CharField(_("order number"), max_length=40, blank=True)
    amount = MoneyField(_("sale"))
    scheme = models.ForeignKey(
        CommissionScheme, models.PROTECT, related_name="sales", verbose_name=_("commission scheme"), editable=False
    )
    rate = PercentField(_("commission rate"), editable=False)
    commission = MoneyField(_("commission"), editable=False)
    remarks = models.TextField(_("remarks"), blank=True)

    class Meta:
        verbose_name = _("promoted sale")
        verbose_name_plural = _("promoted sales")
        indexes = [
            models.Index(fields=["promoter", "-sold_on"], name="promoted_by"),
            models.Index(fields=["-sold_on", "-id"], name="promoted_on"),
        ]

    def __str__(self) -> str:
        return f"{self.promoter} {self.sold_on}"
