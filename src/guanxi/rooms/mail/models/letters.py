"""Mails, written and received, what is enclosed in them, and templates."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from guanxi.kernel.confidentiality import DataClass
from guanxi.platform.rows import Row
from guanxi.records.models import Record
from guanxi.rooms.mail.models.boxes import Mailbox
from guanxi.rooms.mail.models.materials import Material

#: As long as the parts of a mail's head may be that are kept.
ADDRESS, SUBJECT, ID = 254, 300, 255


class Template(Record):
    """What a mail begins with: a default one for everybody, or somebody's own (CRM-52).

    Names in double braces are filled in, such as {{name}}; logic there is none.
    """

    name = models.CharField(_("name"), max_length=80)
    subject = models.CharField(_("subject"), max_length=SUBJECT)
    body = models.TextField(_("text"))
    is_default = models.BooleanField(_("for everybody"), default=False, editable=False)

    class Meta:
        verbose_name = _("mail template")
        verbose_name_plural = _("mail templates")
        indexes = [models.Index(fields=["-changed_at", "-id"], name="mail_template_changed")]

    def __str__(self) -> str:
        return self.name


class Purpose(models.TextChoices):
    """What a mail is written for, as consent knows purposes (`customers.public.Purpose`)."""

    CONTRACT = "contract", _("carrying out contracts")
    MARKETING = "marketing", _("marketing")
    SURVEY = "survey", _("surveys")


class AddresseeKind(models.TextChoices):
    """To whom a mail is written."""

    CONTACT = "contact", _("a contact")
    CUSTOMER = "customer", _("a customer")
    OTHER = "lead", _("a lead")
    ADDRESS = "address", _("somebody else")


class Direction(models.TextChoices):
    """Which way a mail went."""

    OUT = "out", _("written by us")
    IN = "in", _("received")


class LetterState(models.TextChoices):
    """How far a mail has come."""

    DRAFT = "draft", _("draft")
    QUEUED = "queued", _("to be sent")
    SENT = "sent", _("sent")
    FAILED = "failed", _("not sent")
    RECEIVED = "received", _("received")


class Letter(Record):
    """One mail: written here and sent, or fetched from a mailbox (CRM-49 to CRM-51).

    Filed to a customer it is seen with him; its owner (who wrote it, or whose mailbox it came into) sees it always, and
    alone where it is private. `source` and `source_id` name an addressee of a room above. `happened_at`: when it was
    sent, or says it was. `message_id` and `answers_to` (with the mails before) tie a conversation together; `digest`
    tells the same mail fetched twice.
    """

    direction = models.CharField(
        _("direction"), max_length=3, choices=Direction.choices, default=Direction.OUT, editable=False
    )
    state = models.CharField(
        _("state"), max_length=8, choices=LetterState.choices, default=LetterState.DRAFT, editable=False
    )
    mailbox = models.ForeignKey(
        Mailbox, models.SET_NULL, null=True, blank=True, related_name="letters", verbose_name=_("mailbox"),
        help_text=_("Without one it is sent from the company's address."),
    )  # fmt: skip
    addressee = models.CharField(
        _("addressee type"), max_length=8, choices=AddresseeKind.choices, default=AddresseeKind.CONTACT
    )
    contact = models.ForeignKey(
        "customers.Contact", models.SET_NULL, null=True, blank=True, related_name="letters", verbose_name=_("contact")
    )
    customer = models.ForeignKey(
        "customers.Customer", models.CASCADE, null=True, blank=True, related_name="letters", verbose_name=_("customer")
    )
    lead = models.CharField(_("lead"), max_length=120, blank=True, help_text=_("Number or exact name of the lead."))
    source = models.CharField(_("record type of the addressee"), max_length=80, blank=True, editable=False)
    source_id = models.UUIDField(_("record of the addressee"), null=True, editable=False)
    to_address = models.EmailField(
        _("to"), max_length=ADDRESS, blank=True, help_text=_("Left empty: the address that is on file.")
    )
    cc = models.CharField(_("copy to"), max_length=1000, blank=True, help_text=_("Addresses, separated by commas."))
    bcc = models.CharField(_("blind copy to"), max_length=1000, blank=True)
    sender = models.CharField(_("address of the sender"), max_length=ADDRESS, blank=True, editable=False)
    sender_name = models.CharField(_("sender"), max_length=120, blank=True, editable=False)
    purpose = models.CharField(_("purpose"), max_length=10, choices=Purpose.choices, default=Purpose.CONTRACT)
    template = models.ForeignKey(
        Template, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("template"),
        help_text=_("Fills subject and text where they are empty; both can be changed before sending."),
    )  # fmt: skip
    subject = models.CharField(_("subject"), max_length=SUBJECT, blank=True)
    body = models.TextField(_("text"), blank=True)
    page = models.TextField(_("formatted text"), blank=True, editable=False)
    material = models.ForeignKey(
        Material, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("enclosed material")
    )
    file = models.ForeignKey(
        "files.StoredFile", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("enclosed file")
    )
    is_private = models.BooleanField(_("private"), default=False, help_text=_("Nobody but its owner sees it."))
    answers = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="answered_by", verbose_name=_("answers")
    )

    happened_at = models.DateTimeField(_("sent or received at"), null=True, editable=False)
    error = models.CharField(_("what went wrong"), max_length=500, blank=True, editable=False)
    message_id = models.CharField(_("message id"), max_length=ID, blank=True, editable=False)
    digest = models.CharField(_("fingerprint"), max_length=64, blank=True, editable=False)

    class Meta:
        verbose_name = _("mail")
        verbose_name_plural = _("mails")
        indexes = [
            models.Index(fields=["-changed_at", "-id"], name="letter_changed"),
            models.Index(fields=["-happened_at", "-id"], name="letter_time"),
            models.Index(fields=["customer", "-happened_at"], name="letter_customer"),
            models.Index(fields=["owner", "state"], name="letter_owner"),
            models.Index(fields=["message_id"], name="letter_message_id"),
        ]
        constraints = [
            models.CheckConstraint(condition=models.Q(state__in=LetterState.values), name="letter_state"),
            models.UniqueConstraint(
                fields=["mailbox", "digest"], condition=~models.Q(digest=""), name="one_letter_of_a_kind_per_mailbox"
            ),
        ]

    def __str__(self) -> str:
        return self.subject or str(_("(no subject)"))


class Enclosure(Row):
    """One more file of a mail; without a file, what was left out and why."""

    data_class = DataClass.C2

    letter = models.ForeignKey(Letter, models.CASCADE, related_name="enclosures", verbose_name=_("mail"))
    name = models.CharField(_("name"), max_length=200)
    file = models.ForeignKey(
        "files.StoredFile", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("file")
    )
    problem = models.CharField(_("why it was left out"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("enclosure")
        verbose_name_plural = _("enclosures")

    def __str__(self) -> str:
        return self.name
