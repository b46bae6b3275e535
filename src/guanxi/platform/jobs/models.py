"""Work that happens outside a page: jobs, schedules and messages to the outside world."""

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils.translation import gettext_lazy as _

from guanxi.kernel.confidentiality import DataClass
from guanxi.platform.rows import Row


class Job(Row):
    """One long piece of work that a person (or the system) asked for, with its progress and its result.

    The row is the truth about the job; the task queue only carries its id. `attempts` counts the starts and at the
    same time marks the run: a worker that was thought dead writes with an old number and therefore changes nothing.
    """

    data_class = DataClass.C2

    class State(models.TextChoices):
        QUEUED = "queued", _("queued")
        RUNNING = "running", _("running")
        DONE = "done", _("done")
        FAILED = "failed", _("failed")
        PARKED = "parked", _("parked")
        CANCELLED = "cancelled", _("cancelled")

    kind = models.CharField(_("kind"), max_length=120)
    title = models.CharField(_("title"), max_length=200)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("requested by")
    )
    payload = models.JSONField(_("input"), default=dict, encoder=DjangoJSONEncoder)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.QUEUED)
    done = models.PositiveBigIntegerField(_("steps done"), default=0)
    total = models.PositiveBigIntegerField(_("steps in total"), null=True)
    message = models.CharField(_("message"), max_length=500, blank=True, default="")
    result = models.JSONField(_("result"), null=True, encoder=DjangoJSONEncoder)
    attempts = models.PositiveIntegerField(_("attempts"), default=0)
    cancel_requested = models.BooleanField(_("cancellation requested"), default=False)
    enqueue_at = models.DateTimeField(_("enqueue again at"), null=True)
    heartbeat_at = models.DateTimeField(_("last sign of life"), null=True)
    started_at = models.DateTimeField(_("started at"), null=True)
    finished_at = models.DateTimeField(_("finished at"), null=True)
    error = models.TextField(_("error"), blank=True, default="")

    class Meta:
        verbose_name = _("job")
        verbose_name_plural = _("jobs")
        indexes = [
            models.Index(fields=["state", "enqueue_at"], name="jobs_state_enqueue"),
            models.Index(fields=["actor", "created_at"], name="jobs_actor_created"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=["queued", "running", "done", "failed", "parked", "cancelled"]),
                name="jobs_state",
            )
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_finished(self) -> bool:
        """Whether nothing more will happen to this job by itself."""
        return self.state not in (self.State.QUEUED, self.State.RUNNING)

    @property
    def percent(self) -> int | None:
        """Progress in whole percent (0 to 100), or None while the size of the work is unknown."""
        if self.state == self.State.DONE:
            return 100
        if not self.total:
            return None
        return min(100, self.done * 100 // self.total)


class ScheduledRun(models.Model):
    """When a repeated duty of the system last ran, runs next, and what went wrong last time.

    `claimed_until` is held by the worker that is running it now, and prolonged while it lives.
    """

    data_class = DataClass.C1

    name = models.CharField(_("name"), max_length=120, unique=True)
    last_run_at = models.DateTimeField(_("last run at"), null=True)
    next_run_at = models.DateTimeField(_("next run at"))
    claimed_until = models.DateTimeField(_("claimed until"), null=True)
    last_error = models.TextField(_("last error"), blank=True, default="")

    class Meta:
        verbose_name = _("scheduled run")
        verbose_name_plural = _("scheduled runs")

    def __str__(self) -> str:
        return self.name


class OutboxMessage(Row):
    """Something that must leave the system (an e-mail, a call of another system) once the transaction has committed.

    `SENDING` while a worker hands it over; a message found in that state after its worker died may or may not have
    left, and is repeated only where the sender says that repeating is harmless.
    """

    data_class = DataClass.C2

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        SENDING = "sending", _("sending")
        SENT = "sent", _("sent")
        FAILED = "failed", _("failed")
        PARKED = "parked", _("parked")

    kind = models.CharField(_("kind"), max_length=60)
    payload = models.JSONField(_("content"), default=dict, encoder=DjangoJSONEncoder)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.WAITING)
    attempts = models.PositiveIntegerField(_("attempts"), default=0)
    next_try_at = models.DateTimeField(_("next attempt at"))
    sent_at = models.DateTimeField(_("sent at"), null=True)
    last_error = models.TextField(_("last error"), blank=True, default="")

    class Meta:
        verbose_name = _("outgoing message")
        verbose_name_plural = _("outgoing messages")
        indexes = [models.Index(fields=["state", "next_try_at"], name="outbox_state_next")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=["waiting", "sending", "sent", "failed", "parked"]), name="outbox_state"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"


class WorkerPulse(models.Model):
    """A worker that runs now: which one, on which machine, and when it last gave a sign of life."""

    data_class = DataClass.C1

    worker = models.CharField(_("worker"), max_length=40, unique=True)
    host = models.CharField(_("machine"), max_length=80)
    process = models.PositiveIntegerField(_("process"))
    begun_at = models.DateTimeField(_("begun at"))
    seen_at = models.DateTimeField(_("last sign of life"))

    class Meta:
        verbose_name = _("worker")
        verbose_name_plural = _("workers")

    def __str__(self) -> str:
        return f"{self.host} {self.process}"


class Quarantine(models.Model):
    """That nothing may leave this installation: it was restored from a backup and nobody has released it yet.

    While its one row stands, the outbox hands nothing over: the original may still run somewhere, and would otherwise
    be doubled by its copy.
    """

    data_class = DataClass.C1

    since = models.DateTimeField(_("since"))
    backup_made_at = models.DateTimeField(_("moment of the backup"))

    class Meta:
        verbose_name = _("quarantine")
        verbose_name_plural = _("quarantines")

    def __str__(self) -> str:
        return f"{self.since}"
