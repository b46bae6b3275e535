"""Frequent questions and their answers, what is noted on them."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from guanxi.kernel.confidentiality import DataClass
from guanxi.platform.rows import Row
from guanxi.records.fields import PicklistField
from guanxi.records.models import Record
from guanxi.rooms.service import picklists


class FaqState(models.TextChoices):
    """How far an answer has come; what is published is there for everybody."""

    DRAFT = "draft", _("answer being written")
    REVIEWED = "reviewed", _("answer reviewed")
    PUBLISHED = "published", _("published to everybody")
    OBSOLETE = "obsolete", _("out of date")


class Faq(Record):
    """A question that comes up again and again, with its answer (常见问答, CRM-42)."""

    question = models.CharField(_("question"), max_length=300)
    answer = models.TextField(_("answer"))
    category = PicklistField(_("category of the question"), picklist=picklists.FAQ_CATEGORY, default="general")
    product = models.ForeignKey(
        "catalog.Product", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("product concerned")
    )
    state = models.CharField(
        _("state"), max_length=10, choices=FaqState.choices, default=FaqState.DRAFT, editable=False
    )
    reviewed_by = models.ForeignKey(
        "people.Person", models.PROTECT, null=True, editable=False, related_name="+", verbose_name=_("reviewed by")
    )
    reviewed_at = models.DateTimeField(_("reviewed at"), null=True, editable=False)
    published_by = models.ForeignKey(
        "people.Person",
        models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("answer published by"),
    )
    published_at = models.DateTimeField(_("answer published at"), null=True, editable=False)

    class Meta:
        verbose_name = _("frequent question")
        verbose_name_plural = _("frequent questions")
        indexes = [
            models.Index(fields=["-changed_at", "-id"], name="faq_changed"),
            models.Index(fields=["state", "category"], name="faq_state"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(state="published")
                | models.Q(published_at__isnull=False, reviewed_at__isnull=False),
                name="published_faq_was_reviewed",
            )
        ]

    def __str__(self) -> str:
        return self.question


class FaqNote(Row):
    """A dated note on a frequent question; nobody changes or deletes one (CRM-42)."""

    data_class = DataClass.C1

    faq = models.ForeignKey(Faq, models.CASCADE, related_name="notes", verbose_name=_("frequent question"))
    content = models.TextField(_("note"))

    class Meta:
        verbose_name = _("note on a question")
        verbose_name_plural = _("notes on questions")
        indexes = [models.Index(fields=["faq", "created_at"], name="faq_note_faq")]

    def __str__(self) -> str:
        return self.content[:60]
