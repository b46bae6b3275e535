"""The customer: one account with one permanent number for everything any department knows of it."""

from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from guanxi.records.fields import (
    AddressField,
    MoneyField,
    MultiPicklistField,
    PhoneField,
    PicklistField,
    TagsField,
)
from guanxi.records.models import Record
from guanxi.rooms.customers import picklists

#: The blocks of the archive over which completeness is counted (ARC-02, ARC-06, ARC-08, ARC-09), each with its fields.
BLOCKS: tuple[tuple[str, Any, tuple[str, ...]], ...] = (
    ("basic", _("Basic data"), (
        "address", "phone", "operating_manager", "legal_representative", "first_dealing_on", "goods_consumed",
        "credit_code", "source",
    )),
    ("characteristics", _("Characteristics"), (
        "market_area", "business_scope", "sales_capability", "growth_potential", "business_philosophy",
        "business_methods", "business_policies", "characteristics",
    )),
    ("transaction", _("Transaction status"), (
        "sales_activity", "existing_problems", "our_strategy", "outlook", "image", "reputation", "financial_state",
        "credit_standing",
    )),
    ("products", _("Product structure"), ("product_structure",)),
    ("competition", _("Market competition"), ("market_competition", "competitiveness")),
    ("dealings", _("Dealings with us"), ("dealings_with_us",)),
    ("credit", _("Credit capability"), ("credit_capability",)),
    ("market", _("Market capacity"), ("market_capacity",)),
    ("performance", _("Operating performance"), ("operating_performance",)),
    ("organisation", _("Organisation and economic nature"), ("organisation_structure", "economic_nature")),
    ("network", _("Own customer network"), ("network_scale", "network_reach")),
)  # fmt: skip


class CustomerKind(models.TextChoices):
    """Whether the account is an organisation or a single person."""

    ORGANISATION = "organisation", _("organisation")
    PERSON = "person", _("person")


class DemandLevel(models.TextChoices):
    """How large and how urgent the customer's demand is: A large and urgent, B medium, C small or uncertain."""

    A = "A", _("A")
    B = "B", _("B")
    C = "C", _("C")


class Importance(models.TextChoices):
    """The grade the two-monthly revision sorts dossiers into."""

    IMPORTANT = "important", _("Important")
    SPECIAL = "special", _("Special")
    ORDINARY = "ordinary", _("Ordinary")


class Stage(models.TextChoices):
    """How far the sales process with a customer has come: its seven stages in their order (VIS-01)."""

    COLLECTION = "collection", _("Information collected and analysed")
    VISIT = "visit", _("Visit")
    RETURN_VISIT = "return", _("Return visit")
    DELIVERY = "delivery", _("Delivery and collection")
    AFTER_SALES = "service", _("After-sales service")
    PROMOTION = "promotion", _("Promotion")
    FEEDBACK = "feedback", _("Information feedback")


