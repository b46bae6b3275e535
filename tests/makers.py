"""Valid input for any module, worked out from its description: a new record type is covered without a line of test."""

from __future__ import annotations

import datetime
import itertools
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from guanxi.platform import calendar
from guanxi.platform.people.models import Person
from guanxi.records import registry
from guanxi.records.context import Context
from guanxi.records.fields import FieldSpec
from guanxi.records.models import FieldSetting
from guanxi.records.module import Module
from guanxi.records.standard import create
from guanxi.rooms.catalog.models import Product
from guanxi.rooms.customers.models import CommissionScheme, Customer
from guanxi.rooms.dossiers.models import RequiredPaper, Volume
from guanxi.rooms.processes.public import install_processes
from guanxi.rooms.sales.public import install_pipeline

_count = itertools.count(1)


def _settable() -> dict[str, Any]:
    """A field without a setting: of each there is one at most."""
    taken = set(FieldSetting.objects.values_list("module", "field"))
    return next(
        {"module": module.key, "field": name}
        for module in registry.modules()
        if registry.entry(module).can_grow
        for section in module.sections
        for name in section.fields
        if (module.key, name) not in taken
    )


#: Where a module's own rules ask for more than its fields say.
EXTRA: dict[str, Callable[[Person | None], dict[str, Any]]] = {
    "people.deputy": lambda owner: {
        "deputy": _another(owner),
        "from_date": "2026-11-20",
        "until_date": "2026-11-30",
    },
    "access.accesstoken": lambda _owner: {"expires_on": "2026-12-31", "modules": [], "actions": [], "addresses": ""},
    "customers.archiveaccess": lambda _owner: {
        "customer_name": _unseen_customer(),
        "until": calendar.today() + datetime.timedelta(days=3),
    },
    "dossiers.requiredpaper": lambda _owner: _not_required_yet(),
    "customers.promoter": lambda _owner: {"side": "external", "person": None},
    "customers.commissionscheme": lambda _owner: _one_day_scheme(),
    "customers.promotedsale": lambda _owner: {"sold_on": _day_with_a_scheme()},
    "dossiers.volume": lambda owner: _only_open_volume(owner),
    "approvals.approvalrule": lambda _owner: _approved_by(),
    "intake.capacity": lambda _owner: {"salesperson": _without_share()},
    "engagement.event": lambda _owner: {
        "ends_at": calendar.now() + datetime.timedelta(hours=30),
        "starts_at": calendar.now() + datetime.timedelta(hours=29),
        "contact": None,
        "all_day": False,
        "repeats": "never",
        "every": 1,
        "until": None,
        "times": None,
        "private": False,
    },
    "engagement.visitreport": lambda _owner: {"plan": None, "steps": ["preparation"]},
    "engagement.watch": lambda _owner: {"look_on": "2026-12-20", "meeting": None},
    "reports.report": lambda _owner: {"definition": {"module": "people.person", "groups": [{"field": "department"}]}},
    "service.ticket": lambda owner: {"customer": None, "customer_name": _named_customer(owner)},
    "integrations.webhook": lambda _owner: {"url": "https://hooks.example.com/guanxi"},
    "mail.letter": lambda _owner: {
        "addressee": "contact",
        "lead": "",
        "template": None,
        "answers": None,
        "cc": "",
        "bcc": "",
        "mailbox": None,
        "is_private": False,
    },
    "mail.mailbox": lambda _owner: {"smtp_host": "", "imap_host": "", "is_shared": False},
    "mail.handout": lambda _owner: {"sent_on": "2026-11-20"},
    "records.fieldsetting": lambda _owner: _settable(),
    "sales.lead": lambda _owner: {"mobile": f"139{next(_count):08}", "first_touch_on": "2026-11-20"},
    "sales.opportunity": lambda _owner: _with_stages(),
    "sales.salesplan": lambda _owner: {"level": "week", "begins_on": _another_monday()},
    "sales.periodreport": lambda _owner: {
        "subject": f"题{next(_count)}",
        "begins_on": "2026-11-20",
        "due_on": "2026-12-20",
    },
    "sales.targettalk": lambda _owner: {"held_on": "2026-11-20"},
    "sales.quote": lambda owner: _priced("valid_until"),
    "sales.salesorder": lambda owner: _priced("promised_on", "ordered_on"),
    "receivables.invoice": lambda _owner: _priced("due_on") | {"order": None, "original": None},
    "purchasing.purchaseorder": lambda _owner: _bought(),
    "records.picklistvalue": lambda _owner: {"picklist": "room.colour"},
}


def _another_monday() -> datetime.date:
    """The first day of a week for which nothing is planned yet."""
    return datetime.date(2001, 1, 1) + datetime.timedelta(weeks=next(_count))


def _bought() -> dict[str, Any]:
    """A product on one line at the vendor's price, ordered today."""
    number = next(_count)
    product = Product.objects.create(
        name=f"原料{number}", code=f"YL-{number:05}", unit="bottle", standard_price=Decimal(100), tax_rate=Decimal(13)
    )
    today = calendar.today()
    return {
        "ordered_on": today,
        "due_on": today,
        "lines": [{"product": str(product.pk), "quantity": "2", "unit_price": "60"}],
    }


def _approved_by() -> dict[str, Any]:
    """Something that can be approved, by a process that is in use."""
    install_processes(calendar.now())
    return {"module": "customers.address", "action": "delete", "process": "approval.superior", "valid_until": None}


def _with_stages() -> dict[str, Any]:
    """Nothing more than the fields say, but stages that it can begin at."""
    install_pipeline(calendar.now())
    return {}


