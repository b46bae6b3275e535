"""The company's departments, positions and people, and who stands in for whom."""

from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.db import models, transaction
from django.db.models import Q
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from guanxi.kernel.chinese.pinyin import person_initials, person_pinyin
from guanxi.kernel.errors import Invalid
from guanxi.kernel.messages import Message
from guanxi.platform.people.departments import PATH_LENGTH, lock_tree, move_subtree, path_below
from guanxi.platform.people.sign_in import Attempt, Factor, RecoveryCode, Session
from guanxi.platform.rows import Row

__all__ = [
    "Attempt", "Department", "DepartmentKind", "Deputy", "Factor", "Person", "Position", "RecoveryCode", "Session",
]  # fmt: skip


class DepartmentKind(models.TextChoices):
    """What a unit of the organisation is."""

    COMPANY = "company", _("company")
    SALES_ORGANISATION = "sales_organisation", _("sales organisation")
    DEPARTMENT = "department", _("department")
    TEAM = "team", _("team")


class DepartmentManager(models.Manager["Department"]):
    """Departments, which are created one by one because each one's path hangs on its parent's."""

    def bulk_create(self, *args: Any, **kwargs: Any) -> list["Department"]:
        """Refused: the paths would be missing."""
        raise NotImplementedError("departments are saved one by one: each needs its parent's path")


