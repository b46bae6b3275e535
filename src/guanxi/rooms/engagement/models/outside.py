"""What calendar programs need to be remembered: under which names they know our records, and what they saw last."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from guanxi.kernel.confidentiality import DataClass


class OutsideName(models.Model):
    """Under which name a person's calendar program put an event or a task here; it goes on asking for it by that.

    What was made here needs none: it is called by its own id.
    """

    data_class = DataClass.C1

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", db_index=False, verbose_name=_("person")
    )
    name = models.CharField(_("name of the entry"), max_length=255)
    uid = models.CharField(_("name that the program gave it"), max_length=255, db_index=True)
    event = models.OneToOneField(
        "engagement.Event", models.CASCADE, null=True, related_name="outside_name", verbose_name=_("event")
    )
    task = models.OneToOneField(
        "engagement.Task", models.CASCADE, null=True, related_name="outside_name", verbose_name=_("task")
    )

    class Meta:
        verbose_name = _("name in a calendar program")
        verbose_name_plural = _("names in calendar programs")
        constraints = [
            models.UniqueConstraint(fields=["person", "name"], name="outside_name_once"),
            models.CheckConstraint(
                condition=Q(event=None, task__isnull=False) | Q(event__isnull=False, task=None),
                name="outside_name_of_one",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class SeenState(models.Model):
    """What a calendar program was told is in a collection, so that it can ask what has changed since.

    `token` is the digest of `entries` ({name: mark of its content}): the same state is kept once.
    """

    data_class = DataClass.C1

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", db_index=False, verbose_name=_("person")
    )
    collection = models.CharField(_("collection"), max_length=8)
    token = models.CharField(_("mark"), max_length=64)
    entries = models.JSONField(_("entries"), default=dict)
    seen_at = models.DateTimeField(_("last told at"), db_index=True)

    class Meta:
        verbose_name = _("state that a calendar program saw")
        verbose_name_plural = _("states that calendar programs saw")
        constraints = [models.UniqueConstraint(fields=["person", "collection", "token"], name="seen_state_once")]

    def __str__(self) -> str:
        return f"{self.collection}/{self.token[:8]}"
