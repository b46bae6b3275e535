"""Roles, their rights, who holds them, and time-limited grants to single records."""

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from guanxi.kernel.confidentiality import DataClass
from guanxi.platform.people.accounts import end_sessions
from guanxi.platform.rows import Row

# Stands for every module, or for every action.
ANY = "*"


class Scope(models.IntegerChoices):
    """Which rows a right reaches; each includes the ones before it."""

    NONE = 0, _("none")
    OWN = 1, _("own")
    TEAM = 2, _("own department")
    DEPARTMENT = 3, _("department and below")
    ALL = 4, _("all")


class RoleKind(models.TextChoices):
    """Business roles, and the three administrators who check each other and see no customer by being one."""

    BUSINESS = "business", _("business")
    SYSTEM = "system", _("system administration")
    SECURITY = "security", _("security administration")
    AUDIT = "audit", _("audit administration")


class Role(Row):
    """A set of rights with a name, such as account manager or archivist."""

    code = models.CharField(_("code"), max_length=40)
    name = models.CharField(_("name"), max_length=80)
    description = models.TextField(_("description"), blank=True)
    kind = models.CharField(_("kind"), max_length=10, choices=RoleKind.choices, default=RoleKind.BUSINESS)

    class Meta:
        verbose_name = _("role")
        verbose_name_plural = _("roles")
        ordering = ["code"]
        constraints = [
            models.UniqueConstraint(
                fields=["code"],
                condition=models.Q(deleted_at__isnull=True),
                name="role_code_once",
                violation_error_message=_("There is already a role with this code."),
            ),
            models.CheckConstraint(condition=models.Q(kind__in=RoleKind.values), name="role_kind"),
        ]

    def __str__(self) -> str:
        return self.name


class RoleRight(Row):
    """One right of a role: an action on a module, on the rows of a scope."""

    data_class = DataClass.C1

    role = models.ForeignKey(Role, models.CASCADE, related_name="rights", verbose_name=_("role"))
    module = models.CharField(
        _("module"), max_length=80, help_text=_("Such as customers.customer; * means every module.")
    )
    action = models.CharField(_("action"), max_length=80, help_text=_("Such as view or create; * means every action."))
    scope = models.PositiveSmallIntegerField(_("scope"), choices=Scope.choices, default=Scope.OWN)

    class Meta:
        verbose_name = _("right of a role")
        verbose_name_plural = _("rights of roles")
        ordering = ["role", "module", "action"]
        constraints = [
            models.UniqueConstraint(
                fields=["role", "module", "action"],
                condition=models.Q(deleted_at__isnull=True),
                name="role_right_once",
                violation_error_message=_("The role already has a right for this action."),
            ),
            models.CheckConstraint(condition=models.Q(scope__in=Scope.values), name="role_right_scope"),
        ]

    def __str__(self) -> str:
        return f"{self.module} {self.action}: {self.get_scope_display()}"


class PersonRole(Row):
    """That a person has a role."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="roles", verbose_name=_("person"))
    role = models.ForeignKey(Role, models.PROTECT, related_name="holders", verbose_name=_("role"))
    #: Why this person: the qualities that the regulation asks of whoever keeps the archive (SEC-05).
    note = models.CharField(_("suitability"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("role of a person")
        verbose_name_plural = _("roles of people")
        ordering = ["person", "role"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "role"],
                condition=models.Q(deleted_at__isnull=True),
                name="person_role_once",
                violation_error_message=_("The person already has this role."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.role}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Store it and end the person's sessions, so that no page made with the former rights stays open."""
        super().save(*args, **kwargs)
        end_sessions([self.person_id])

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Remove it and end the person's sessions."""
        end_sessions([self.person_id])
        return super().delete(*args, **kwargs)


