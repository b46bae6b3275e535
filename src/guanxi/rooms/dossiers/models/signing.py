"""Links by which customers sign without an account."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from guanxi.records.models import Record
from guanxi.rooms.dossiers.models.filing import Document


class LinkState(models.TextChoices):
    """A link serves once."""

    OPEN = "open", _("handed out")
    USED = "used", _("signed")
    REVOKED = "revoked", _("revoked")


class SigningLink(Record):
    """A link with which the customer signs a document from his own device (ARC-22). The owner handed it out.

    Of the secret in it only a digest is kept. `fingerprint` is that of what was shown to be signed; what is known of
    the signing (the name as it was entered, when, from which network address and browser) is kept with it.
    """

    document = models.ForeignKey(
        Document, models.CASCADE, related_name="signing_links", verbose_name=_("dossier document")
    )
    signer = models.CharField(_("meant for"), max_length=80)
    expires_at = models.DateTimeField(_("serves until"))
    state = models.CharField(
        _("state"), max_length=10, choices=LinkState.choices, default=LinkState.OPEN, editable=False
    )
    digest = models.CharField(_("digest of the secret"), max_length=64, editable=False, unique=True)
    fingerprint = models.CharField(_("fingerprint of what is signed"), max_length=64, editable=False)
    signed_name = models.CharField(_("signed as"), max_length=80, blank=True, editable=False)
    signed_at = models.DateTimeField(_("signed at"), null=True, editable=False)
    signed_from = models.CharField(_("from the network address"), max_length=45, blank=True, editable=False)
    signed_with = models.CharField(_("with the browser"), max_length=200, blank=True, editable=False)

    class Meta:
        verbose_name = _("signing link")
        verbose_name_plural = _("signing links")
        indexes = [models.Index(fields=["state", "expires_at"], name="signing_link_state")]
        constraints = [
            models.UniqueConstraint(
                fields=["document"], condition=models.Q(state="open", deleted_at=None), name="one_open_signing_link",
                violation_error_message=_("This document has a signing link already; revoke it first."),
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.signer
