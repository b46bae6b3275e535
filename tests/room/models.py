"""A record type with one field of every kind: the first of the two edits that a new record type costs."""

from django.db import models

from guanxi.kernel.confidentiality import DataClass
from guanxi.platform.rows import Row
from guanxi.records.fields import (
    AddressField,
    MoneyField,
    MultiPicklistField,
    PercentField,
    PhoneField,
    PicklistField,
    TagsField,
)
from guanxi.records.models import Record
from guanxi.records.picklists import declare

COLOUR = declare("room.colour", "colour", [("red", "Red"), ("green", "Green"), ("blue", "Blue")])


class Thing(Record):
    """A thing: one field of each kind."""

    name = models.CharField("name", max_length=60)
    code = models.CharField("code", max_length=20, unique=True, null=True, blank=True)
    notes = models.TextField("notes", blank=True)
    size = models.CharField("size", max_length=5, choices=[("s", "small"), ("l", "large")], blank=True)
    colour = PicklistField("colour", picklist=COLOUR, blank=True)
    colours = MultiPicklistField("colours", picklist=COLOUR)
    pieces = models.PositiveIntegerField("pieces", null=True, blank=True)
    weight = models.DecimalField("weight", max_digits=10, decimal_places=3, null=True, blank=True)
    price = MoneyField("price", null=True, blank=True)
    discount = PercentField("discount", null=True, blank=True)
    made_on = models.DateField("made on", null=True, blank=True)
    seen_at = models.DateTimeField("seen at", null=True, blank=True)
    fragile = models.BooleanField("fragile", default=False)
    phone = PhoneField("phone")
    email = models.EmailField("e-mail", blank=True)
    address = AddressField("address")
    part_of = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="parts", verbose_name="part of"
    )
    keeper = models.ForeignKey(
        "people.Person", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="keeper"
    )
    picture = models.ForeignKey(
        "files.StoredFile", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="picture"
    )
    tags = TagsField("tags")
    state = models.CharField(
        "state", max_length=8, choices=[("new", "new"), ("done", "done")], default="new", editable=False
    )

    class Meta:
        verbose_name = "thing"
        verbose_name_plural = "things"


class ThingLine(Row):
    """A line of a thing."""

    data_class = DataClass.C2

    thing = models.ForeignKey(Thing, models.CASCADE, related_name="lines")
    label = models.CharField("label", max_length=30)
    amount = MoneyField("amount", null=True, blank=True)


class Crumb(Record):
    """Something that lives and dies with a thing."""

    thing = models.ForeignKey(Thing, models.CASCADE, related_name="crumbs", verbose_name="thing")
    name = models.CharField("name", max_length=60)

    class Meta:
        verbose_name = "crumb"
        verbose_name_plural = "crumbs"
