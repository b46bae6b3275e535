"""The market around the customer: competitors, where each order went, similar products, public relations."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from guanxi.records.fields import MoneyField, MultiPicklistField, PercentField, PhoneField, PicklistField
from guanxi.records.models import Record
from guanxi.rooms.customers import picklists
from guanxi.rooms.customers.models.customer import Customer


class Competitor(Record):
    """Somebody who sells to our customers what we sell: basic facts, tier and how its sellers are paid (ARC-16)."""

    name = models.CharField(_("competitor"), max_length=120)
    tier = PicklistField(
        _("tier"), picklist=picklists.COMPETITOR_TIER, blank=True, help_text=_("Where it stands beside us.")
    )
    region = models.CharField(_("region"), max_length=60, blank=True)
    products = models.CharField(_("products"), max_length=300, blank=True)
    strengths = models.TextField(_("strengths"), blank=True)
    weaknesses = models.TextField(_("weaknesses"), blank=True)
    price_policy = models.TextField(_("price policy"), blank=True)
    commission_method = models.TextField(
        _("commission method"), blank=True, help_text=_("How its own sellers and outside promoters are paid.")
    )
    remarks = models.TextField(_("remarks"), blank=True)

    class Meta:
        verbose_name = _("competitor")
        verbose_name_plural = _("competitors")
        indexes = [
            models.Index(fields=["name", "id"], name="competitor_name"),
            models.Index(fields=["tier", "name", "id"], name="competitor_tier"),
        ]


class CompetitorPromotion(Record):
    """A promotion scheme of a competitor, with its days and where we know it from (ARC-16).

    It holds from `begins_on` to `ends_on`, both included; without an end it is still going on.
    """

    competitor = models.ForeignKey(Competitor, models.PROTECT, related_name="promotions", verbose_name=_("competitor"))
    name = models.CharField(_("promotion scheme"), max_length=120)
    begins_on = models.DateField(_("begins on"))
    ends_on = models.DateField(_("last day"), null=True, blank=True)
    content = models.TextField(_("what is offered"))
    region = models.CharField(_("region"), max_length=60, blank=True)
    source = PicklistField(_("source of information"), picklist=picklists.INFORMATION_SOURCE)

    class Meta:
        verbose_name = _("competitor's promotion")
        verbose_name_plural = _("competitors' promotions")
        indexes = [
            models.Index(fields=["competitor", "-begins_on"], name="promotion_competitor"),
            models.Index(fields=["-changed_at", "-id"], name="promotion_changed"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_on=None) | models.Q(ends_on__gte=models.F("begins_on")),
                name="promotion_ends_after",
            )
        ]


class MarketTrend(Record):
    """What moves in our trade in one area, over a period, and who says so (ARC-16).

    The period includes both its days; `noted_on` is the day on which the source said it.
    """

    name = models.CharField(_("trend"), max_length=160)
    period_from = models.DateField(_("period from"))
    period_until = models.DateField(_("period until"))
    noted_on = models.DateField(_("noted on"))
    area = MultiPicklistField(_("area of the market"), picklist=picklists.MARKET_AREA)
    source = PicklistField(_("source of information"), picklist=picklists.INFORMATION_SOURCE)
    reference = models.CharField(
        _("where it was read or heard"), max_length=200, blank=True, help_text=_("Publication, page, speaker.")
    )
    content = models.TextField(_("content"))
    file = models.ForeignKey(
        "files.StoredFile", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("attached file")
    )

    class Meta:
        verbose_name = _("market trend")
        verbose_name_plural = _("market trends")
        indexes = [
            models.Index(fields=["-period_from", "-id"], name="trend_period"),
            models.Index(fields=["-noted_on", "-id"], name="trend_noted"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(period_until__gte=models.F("period_from")), name="trend_ends_after"
            )
        ]


class TrendReference(Record):
    """A customer's file refers to a market trend, and says what it means for this customer (ARC-16)."""

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="trend_references", verbose_name=_("customer"))
    trend = models.ForeignKey(MarketTrend, models.PROTECT, related_name="references", verbose_name=_("trend"))
    meaning = models.TextField(_("what it means for this customer"), blank=True)

    class Meta:
        verbose_name = _("reference to a trend")
        verbose_name_plural = _("references to trends")
        indexes = [models.Index(fields=["-changed_at", "-id"], name="trend_reference_changed")]
        constraints = [
            models.UniqueConstraint(
                fields=["customer", "trend"],
                condition=models.Q(deleted_at=None),
                name="one_reference_to_a_trend",
                violation_error_message=_("This customer refers to this trend already."),
            )
        ]

    def __str__(self) -> str:
        return str(self.trend)


