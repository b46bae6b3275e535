"""People, departments, roles and settings as the engine knows them. The rows themselves belong to the platform."""

import unicodedata
from datetime import timedelta
from operator import attrgetter
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from guanxi.kernel.confidentiality import DataClass
from guanxi.kernel.errors import Invalid
from guanxi.kernel.messages import Message
from guanxi.platform.access import tokens
from guanxi.platform.access.models import AccessToken, PersonRole, Role, RoleRight, TokenUse
from guanxi.platform.calendar.models import CalendarDay
from guanxi.platform.people.models import Department, Deputy, Person, Position
from guanxi.platform.policy.models import ParameterValue
from guanxi.records import registry
from guanxi.records.context import Context
from guanxi.records.models import CustomField, FieldSetting, PicklistValue
from guanxi.records.module import Computed, Lines, Menu, Module, Related, SameAs, Section
from guanxi.rooms.administration import actions, customising
from guanxi.rooms.administration.picklists import PICKLISTS, RECORD_TYPES, RIGHT_MODULES, RIGHT_VERBS, VERBS


def _prepare_person(ctx: Context, values: dict[str, Any], record: Any) -> dict[str, Any]:
    username = values.get("username")
    if not username:
        return values
    username = Person.normalize_username(username)
    try:
        Person._meta.get_field("username").run_validators(username)
    except ValidationError as error:
        raise Invalid({"username": [Message.of(message) for message in error.messages]}) from error
    return {**values, "username": username}


def _must_differ(values: dict[str, Any], record: Any, one: str, other: str, message: Message) -> None:
    first = values[one] if one in values else getattr(record, one, None)
    second = values[other] if other in values else getattr(record, other, None)
    if first is not None and first == second:
        raise Invalid({other: [message]})


def _prepare_deputy(ctx: Context, values: dict[str, Any], record: Any) -> dict[str, Any]:
    _must_differ(values, record, "person", "deputy", Message("Nobody is his own deputy."))
    first, last = (values.get(name, getattr(record, name, None)) for name in ("from_date", "until_date"))
    if first and last and last < first:
        raise Invalid({"until_date": [Message("The last day cannot be before the first day, %(start)s.", start=first)]})
    return values


def _prepare_picklist_value(ctx: Context, values: dict[str, Any], record: Any) -> dict[str, Any]:
    if "|" in (values.get("value") or ""):
        raise Invalid({"value": [Message("The sign | cannot stand in a value.")]})
    return values


def _prepare_token(ctx: Context, values: dict[str, Any], record: Any) -> dict[str, Any]:
    wrong: dict[str, list[Message]] = {}
    last, latest = values.get("expires_on"), tokens.latest_day(ctx.today)
    if last and not ctx.today <= last <= latest:
        wrong["expires_on"] = [Message("Choose a day from today to %(latest)s.", latest=latest)]
    for text in tokens.listed(values.get("addresses", "")):
        try:
            tokens.network_of(text)
        except ValueError:
            wrong.setdefault("addresses", []).append(Message("“%(text)s” is no network address.", text=text[:60]))
    if wrong:
        raise Invalid(wrong)
    values = {**values, **_held_by_use(values.get("use"))}
    if "addresses" not in values:
        return values
    return {**values, "addresses": ", ".join(tokens.listed(values["addresses"]))}


def _held_by_use(use: str | None) -> dict[str, Any]:
    """What a telephone or a subscription carries about is never good for grave matters; an address only reads."""
    if use == TokenUse.FEED:
        return {"read_only": True, "elevated": False}
    return {"elevated": False} if use == TokenUse.CALENDAR else {}


def _start_token(ctx: Context) -> dict[str, Any]:
    return {"expires_on": ctx.today + timedelta(days=tokens.USUAL)}


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold().strip()


PERSON = Module(
    model=Person,
    icon="users",
    data_class=DataClass.C1,
    profile="organisation",
    # The company's own telephone list; the fingerprint of a password is nobody's to read.
    classes={"phone": DataClass.C1, "email": DataClass.C1, "password": DataClass.C3},
    menu=Menu(group="organisation", order=10, create=False),
    columns=("name", "username", "number", "department", "position", "superior", "phone", "is_active", "last_seen_at"),
    filters=("department", "position", "is_active"),
    search=("username", "name_pinyin", "initials", "number", "phone", "email"),
    sort="name_pinyin",
    sections=(
        Section(_("Person"), ("name", "username", "number", "email", "phone", "language")),
        Section(_("Place in the company"), ("department", "position", "superior", "joined_on", "service_waived_on")),
        Section(_("Access"), ("is_active", "must_change_password", "last_seen_at")),
    ),
    read_only=("is_active", "must_change_password", "last_seen_at"),
    hidden=("password", "last_login", "epoch", "preferences"),
    same_as=(SameAs("number", _("employee number"), _folded, strict=True),),
    related=(
        Related("access.personrole", "person", _("Roles"), ("role", "note", "created_at", "created_by")),
        Related("people.deputy", "person", _("Deputies"), ("deputy", "from_date", "until_date", "reason")),
    ),
    actions=(
        actions.CREATE_PERSON,
        actions.EDIT_PERSON,
        actions.DEACTIVATE,
        actions.REACTIVATE,
        actions.RESET_PASSWORD,
        actions.END_SESSIONS,
        actions.RESET_FACTORS,
        actions.GIVE_ROLE,
        actions.WAIVE_SERVICE,
        actions.END_WAIVER,
        actions.TAKE_ROLE,
    ),
    prepare=_prepare_person,
    # Its history tells roles given and taken and why somebody was deactivated: that is the audit's.
    without=("copy", "delete", "import_rows", "search", "history"),
)