class AccessGrant(Row):
    """A time-limited permission for one person to do certain actions on one record beyond his roles."""

    data_class = DataClass.C1

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="access_grants", verbose_name=_("person")
    )
    module = models.CharField(_("module"), max_length=80)
    record_id = models.UUIDField(_("record"))
    actions = models.CharField(
        _("actions"), max_length=400, default="view", help_text=_("Separated by commas; * means every action.")
    )
    valid_from = models.DateTimeField(_("begins at"))
    valid_until = models.DateTimeField(_("ends at"), help_text=_("From this moment on it is no longer valid."))
    reason = models.CharField(_("reason"), max_length=400)

    class Meta:
        verbose_name = _("access grant")
        verbose_name_plural = _("access grants")
        ordering = ["-valid_from", "id"]
        indexes = [
            models.Index(fields=["person", "valid_until"], name="access_grant_live"),
            models.Index(fields=["module", "record_id"], name="access_grant_record"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(valid_until__gt=models.F("valid_from")),
                name="access_grant_until_after_from",
                violation_error_message=_("The end must be after the beginning."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.module} {self.actions}"

    @property
    def action_names(self) -> frozenset[str]:
        """The actions as a set."""
        return actions_in(self.actions)


def actions_in(text: str) -> frozenset[str]:
    """The actions that a grant names, separated by commas."""
    return frozenset(name for part in text.split(",") if (name := part.strip()))


class TokenUse(models.TextChoices):
    """By which door a token is let in; it opens no other."""

    PROGRAM = "program", _("program (interface, agents)")
    CALENDAR = "calendar", _("calendar program (CalDAV)")
    FEED = "feed", _("calendar to subscribe to, read only, by its address")


class AccessToken(Row):
    """A key under which a program of a person's calls the interface with that person's rights, or with fewer.

    The secret is shown once and never kept: `digest` is its SHA-256, `hint` its beginning, by which the person tells
    his tokens apart. `modules` and `actions` narrow what it may do (empty: whatever the person may); `addresses` from
    where it may be used (networks as in 10.1.0.0/16; empty: from everywhere). It is valid through `expires_on`.
    """

    name = models.CharField(_("name"), max_length=80, help_text=_("What uses it, such as “stock list of the shop”."))
    use = models.CharField(_("used by"), max_length=8, choices=TokenUse.choices, default=TokenUse.PROGRAM)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="access_tokens", verbose_name=_("owner")
    )
    department = models.ForeignKey(
        "people.Department", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("department")
    )
    digest = models.CharField(_("SHA-256"), max_length=64, unique=True, editable=False)
    hint = models.CharField(_("begins with"), max_length=12, editable=False)
    expires_on = models.DateField(_("last day"), help_text=_("At most one year ahead."))
    read_only = models.BooleanField(_("may only read"), default=True)
    elevated = models.BooleanField(
        _("also for grave matters"), default=False,
        help_text=_("Exports, roles and the like, which you yourself have to confirm with your password."),
    )  # fmt: skip
    modules = models.CharField(
        _("only these record types"), max_length=4000, blank=True, help_text=_("Without any: all that you may see."),
    )  # fmt: skip
    actions = models.CharField(
        _("only these actions"), max_length=6000, blank=True, help_text=_("Without any: all that you may do."),
    )  # fmt: skip
    addresses = models.CharField(
        _("only from these addresses"), max_length=400, blank=True,
        help_text=_("Such as 203.0.113.7 or 10.1.0.0/16, separated by commas. Without any: from everywhere."),
    )  # fmt: skip
    revoked_at = models.DateTimeField(_("revoked at"), null=True, blank=True, editable=False)
    last_used_at = models.DateTimeField(_("last used at"), null=True, blank=True, editable=False)
    last_used_from = models.CharField(_("last used from"), max_length=45, blank=True, editable=False)

    class Meta:
        verbose_name = _("access token")
        verbose_name_plural = _("access tokens")
        ordering = ["-created_at", "id"]
        indexes = [models.Index(fields=["owner", "created_at"], name="access_token_owner")]

    def __str__(self) -> str:
        return self.name


class CallAllowance(models.Model):
    """How many calls a person's programs may still make: one bucket for all his tokens and all servers.

    It fills steadily within a minute, so that the moment at which it is full tells how much is in it at any other.
    """

    data_class = DataClass.C1

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="+", verbose_name=_("person")
    )
    full_at = models.DateTimeField(_("full again at"))

    class Meta:
        verbose_name = _("allowance of calls")
        verbose_name_plural = _("allowances of calls")

    def __str__(self) -> str:
        return f"{self.person}: {self.full_at:%H:%M:%S}"