class Department(Row):
    """A unit of the company's organisation tree: rights by department, approvals by its head."""

    name = models.CharField(_("name"), max_length=80)
    code = models.CharField(_("code"), max_length=30, unique=True)
    kind = models.CharField(_("kind"), max_length=20, choices=DepartmentKind.choices, default=DepartmentKind.DEPARTMENT)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("part of")
    )
    head = models.ForeignKey(
        "people.Person", models.PROTECT, null=True, blank=True, related_name="departments_headed",
        verbose_name=_("head"),
    )  # fmt: skip
    # The ids from the top down to this department, "/a/b/", so that "this one and all below" is one comparison.
    path = models.CharField(_("place in the tree"), max_length=PATH_LENGTH, editable=False, db_index=True)

    objects = DepartmentManager()

    class Meta:
        verbose_name = _("department")
        verbose_name_plural = _("departments")
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(condition=models.Q(kind__in=DepartmentKind.values), name="department_kind")
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def depth(self) -> int:
        """How many departments are above this one."""
        return self.path.count("/") - 2

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Store the department and its place in the tree; Invalid when it would stand below itself or too deep."""
        update_fields = kwargs.get("update_fields")
        if update_fields is not None and not {"parent", "parent_id"} & set(update_fields):
            super().save(*args, **kwargs)
            return
        with transaction.atomic():
            lock_tree(Department)
            paths = dict(Department.objects.filter(Q(pk=self.pk) | Q(pk=self.parent_id)).values_list("pk", "path"))
            if self.parent_id and self.parent_id not in paths:
                raise Invalid({"parent": [Message("The department above does not exist.")]})
            old_path = paths.get(self.pk)
            self.path = path_below(paths[self.parent_id] if self.parent_id else "", self.pk.hex)
            if update_fields is not None:
                kwargs["update_fields"] = {*update_fields, "path"}
            super().save(*args, **kwargs)
            if old_path and old_path != self.path:
                move_subtree(Department, old_path, self.path)


class Position(Row):
    """A post such as account manager or sales manager."""

    name = models.CharField(_("name"), max_length=80, unique=True)
    rank = models.IntegerField(_("rank"), default=0, help_text=_("The higher the number, the more senior."))

    class Meta:
        verbose_name = _("position")
        verbose_name_plural = _("positions")
        ordering = ["-rank", "name"]

    def __str__(self) -> str:
        return self.name


class PersonManager(BaseUserManager["Person"]):
    """People by their login name, whatever its case."""

    def create_user(self, username: str, password: str | None = None, **fields: Any) -> "Person":
        """A stored person who can log in with `password`; without one, nobody can until it is set."""
        person = self.model(username=username, **fields)
        person.set_password(password)
        person.save(using=self._db)
        return person

    def get_by_natural_key(self, username: str | None) -> "Person":
        """The person who logs in as `username`; raises Person.DoesNotExist."""
        return self.get(username=Person.normalize_username(username or ""), deleted_at__isnull=True)


class Person(AbstractBaseUser, Row):
    """Somebody who works for the company and logs in. What he may do comes from his roles alone."""

    username = models.CharField(
        _("user name"), max_length=80, unique=True, validators=[UnicodeUsernameValidator()],
        error_messages={"unique": _("Somebody already has this user name.")},
    )  # fmt: skip
    name = models.CharField(_("name"), max_length=80)
    name_pinyin = models.CharField(_("pinyin"), max_length=240, editable=False, blank=True)
    initials = models.CharField(_("initials"), max_length=80, editable=False, blank=True)
    number = models.CharField(_("employee number"), max_length=30, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    department = models.ForeignKey(
        Department, models.PROTECT, null=True, blank=True, related_name="people", verbose_name=_("department")
    )
    position = models.ForeignKey(
        Position, models.PROTECT, null=True, blank=True, related_name="people", verbose_name=_("position")
    )
    superior = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="subordinates", verbose_name=_("superior")
    )
    joined_on = models.DateField(_("joined the company on"), null=True, blank=True)
    service_waived_on = models.DateField(_("length of service waived on"), null=True, editable=False)
    is_active = models.BooleanField(_("may log in"), default=True)
    # Part of every session's signature: raising it ends all of the person's sessions.
    epoch = models.PositiveIntegerField(_("session epoch"), default=1, editable=False)
    # Set with a temporary password, which somebody else has seen: nothing but changing it is possible until it is done.
    must_change_password = models.BooleanField(_("must change the password"), default=False, editable=False)
    language = models.CharField(
        _("language"), max_length=10, choices=[("zh-hans", _("Chinese")), ("en", _("English"))], default="zh-hans"
    )
    preferences = models.JSONField(_("preferences"), default=dict, blank=True, editable=False)
    last_seen_at = models.DateTimeField(_("last seen at"), null=True, editable=False)

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    objects = PersonManager()

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        ordering = ["name_pinyin", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["number"],
                condition=~models.Q(number=""),
                name="person_number_once",
                violation_error_message=_("Somebody already has this employee number."),
            ),
            models.CheckConstraint(
                condition=models.Q(superior__isnull=True) | ~models.Q(superior=models.F("id")),
                name="person_not_own_superior",
                violation_error_message=_("Nobody is his own superior."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def normalize_username(cls, username: str) -> str:
        """The user name as it is stored and compared: compatibility forms and upper case folded."""
        return super().normalize_username(username.strip()).casefold()

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Store the person with pinyin and initials of the present name, so that search finds him by them."""
        self.username = self.normalize_username(self.username)
        update_fields = kwargs.get("update_fields")
        if update_fields is None or "name" in update_fields:
            self.name_pinyin = person_pinyin(self.name)
            self.initials = person_initials(self.name)
            if update_fields is not None:
                kwargs["update_fields"] = {*update_fields, "name_pinyin", "initials"}
        super().save(*args, **kwargs)

    def _get_session_auth_hash(self, secret: str | bytes | None = None) -> str:
        """What a session must show to stay alive: it ends with the password, the epoch and the person's deletion."""
        state = f"{self.password}:{self.epoch}:{'deleted' if self.deleted_at else 'kept'}"
        return salted_hmac(
            "guanxi.platform.people.Person.session", state, secret=secret, algorithm="sha256"
        ).hexdigest()


class Deputy(Row):
    """Who stands in for an absent person, from the first day to the last, both included."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="deputies", verbose_name=_("absent person"))
    deputy = models.ForeignKey(Person, models.PROTECT, related_name="deputyships", verbose_name=_("deputy"))
    from_date = models.DateField(_("from"))
    until_date = models.DateField(_("until"))
    reason = models.CharField(_("reason"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("deputy")
        verbose_name_plural = _("deputies")
        ordering = ["-from_date", "id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(until_date__gte=models.F("from_date")),
                name="deputy_until_after_from",
                violation_error_message=_("The last day cannot be before the first day."),
            ),
            models.CheckConstraint(
                condition=~models.Q(person=models.F("deputy")),
                name="deputy_not_self",
                violation_error_message=_("Nobody is his own deputy."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.deputy} → {self.person} {self.from_date:%Y-%m-%d} – {self.until_date:%Y-%m-%d}"