DEPARTMENT = Module(
    model=Department,
    icon="sitemap",
    data_class=DataClass.C1,
    profile="organisation",
    menu=Menu(group="organisation", order=20, create=False),
    columns=("name", "code", "kind", "parent", "head"),
    filters=("kind", "parent"),
    search=("code",),
    sort="path",
    sections=(Section(_("Department"), ("name", "code", "kind", "parent", "head")),),
    hidden=(),
    related=(
        Related("people.person", "department", _("People"), ("name", "position", "superior", "is_active")),
        Related("people.department", "parent", _("Departments below"), ("name", "code", "kind", "head")),
    ),
    actions=(actions.DELETE_DEPARTMENT,),
    without=("copy", "import_rows", "search", "merge"),
)

POSITION = Module(
    model=Position,
    icon="id-badge-2",
    data_class=DataClass.C1,
    profile="organisation",
    columns=("name", "rank", "changed_at"),
    sort="-rank",
    sections=(Section(_("Position"), ("name", "rank")),),
    related=(Related("people.person", "position", _("People"), ("name", "department", "is_active")),),
    actions=(actions.DELETE_POSITION,),
    without=("copy", "import_rows", "search", "merge"),
)

DEPUTY = Module(
    model=Deputy,
    icon="users-group",
    data_class=DataClass.C1,
    profile="organisation",
    title="reason",
    columns=("person", "deputy", "from_date", "until_date", "reason"),
    filters=("person", "deputy", "until_date"),
    sort="-from_date",
    sections=(Section(_("Deputy"), ("person", "deputy", "from_date", "until_date", "reason")),),
    prepare=_prepare_deputy,
    without=("copy", "import_rows", "search", "merge"),
)

ROLE = Module(
    model=Role,
    icon="shield-lock",
    data_class=DataClass.C1,
    profile="security",
    menu=Menu(group="administration", order=20, create=False),
    columns=("name", "code", "kind", "description"),
    filters=("kind",),
    search=("code", "description"),
    sort="code",
    sections=(Section(_("Role"), ("name", "code", "kind", "description")),),
    same_as=(SameAs("code", _("code"), _folded, strict=True),),
    lines=Lines(
        RoleRight,
        "role",
        ("module", "action", "scope"),
        _("Rights"),
        unique=("module", "action"),
        named={"module": RIGHT_MODULES, "action": RIGHT_VERBS},
    ),
    related=(Related("access.personrole", "role", _("Held by"), ("person", "created_at", "created_by")),),
    actions=(actions.CREATE_ROLE, actions.EDIT_ROLE, actions.DELETE_ROLE),
    without=("import_rows", "search", "inline_edit", "merge"),
)

PERSON_ROLE = Module(
    model=PersonRole,
    icon="user-shield",
    data_class=DataClass.C1,
    profile="security",
    title="role",
    columns=("person", "role", "created_at", "created_by"),
    filters=("person", "role"),
    sort="-created_at",
    sections=(Section(_("Role of a person"), ("person", "role")),),
    read_only=("person", "role"),
    without=("create", "edit", "copy", "delete", "import_rows", "search", "inline_edit"),
)

PICKLIST_VALUE = Module(
    model=PicklistValue,
    icon="list-details",
    data_class=DataClass.C1,
    profile="settings",
    title="label_zh",
    columns=("picklist", "value", "label_zh", "label_en", "position", "active"),
    filters=("picklist", "active"),
    search=("value", "label_en"),
    sort="picklist",
    sections=(
        Section(
            _("Picklist value"),
            ("picklist", "value", "label_zh", "label_en", "position", "active"),
            help=_("A shipped value under the same name is renamed, moved or switched off by it."),
        ),
    ),
    chosen={"picklist": PICKLISTS},
    prepare=_prepare_picklist_value,
    without=("import_rows", "search", "merge"),
)

