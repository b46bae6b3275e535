"""Contracts with customers, and every text that a contract ever had (SAL-04)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from guanxi.kernel.confidentiality import DataClass
from guanxi.kernel.errors import Conflict
from guanxi.kernel.messages import Message
from guanxi.platform.rows import Row
from guanxi.records.fields import MoneyField, PicklistField
from guanxi.records.models import Record
from guanxi.rooms.sales import picklists


class ContractState(models.TextChoices):
    """How far a contract has come; its text can be written in the first state only."""

    DRAFT = "draft", _("being drafted")
    REVIEW = "review", _("under review")
    APPROVED = "approved", _("approved, to be signed")
    SIGNED = "signed", _("signed")
    ENDED = "ended", _("ended")
    WITHDRAWN = "withdrawn", _("withdrawn before signing")


class Contract(Record):
    """A contract or agreement with a customer; the owner drafts it (SAL-04).

    `amount` in yuan, tax included; None where none is agreed. The text is `content`, `file` or both; `edition` counts
    its versions, of which `ContractText` keeps each one. `signed_on` is the day of the last signature.
    """

    customer = models.ForeignKey(
        "customers.Customer", models.PROTECT, related_name="contracts", verbose_name=_("customer")
    )
    name = models.CharField(_("title of the contract"), max_length=160)
    kind = PicklistField(_("kind of contract"), picklist=picklists.CONTRACT_KIND, default="sale")
    amount = MoneyField(_("amount"), null=True, blank=True)
    begins_on = models.DateField(_("in effect from"), null=True, blank=True)
    ends_on = models.DateField(_("in effect until"), null=True, blank=True)
    content = models.TextField(_("text of the contract"), blank=True)
    file = models.ForeignKey(
        "files.StoredFile", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("text as a file")
    )
    remarks = models.TextField(_("remarks"), blank=True)

    state = models.CharField(
        _("state"), max_length=10, choices=ContractState.choices, default=ContractState.DRAFT, editable=False
    )
    edition = models.PositiveIntegerField(_("edition of the contract"), default=0, editable=False)
    submitted_by = models.ForeignKey(
        "people.Person", models.PROTECT, null=True, editable=False, related_name="+",
        verbose_name=_("submitted for review by"),
    )  # fmt: skip
    reviewed_by = models.ForeignKey(
        "people.Person", models.PROTECT, null=True, editable=False, related_name="+", verbose_name=_("reviewed by")
    )
    reviewed_at = models.DateTimeField(_("reviewed at"), null=True, editable=False)
    review = models.TextField(_("opinion of the reviewer"), blank=True, editable=False)
    signed_on = models.DateField(_("signed on"), null=True, editable=False)
    signed_file = models.ForeignKey(
        "files.StoredFile", models.PROTECT, null=True, editable=False, related_name="+",
        verbose_name=_("scan of the signed contract"),
    )  # fmt: skip
    closed_on = models.DateField(_("ended or withdrawn on"), null=True, editable=False)
    closing = models.TextField(_("why it ended"), blank=True, editable=False)
    document = models.ForeignKey(
        "dossiers.Document", models.PROTECT, null=True, editable=False, related_name="+",
        verbose_name=_("in the dossier as"),
    )  # fmt: skip

    class Meta:
        verbose_name = _("contract")
        verbose_name_plural = _("contracts")
        indexes = [
            models.Index(fields=["-changed_at", "-id"], name="contract_changed"),
            models.Index(fields=["customer", "-signed_on"], name="contract_customer"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(state__in=["signed", "ended"])
                | (models.Q(signed_on__isnull=False) & models.Q(reviewed_by__isnull=False)),
                name="signed_contract_has_its_day",
            ),
            models.CheckConstraint(
                condition=models.Q(begins_on=None) | models.Q(ends_on=None)
                | models.Q(ends_on__gte=models.F("begins_on")),
                name="contract_ends_after",
            ),
        ]  # fmt: skip

    def save(self, *args: Any, update_fields: Iterable[str] | None = None, **kwargs: Any) -> None:
        """Store the contract and keep a text that is new; Conflict for a new text of one that is not being drafted.

        Here, and not in the verbs, because whatever writes a contract comes past: forms, imports, undone batches.
        """
        last = None if self._state.adding else self.texts.order_by("-edition").first()
        before = (last.content, last.file_id) if last else ("", None)
        is_new = (self.content, self.file_id) != before
        if is_new and self.state != ContractState.DRAFT:
            raise Conflict(Message("The text of a contract can be changed only while it is being drafted."))
        if is_new:
            self.edition = (last.edition if last else 0) + 1
            update_fields = None if update_fields is None else {*update_fields, "edition"}
        super().save(*args, update_fields=update_fields, **kwargs)
        if is_new:
            made = {"created_at": self.changed_at, "changed_at": self.changed_at}
            who = {"created_by": self.changed_by, "changed_by": self.changed_by}
            self.texts.create(edition=self.edition, content=self.content, file_id=self.file_id, **made, **who)


class ContractText(Row):
    """One text that a contract had, as it was saved; nothing writes it again (SAL-04)."""

    data_class = DataClass.C2

    contract = models.ForeignKey(Contract, models.CASCADE, related_name="texts", verbose_name=_("contract"))
    edition = models.PositiveIntegerField(_("edition of the contract"))
    content = models.TextField(_("text of the contract"), blank=True)
    file = models.ForeignKey(
        "files.StoredFile", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("text as a file")
    )

    class Meta:
        verbose_name = _("text of a contract")
        verbose_name_plural = _("texts of contracts")
        constraints = [models.UniqueConstraint(fields=["contract", "edition"], name="one_text_per_edition")]

    def __str__(self) -> str:
        return f"{self.contract} · {self.edition}"