def _priced(last: str, first: str = "") -> dict[str, Any]:
    """A product on one line, and days that lie in the right order around today."""
    number = next(_count)
    product = Product.objects.create(
        name=f"产品{number}", code=f"PX-{number:05}", unit="bottle", standard_price=Decimal(100), tax_rate=Decimal(13)
    )
    days = {last: calendar.today() + datetime.timedelta(days=30), **({first: calendar.today()} if first else {})}
    return {**days, "lines": [{"product": str(product.pk), "quantity": "2"}]}


def _not_required_yet() -> dict[str, Any]:
    """A class and a kind of paper that is not required in it."""
    taken = set(RequiredPaper.objects.values_list("dossier_class", "kind"))
    kinds = [value for value, _label in registry.entry("dossiers.requiredpaper").field("kind").choices]
    dossier_class, kind = next(pair for pair in itertools.product("123456", kinds) if pair not in taken)
    return {"dossier_class": dossier_class, "kind": kind}


def _only_open_volume(owner: Person | None) -> dict[str, Any]:
    """A volume beside others of the manager, which are bound by then: of each class one is open."""
    Volume.objects.filter(owner=owner).update(state="bound")
    return {"dossier_class": "1", "year": 2026}


def _one_day_scheme() -> dict[str, Any]:
    """A scheme on a day of its own: on no day two of them hold."""
    day = datetime.date(2010, 1, 1) + datetime.timedelta(days=next(_count))
    return {"begins_on": day, "ends_on": day, "side": "external"}


def _day_with_a_scheme() -> datetime.date:
    """A day on which outside promoters have a commission scheme."""
    day = datetime.date(2026, 11, 20)
    CommissionScheme.objects.get_or_create(
        side="external", begins_on=day, ends_on=day, defaults={"name": "外促", "rate": 3}
    )
    return day


def _another(owner: Person | None) -> Person:
    """An account manager who is not the owner: nobody stands in for himself."""
    return Person.objects.get(
        username="zhang_min" if owner is not None and owner.username == "wang_fang" else "wang_fang"
    )


def _without_share() -> Person:
    """Somebody new, whose share of new customers nobody has entered: of each there is one at most."""
    number = next(_count)
    return Person.objects.create(username=f"seller_{number}", name=f"业务员{number}", password="!")


def _unseen_customer() -> str:
    """The name of a customer whom nobody looks after: one that only those see who see all, and who decides on it."""
    install_processes(calendar.now())
    name = f"成都第{next(_count)}分销有限公司"
    Customer.objects.create(name=name)
    return name


def _named_customer(owner: Person | None) -> str:
    """The name of a customer of this person: who takes down tickets may not see the customer."""
    name = f"川兴第{next(_count)}门市部"
    Customer.objects.create(name=name, owner=owner, department=owner.department if owner is not None else None)
    return name


def _extra(module: Module, owner: Person | None) -> dict[str, Any]:
    return EXTRA[module.key](owner) if module.key in EXTRA else {}


def values_for(ctx: Context, module: Module, owner: Person | None = None) -> dict[str, Any]:
    """Input for every mandatory field of a module, and the owner where it has one to enter."""
    known = registry.entry(module)
    values = {spec.name: value_for(ctx, spec, owner) for spec in known.form_fields if spec.required}
    through = module.scope_through
    if through and through not in values and known.field(through).editable:
        values[through] = value_for(ctx, known.field(through), owner)
    if owner is not None and any(spec.name == "owner" for spec in known.form_fields):
        values["owner"] = owner
    # From and until: the days of one record stand in the order of its fields.
    days = [name for name in values if known.field(name).kind.name == "date"]
    values |= dict(zip(days, sorted(values[name] for name in days), strict=True))
    return {**values, **_extra(module, owner)}


def value_for(ctx: Context, spec: FieldSpec, owner: Person | None) -> Any:
    """One valid value for one field."""
    number = next(_count)
    kind = spec.kind.name
    if kind == "link":
        target = registry.find(spec.target)
        if target is None:
            return spec.column.related_model._default_manager.order_by("pk").first()  # type: ignore[union-attr]
        return make(ctx, target, owner)
    if kind == "person":
        return owner or ctx.actor
    if spec.choices:
        return spec.choices[0][0]
    samples = {
        "date": (datetime.date(2020, 1, 1) + datetime.timedelta(days=number % 2000)).isoformat(),
        "moment": "2026-11-20 09:30",
        "integer": str(number),
        "number": "1.5",
        "money": "100",
        "percent": "5",
        "boolean": "yes",
        "phone": f"138{number:08}",
        "email": f"n{number}@example.com",
        "data": number,
    }
    text = samples.get(kind, f"名称{number:04}")
    return text[: spec.max_length] if isinstance(text, str) and spec.max_length else text


def make(ctx: Context, module: Module | str, owner: Person | None = None, **values: Any) -> Any:
    """A record of any module, belonging to `owner` (through its customer where rights follow the customer)."""
    known = registry.module(module) if isinstance(module, str) else module
    record = create(ctx, known, confirmed=True, **{**values_for(ctx, known, owner), **values})
    if owner is not None and known.has_owner and record.owner_id != owner.pk:
        record.owner, record.department = owner, owner.department
        record.save(update_fields=["owner", "department"])
    return record


def changed_value(ctx: Context, module: Module) -> dict[str, Any]:
    """An edit that any module accepts: another text in its first text field, else the first date or amount."""
    known = registry.entry(module)
    for wanted in ("text", "long_text", "address", "date", "money", "integer", "boolean"):
        for spec in known.form_fields:
            plain = not spec.column.unique and not spec.choices and spec.name not in _extra(module, None)
            if spec.kind.name == wanted and plain:
                samples = {"date": "2026-11-19", "money": "7", "integer": "7", "boolean": "no"}
                return {spec.name: samples.get(wanted, f"改{next(_count)}")}
    raise AssertionError(f"{module.key} has no field that can be edited")
