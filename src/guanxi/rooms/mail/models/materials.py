"""Company material, and what of it was sent to whom (WF-21)."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from guanxi.records.fields import PicklistField
from guanxi.records.models import Record
from guanxi.rooms.mail import picklists


class Material(Record):
    """One item of company material: a brochure of the company or of products, a publication for the site (WF-21)."""

    name = models.CharField(_("name"), max_length=120)
    kind = PicklistField(_("kind of material"), picklist=picklists.MATERIAL_KIND, default="image_brochure")
    edition = models.CharField(_("edition"), max_length=40, blank=True)
    product = models.ForeignKey(
        "catalog.Product", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("product concerned")
    )
    file = models.ForeignKey(
        "files.StoredFile", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("file"),
        help_text=_("What is enclosed when the material is sent by e-mail."),
    )  # fmt: skip
    link = models.URLField(_("web address"), max_length=300, blank=True)
    is_current = models.BooleanField(_("in use"), default=True)
    remarks = models.TextField(_("remarks"), blank=True)

    class Meta:
        verbose_name = _("company material")
        verbose_name_plural = _("company materials")
        indexes = [models.Index(fields=["-changed_at", "-id"], name="material_changed")]

    def __str__(self) -> str:
        return self.name


class Handout(Record):
    """One item of material that was sent to one customer: what, to whom, how, on which day, and whether it arrived."""

    customer = models.ForeignKey(
        "customers.Customer", models.CASCADE, related_name="handouts", verbose_name=_("customer")
    )
    contact = models.ForeignKey(
        "customers.Contact", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("contact")
    )
    material = models.ForeignKey(Material, models.PROTECT, related_name="handouts", verbose_name=_("company material"))
    channel = PicklistField(_("sent by"), picklist=picklists.MATERIAL_CHANNEL, default="post")
    sent_on = models.DateField(_("sent on"), blank=True, help_text=_("Left empty: today."))
    copies = models.PositiveSmallIntegerField(_("copies"), default=1)
    remarks = models.CharField(_("remarks"), max_length=300, blank=True)
    letter = models.ForeignKey(
        "mail.Letter", models.SET_NULL, null=True, editable=False, related_name="handouts", verbose_name=_("mail")
    )
    received_on = models.DateField(_("receipt confirmed on"), null=True, editable=False)
    received_by = models.CharField(_("received by"), max_length=80, blank=True, editable=False)

    class Meta:
        verbose_name = _("material sent")
        verbose_name_plural = _("materials sent")
        indexes = [
            models.Index(fields=["-sent_on", "-id"], name="handout_sent"),
            models.Index(fields=["customer", "-sent_on"], name="handout_customer"),
        ]

    def __str__(self) -> str:
        return f"{self.material}"