class CompetitorStanding(Record):
    """How we stand against one competitor at one customer, in figures (ARC-07)."""

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="standings", verbose_name=_("customer"))
    competitor = models.ForeignKey(Competitor, models.PROTECT, related_name="standings", verbose_name=_("competitor"))
    as_of = models.DateField(_("as of"))
    our_share = PercentField(_("our share"), null=True, blank=True)
    their_share = PercentField(_("their share"), null=True, blank=True)
    our_price = MoneyField(_("our price"), null=True, blank=True)
    their_price = MoneyField(_("their price"), null=True, blank=True)
    comparison = models.TextField(_("comparison"), blank=True)

    class Meta:
        verbose_name = _("standing against a competitor")
        verbose_name_plural = _("standings against competitors")
        indexes = [models.Index(fields=["customer", "-as_of"], name="standing_customer")]

    def __str__(self) -> str:
        return str(self.competitor)


class WentTo(models.TextChoices):
    """Who got the order."""

    US = "us", _("us")
    COMPETITOR = "competitor", _("a competitor")


class Direction(models.TextChoices):
    """Whether the customer bought or, being our supplier too, sold to us."""

    SALE = "sale", _("sold to the customer")
    PURCHASE = "purchase", _("bought from the customer")


class MarketFlow(Record):
    """One order of a customer and where it went, to us or to which competitor: the market flow (ARC-07)."""

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="flows", verbose_name=_("customer"))
    ordered_on = models.DateField(_("ordered on"))
    order_number = models.CharField(_("order number"), max_length=40, blank=True)
    direction = models.CharField(_("direction"), max_length=8, choices=Direction.choices, default=Direction.SALE)
    product = models.ForeignKey(
        "catalog.Product", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("product")
    )
    goods = models.CharField(_("goods"), max_length=120, blank=True)
    quantity = models.DecimalField(_("quantity"), max_digits=14, decimal_places=3, null=True, blank=True)
    amount = MoneyField(_("amount"), null=True, blank=True)
    went_to = models.CharField(_("went to"), max_length=10, choices=WentTo.choices, default=WentTo.US)
    competitor = models.ForeignKey(
        Competitor, models.PROTECT, null=True, blank=True, related_name="flows", verbose_name=_("competitor")
    )
    our_price = MoneyField(_("our price"), null=True, blank=True)
    their_price = MoneyField(_("their price"), null=True, blank=True)
    lost_reason = PicklistField(_("why it went elsewhere"), picklist=picklists.LOST_REASON, blank=True)
    comparison = models.TextField(_("comparison"), blank=True)

    class Meta:
        verbose_name = _("market flow entry")
        verbose_name_plural = _("market flow")
        indexes = [
            models.Index(fields=["customer", "-ordered_on"], name="flow_customer"),
            models.Index(fields=["-ordered_on", "-id"], name="flow_date"),
        ]

    def __str__(self) -> str:
        return self.order_number or str(self.goods or self.ordered_on)


class SimilarProduct(Record):
    """A competing product on the market (ARC-39: the archive of similar products)."""

    name = models.CharField(_("product"), max_length=120)
    competitor = models.ForeignKey(
        Competitor, models.PROTECT, null=True, blank=True, related_name="products_listed", verbose_name=_("maker")
    )
    specification = models.CharField(_("specification"), max_length=120, blank=True)
    price = MoneyField(_("retail price"), null=True, blank=True)
    region = models.CharField(_("region"), max_length=60, blank=True)
    our_product = models.ForeignKey(
        "catalog.Product",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("competes with our product"),
    )
    observed_on = models.DateField(_("observed on"), null=True, blank=True)
    remarks = models.TextField(_("remarks"), blank=True)

    class Meta:
        verbose_name = _("similar product")
        verbose_name_plural = _("similar products")
        indexes = [models.Index(fields=["name", "id"], name="similar_product_name")]


class PublicContact(Record):
    """Somebody in the public environment: authorities, media, associations (ARC-39)."""

    name = models.CharField(_("name"), max_length=60)
    organisation = models.CharField(_("organisation"), max_length=120)
    kind = PicklistField(_("kind"), picklist=picklists.PUBLIC_KIND, default="government")
    post = models.CharField(_("post"), max_length=60, blank=True)
    phone = PhoneField(_("phone"))
    region = models.CharField(_("region"), max_length=60, blank=True)
    remarks = models.TextField(_("remarks"), blank=True)

    class Meta:
        verbose_name = _("public relations contact")
        verbose_name_plural = _("public relations contacts")
        indexes = [models.Index(fields=["name", "id"], name="public_contact_name")]