CUSTOM_FIELD = Module(
    model=CustomField,
    icon="forms",
    data_class=DataClass.C1,
    profile="settings",
    title="label_zh",
    columns=("label_zh", "module", "kind", "required", "in_list", "section", "changed_at"),
    filters=("module", "kind", "required"),
    search=("label_en", "name"),
    sort="module",
    sections=(
        Section(_("Added field"), ("module", "label_zh", "label_en", "kind", "target", "unit", "help_zh", "help_en")),
        Section(_("What may be entered"), ("required", "is_unique", "default_value", "minimum", "maximum", "personal")),
        Section(_("Where it appears"), ("section", "position", "in_list", "searchable")),
    ),
    lines=Lines(
        PicklistValue,
        "custom_field",
        ("label_zh", "label_en", "position", "active"),
        _("Choices"),
        unique=("label_zh",),
    ),
    actions=(
        customising.SET_CONDITIONS,
        customising.INSTALL_PACK,
        customising.REMOVE_PACK,
        customising.EDIT_FIELD,
        customising.RETIRE_FIELD,
        customising.RESTORE_FIELD,
        customising.PURGE_FIELD,
    ),
    prepare=customising.prepare_field,
    without=("copy", "import_rows", "search", "inline_edit"),
)

FIELD_SETTING = Module(
    model=FieldSetting,
    icon="adjustments-horizontal",
    data_class=DataClass.C1,
    profile="settings",
    title="label_zh",
    columns=("shipped_label", "module", "label_zh", "label_en", "section", "required", "hidden", "changed_at"),
    computed=(Computed("shipped_label", _("name as shipped"), attrgetter("shipped_label")),),
    filters=("module", "required", "hidden"),
    search=("field", "label_en"),
    sort="module",
    sections=(
        Section(
            _("Field setting"),
            ("module", "field", "label_zh", "label_en", "help_zh", "help_en", "default_value"),
            help=_("What is left empty stays as it is shipped."),
        ),
        Section(_("On the form"), ("section", "position", "required", "read_only", "hidden")),
    ),
    prepare=customising.prepare_setting,
    without=("copy", "import_rows", "search", "inline_edit"),
)

CALENDAR_DAY = Module(
    model=CalendarDay,
    icon="calendar-event",
    data_class=DataClass.C1,
    profile="settings",
    columns=("date", "kind", "name", "changed_at"),
    filters=("date", "kind"),
    sort="-date",
    sections=(
        Section(
            _("Calendar day"),
            ("date", "kind", "name"),
            help=_("Only days that differ from the published calendar of China: make-up days, company holidays."),
        ),
    ),
    without=("copy", "search", "merge"),
)

PARAMETER_VALUE = Module(
    model=ParameterValue,
    icon="adjustments",
    data_class=DataClass.C1,
    profile="settings",
    columns=("name", "value", "valid_from", "reason", "created_by"),
    filters=("name", "valid_from"),
    search=("reason",),
    sort="-valid_from",
    sections=(Section(_("Parameter value"), ("name", "value", "valid_from", "reason")),),
    read_only=("name", "value", "valid_from", "reason"),
    actions=(actions.SET_PARAMETER,),
    without=("create", "edit", "copy", "delete", "import_rows", "search", "inline_edit"),
)

ACCESS_TOKEN = Module(
    model=AccessToken,
    icon="key",
    data_class=DataClass.C1,
    classes={"digest": DataClass.C3},
    profile="token",
    columns=("name", "use", "owner", "hint", "read_only", "expires_on", "last_used_at", "last_used_from", "revoked_at"),
    filters=("owner", "use", "expires_on", "revoked_at", "read_only"),
    sort="-created_at",
    sections=(
        Section(
            _("Access token"),
            ("name", "use", "expires_on"),
            help=_("A program that shows this token acts with your rights. The token itself is shown once."),
        ),
        Section(_("What it may do"), ("read_only", "elevated", "modules", "actions", "addresses")),
        Section(_("Use"), ("owner", "hint", "last_used_at", "last_used_from", "revoked_at")),
    ),
    read_only=("owner", "department", "hint", "last_used_at", "last_used_from", "revoked_at"),
    hidden=("digest",),
    actions=(actions.CREATE_TOKEN, actions.REVOKE),
    prepare=_prepare_token,
    starts=_start_token,
    listed={"modules": RECORD_TYPES, "actions": VERBS},
    # What a token may do is fixed with it: whoever wants another makes another.
    without=("edit", "copy", "delete", "assign", "import_rows", "export_rows", "search", "inline_edit"),
)

registry.register(
    PERSON,
    DEPARTMENT,
    POSITION,
    DEPUTY,
    ROLE,
    PERSON_ROLE,
    PICKLIST_VALUE,
    CUSTOM_FIELD,
    FIELD_SETTING,
    CALENDAR_DAY,
    PARAMETER_VALUE,
    ACCESS_TOKEN,
)
