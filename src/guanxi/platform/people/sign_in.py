"""What signing in keeps: open sessions, failed attempts, second factors and recovery codes."""

from django.conf import settings
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.utils.translation import gettext_lazy as _

from guanxi.kernel.confidentiality import DataClass
from guanxi.kernel.ids import uuid7


class Session(AbstractBaseSession):
    """An open session of a browser: whose, since when, from where. Its row is what keeps it open."""

    data_class = DataClass.C2

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="sessions", verbose_name=_("person")
    )
    begun_at = models.DateTimeField(_("begun at"))
    used_at = models.DateTimeField(_("last used at"))
    address = models.CharField(_("network address"), max_length=45, blank=True)
    agent = models.CharField(_("browser"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("session")
        verbose_name_plural = _("sessions")
        ordering = ["-used_at"]


class Attempt(models.Model):
    """How often somebody failed lately under one name or from one address, and until when the door stays shut to it."""

    data_class = DataClass.C1

    # SHA-256 of what is counted: what was typed as a user name may have been a password.
    key = models.CharField(max_length=64, primary_key=True)
    failures = models.PositiveIntegerField(default=0)
    last_at = models.DateTimeField(db_index=True)
    shut_until = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("attempt")
        verbose_name_plural = _("attempts")


class Factor(models.Model):
    """A second factor of a person: an authenticator app on his phone, or a security key (passkey)."""

    data_class = DataClass.C2

    class Kind(models.TextChoices):
        """What the person shows besides the password."""

        APP = "app", _("authenticator app")
        KEY = "key", _("security key")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="factors", verbose_name=_("person")
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    name = models.CharField(_("name"), max_length=80)
    # App: the shared secret, sealed with a key outside the database.
    secret = models.TextField(blank=True)
    # App: the time step of the last code that was accepted; a code of this step or before is not accepted again.
    last_step = models.BigIntegerField(default=0)
    # Key: its public part as WebAuthn gives it, and how often it says it was used (a copy would fall behind).
    credential = models.BinaryField(default=bytes)
    uses = models.BigIntegerField(default=0)
    created_at = models.DateTimeField(_("created at"))
    used_at = models.DateTimeField(_("last used at"), null=True)

    class Meta:
        verbose_name = _("second factor")
        verbose_name_plural = _("second factors")
        ordering = ["created_at"]
        constraints = [
            models.UniqueConstraint(fields=["person"], condition=models.Q(kind="app"), name="factor_one_app"),
            models.CheckConstraint(condition=models.Q(kind__in=["app", "key"]), name="factor_kind"),
        ]

    def __str__(self) -> str:
        return self.name


class RecoveryCode(models.Model):
    """A code that replaces the second factor once, for the day the phone is lost. Only its digest is kept."""

    data_class = DataClass.C2

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="recovery_codes")
    digest = models.CharField(max_length=64)
    created_at = models.DateTimeField(_("created at"))
    used_at = models.DateTimeField(_("used at"), null=True)

    class Meta:
        verbose_name = _("recovery code")
        verbose_name_plural = _("recovery codes")
        constraints = [models.UniqueConstraint(fields=["person", "digest"], name="recovery_code_once")]
