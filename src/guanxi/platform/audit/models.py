"""The audit trail and the chain of seals over it."""

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils.translation import gettext_lazy as _

from guanxi.kernel.confidentiality import DataClass
from guanxi.platform.calendar import now


class Source(models.TextChoices):
    """By which way an action came in."""

    PAGE = "page", _("page")
    API = "api", _("interface")
    AGENT = "agent", _("agent")
    CALDAV = "caldav", _("calendar program")
    IMPORT = "import", _("import")
    JOB = "job", _("background job")
    CLI = "cli", _("command line")
    DEMO = "demo", _("demo company")
    SYSTEM = "system", _("system")


class Outcome(models.TextChoices):
    """How an action ended."""

    DONE = "done", _("done")
    REFUSED = "refused", _("refused")


class AuditEntry(models.Model):
    """One thing that somebody did or was refused. Written once in the action's own transaction, never changed.

    Triggers in the database refuse every change and deletion; see `guanxi.platform.audit.triggers`.
    """

    data_class = DataClass.C2

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField(_("at"), default=now)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", db_index=False,
        verbose_name=_("actor"),
    )  # fmt: skip
    # The name of that day: a person may be renamed, the entry may not.
    actor_name = models.CharField(_("name of the actor"), max_length=80, blank=True)
    source = models.CharField(_("source"), max_length=10, choices=Source.choices)
    action = models.CharField(_("action"), max_length=80)
    module = models.CharField(_("module"), max_length=80, blank=True)
    record_id = models.UUIDField(_("record"), null=True, blank=True)
    record_label = models.CharField(_("name of the record"), max_length=250, blank=True)
    reason = models.TextField(_("reason"), blank=True)
    # {field: [before, after]}
    changes = models.JSONField(_("changes"), default=dict, blank=True, encoder=DjangoJSONEncoder)
    decision = models.JSONField(_("decision"), null=True, blank=True, encoder=DjangoJSONEncoder)
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome.choices, default=Outcome.DONE)
    # Common to all entries of one import or one bulk action.
    batch = models.UUIDField(_("batch"), null=True, blank=True)
    address = models.CharField(_("network address"), max_length=45, blank=True)
    # Through which access token it was done: its id, and its name of that day; nothing where a person acted himself.
    # Nothing is NULL, not an empty text: a program of the version before, still at work during an upgrade, writes none.
    token = models.UUIDField(_("access token"), null=True, blank=True)
    token_name = models.CharField(_("name of the access token"), max_length=80, null=True, blank=True)

    class Meta:
        verbose_name = _("audit entry")
        verbose_name_plural = _("audit entries")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["module", "record_id", "id"], name="audit_record"),
            models.Index(fields=["actor", "at"], name="audit_actor"),
            models.Index(fields=["at"], name="audit_at"),
            models.Index(fields=["batch"], name="audit_batch", condition=models.Q(batch__isnull=False)),
            models.Index(fields=["token", "id"], name="audit_token", condition=models.Q(token__isnull=False)),
        ]
        constraints = [
            models.CheckConstraint(condition=models.Q(source__in=Source.values), name="audit_source"),
            models.CheckConstraint(condition=models.Q(outcome__in=Outcome.values), name="audit_outcome"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M:%S} {self.actor_name} {self.action} {self.record_label}".rstrip()


class AuditSeal(models.Model):
    """One link of the chain that makes tampering visible: the keyed hash of an entry and of the link before it."""

    data_class = DataClass.C1

    id = models.BigAutoField(primary_key=True)
    seq = models.BigIntegerField(_("place in the chain"), unique=True)
    entry = models.OneToOneField(AuditEntry, models.PROTECT, related_name="seal", verbose_name=_("audit entry"))
    sealed_at = models.DateTimeField(_("sealed at"), db_index=True)
    # Hexadecimal HMAC-SHA-256; `previous` is empty for the first link.
    hash = models.CharField(_("hash"), max_length=64)
    previous = models.CharField(_("hash of the link before"), max_length=64, blank=True)

    class Meta:
        verbose_name = _("audit seal")
        verbose_name_plural = _("audit seals")
        ordering = ["seq"]

    def __str__(self) -> str:
        return f"{self.seq} {self.hash[:12]}"


class Erasure(models.Model):
    """That a person's data was erased: what the trail tells of this record up to that moment is shown to nobody.

    The entries themselves stay as they were written, sealed: the law has the log kept, and the chain proves it whole.
    """

    data_class = DataClass.C1

    id = models.BigAutoField(primary_key=True)
    module = models.CharField(_("module"), max_length=80)
    record_id = models.UUIDField(_("record"), unique=True)
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("erasure")
        verbose_name_plural = _("erasures")

    def __str__(self) -> str:
        return f"{self.module} {self.record_id}"


class Sight(models.TextChoices):
    """In which way confidential data came before somebody's eyes."""

    VIEW = "view", _("looked at")
    LIST = "list", _("listed")
    SEARCH = "search", _("searched")
    REVEAL = "reveal", _("revealed")
    PRINT = "print", _("printed")
    DOWNLOAD = "download", _("downloaded")
    EXPORT = "export", _("exported")
    LOG = "log", _("read this log")


class Disclosure(models.Model):
    """One time that confidential data was shown to somebody, or that somebody was refused it (SEC-04).

    `detail` tells what was asked and what came of it: words, filters, number of rows, columns, the fingerprint of a
    file; never a value. Written once, never changed; the database lets it be deleted only when the law allows it.
    """

    data_class = DataClass.C2

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField(_("at"), default=now)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False, verbose_name=_("person")
    )
    # The name of that day: a person may be renamed, the entry may not.
    actor_name = models.CharField(_("name of the person"), max_length=80, blank=True)
    kind = models.CharField(_("kind"), max_length=10, choices=Sight.choices)
    source = models.CharField(_("source"), max_length=10, choices=Source.choices)
    module = models.CharField(_("module"), max_length=80, blank=True)
    record_id = models.UUIDField(_("record"), null=True, blank=True)
    record_label = models.CharField(_("name of the record"), max_length=250, blank=True)
    reason = models.TextField(_("reason"), blank=True)
    detail = models.JSONField(_("detail"), default=dict, blank=True, encoder=DjangoJSONEncoder)
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome.choices, default=Outcome.DONE)
    address = models.CharField(_("network address"), max_length=45, blank=True)
    # As of an audit entry.
    token = models.UUIDField(_("access token"), null=True, blank=True)
    token_name = models.CharField(_("name of the access token"), max_length=80, null=True, blank=True)

    class Meta:
        verbose_name = _("disclosure")
        verbose_name_plural = _("disclosures")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["record_id", "id"], name="disclosure_record"),
            models.Index(fields=["actor", "at"], name="disclosure_actor"),
            models.Index(fields=["at"], name="disclosure_at"),
            models.Index(fields=["token", "id"], name="disclosure_token", condition=models.Q(token__isnull=False)),
        ]
        constraints = [
            models.CheckConstraint(condition=models.Q(kind__in=Sight.values), name="disclosure_kind"),
            models.CheckConstraint(condition=models.Q(outcome__in=Outcome.values), name="disclosure_outcome"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M:%S} {self.actor_name} {self.kind} {self.record_label}".rstrip()