class Customer(Record):
    """An account: whoever we have a relation with, buyer or not, under one permanent number (ARC-01, ARC-41).

    The blocks of the archive are groups of its fields: basic data (ARC-02), characteristics (ARC-06), transaction
    status (ARC-08) and the further blocks of ARC-09. `last_contact_on` and `sales_12m` are figures that follow from
    other records (see queries.refresh_figures) and are never entered.
    """

    # Basic data
    name = models.CharField(_("customer name"), max_length=120)
    short_name = models.CharField(_("short name"), max_length=60, blank=True)
    former_names = models.CharField(_("former names"), max_length=200, blank=True)
    kind = models.CharField(_("kind"), max_length=12, choices=CustomerKind.choices, default=CustomerKind.ORGANISATION)
    relations = MultiPicklistField(_("relations"), picklist=picklists.RELATION, default="|buyer|")
    status = PicklistField(_("status"), picklist=picklists.STATUS, default="prospect")
    stage = models.CharField(
        _("stage of the sales process"), max_length=10, choices=Stage.choices, default=Stage.COLLECTION, editable=False
    )
    stage_on = models.DateField(_("in this stage since"), null=True, editable=False)
    market_role = PicklistField(_("market archive"), picklist=picklists.MARKET_ROLE, blank=True)
    closeness = PicklistField(_("closeness"), picklist=picklists.CLOSENESS, blank=True)
    credit_code = models.CharField(
        _("unified social credit code"),
        max_length=18,
        blank=True,
        help_text=_("18 characters, checked by its last one."),
    )
    legal_representative = models.CharField(_("legal representative"), max_length=60, blank=True)
    operating_manager = models.CharField(_("operating manager"), max_length=60, blank=True)
    phone = PhoneField(_("phone"))
    email = models.EmailField(_("e-mail"), blank=True)
    website = models.CharField(_("website"), max_length=120, blank=True)
    province = models.CharField(_("province"), max_length=30, blank=True)
    city = models.CharField(_("city"), max_length=30, blank=True)
    address = AddressField(_("address"))
    industry = PicklistField(_("industry"), picklist=picklists.INDUSTRY, blank=True)
    size = PicklistField(_("size"), picklist=picklists.SIZE, blank=True)
    registered_capital = MoneyField(_("registered capital"), null=True, blank=True)
    founded_on = models.DateField(_("founded on"), null=True, blank=True)
    first_dealing_on = models.DateField(_("first dealing on"), null=True, blank=True)
    goods_consumed = TagsField(_("goods and services consumed"))
    source = PicklistField(_("source"), picklist=picklists.SOURCE, blank=True)
    collected_on = models.DateField(_("collected on"), null=True, blank=True)

    # Grades and place in a group
    demand_level = models.CharField(_("demand level"), max_length=1, choices=DemandLevel.choices, blank=True)
    importance = models.CharField(_("importance"), max_length=10, choices=Importance.choices, blank=True)
    key_account = models.BooleanField(_("key account"), default=False)
    visit_days = models.PositiveSmallIntegerField(
        _("visited again after, days"), null=True, blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(731)],
        help_text=_("Left empty: as the parameters say for its demand level."),
    )  # fmt: skip
    # Few customers belong to another: an index of those alone tells the database so.
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="institutions", verbose_name=_("belongs to"),
        db_index=False,
    )  # fmt: skip
    institution = PicklistField(_("institution"), picklist=picklists.INSTITUTION, blank=True)
    vendor = models.ForeignKey(
        "catalog.Vendor", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("is also our vendor")
    )

    # Characteristics
    market_area = MultiPicklistField(_("market area"), picklist=picklists.MARKET_AREA)
    business_scope = models.CharField(_("business scope"), max_length=300, blank=True)
    sales_capability = models.TextField(_("sales capability"), blank=True)
    growth_potential = models.TextField(_("growth potential"), blank=True)
    business_philosophy = models.TextField(_("business philosophy"), blank=True)
    business_methods = models.TextField(_("business methods"), blank=True)
    business_policies = models.TextField(_("business policies"), blank=True)
    characteristics = models.TextField(_("characteristics"), blank=True)

    # Transaction status
    sales_activity = models.TextField(_("current sales activity"), blank=True)
    existing_problems = models.TextField(_("existing problems"), blank=True)
    our_strategy = models.TextField(_("our sales strategy"), blank=True)
    outlook = models.TextField(_("outlook"), blank=True)
    image = models.TextField(_("public image"), blank=True)
    reputation = models.TextField(_("reputation"), blank=True)
    financial_state = models.TextField(_("financial state"), blank=True)
    credit_standing = models.TextField(_("credit standing"), blank=True)

    # Further blocks
    product_structure = models.TextField(_("product structure"), blank=True)
    market_competition = models.TextField(_("market competition"), blank=True)
    competitiveness = models.TextField(_("competitiveness"), blank=True)
    dealings_with_us = models.TextField(_("dealings with us"), blank=True)
    credit_capability = models.TextField(_("credit capability"), blank=True)
    market_capacity = models.TextField(_("market capacity"), blank=True)
    operating_performance = models.TextField(_("operating performance"), blank=True)
    organisation_structure = models.TextField(_("organisation structure"), blank=True)
    economic_nature = PicklistField(_("economic nature"), picklist=picklists.ECONOMIC_NATURE, blank=True)
    network_scale = models.CharField(_("scale of its own customer network"), max_length=200, blank=True)
    network_reach = models.CharField(_("reach of its own customer network"), max_length=200, blank=True)
    remarks = models.TextField(_("remarks"), blank=True)

    # Figures that follow from other records
    last_contact_on = models.DateField(_("last contact"), null=True, blank=True, editable=False)
    sales_12m = MoneyField(_("sales, 12 months"), default=0, editable=False)

    class Meta:
        verbose_name = _("customer")
        verbose_name_plural = _("customers")
        indexes = [
            # The living in the order of their list, with all that counting them asks for: no row is read for that.
            models.Index(
                fields=["-changed_at", "-id", "deleted_at"], name="customer_list", condition=models.Q(deleted_at=None)
            ),
            models.Index(fields=["name", "id"], name="customer_name"),
            models.Index(
                fields=["owner", "-changed_at", "-id", "deleted_at"],
                name="customer_list_of_owner",
                condition=models.Q(deleted_at=None),
            ),
            models.Index(fields=["last_contact_on", "id"], name="customer_contacted"),
            models.Index(fields=["status"], name="customer_status"),
            models.Index(fields=["parent"], name="customer_parent", condition=models.Q(parent__isnull=False)),
            models.Index(fields=["source"], name="customer_source"),
            models.Index(fields=["stage"], name="customer_stage"),
        ]

    def __str__(self) -> str:
        return self.name
