"""What administrators choose among: the program's record types, verbs, lines of rights and picklists of this moment."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from itertools import chain
from typing import Any, Final

from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from guanxi.records import customising, registry
from guanxi.records.describing import types_to_choose, verbs_to_choose
from guanxi.records.module import Module
from guanxi.records.picklists import declare, own_label, shipped

#: Rights that no action stands for.
_RIGHTS = (("view", _("View")), ("import", _("Import")), ("export", _("Export")))
#: And those of pages that are not about single records.
_OF_PAGES = (
    ("see_performance", _("see the performance of the department")),
    ("see_looks", _("See who looked")),
    ("see_watch_list", _("See this month’s customers to watch")),
    ("reassign", _("Look after processes that stand still")),
    ("back_up", _("Back up")),
    ("download_backup", _("Download a backup")),
)
#: What a right may name beside single record types: everything, and the lines of rights; see `roles.PROFILES`.
_LINES = (
    ("*", _("everything")),
    ("@customer", _("customers and what belongs to them")),
    ("@contribution", _("contributions and leads")),
    ("@archive_access", _("access to archives")),
    ("@activity", _("follow-ups, visits, tasks, memos")),
    ("@intake", _("information files of companies")),
    ("@allotment", _("who is responsible where")),
    ("@dossier", _("documents of dossiers")),
    ("@shelf", _("volumes and paper originals")),
    ("@loan", _("lent originals")),
    ("@daily", _("papers of the day")),
    ("@review", _("rounds of revision")),
    ("@report", _("reports and dashboards")),
    ("@report_folder", _("folders of reports")),
    ("@inspection", _("self-inspections")),
    ("@promoter", _("promoters and their commission")),
    ("@library", _("cases and laws")),
    ("@lead", _("leads of selling")),
    ("@opportunity", _("opportunities of selling")),
    ("@quote", _("quotes to customers")),
    ("@sales_order", _("orders of customers")),
    ("@pipeline", _("sales pipelines and their stages")),
    ("@plan", _("sales plans and talks about targets")),
    ("@period_report", _("reports on periods")),
    ("@purchase_order", _("purchase orders to vendors")),
    ("@invoice", _("invoices to customers")),
    ("@project", _("onboarding projects")),
    ("@contract", _("contracts with customers")),
    ("@contract_text", _("texts of contracts")),
    ("@ticket", _("tickets of customers")),
    ("@faq", _("frequent questions and answers")),
    ("@following", _("customers that leaders follow")),
    ("@pool", _("customers in the public pool")),
    ("@meeting", _("meetings")),
    ("@watch", _("customers to watch")),
    ("@visit_plan", _("plans of visits")),
    ("@work", _("what processes ask of people")),
    ("@process", _("how processes run")),
    ("@approval", _("requests for approval")),
    ("@duty", _("duties of the regulation")),
    ("@compliance", _("the board of the regulation")),
    ("@market", _("market and competition")),
    ("@catalog", _("products, vendors, price books")),
    ("@letter", _("mails written and received")),
    ("@mailbox", _("mailboxes")),
    ("@mail_template", _("mail templates")),
    ("@material", _("company materials")),
    ("@organisation", _("people and departments")),
    ("@security", _("roles and rights")),
    ("@settings", _("settings")),
    ("@audit", _("audit trail")),
    ("@token", _("access tokens")),
    ("@integration", _("webhooks")),
    ("@batch", _("bulk actions")),
    ("@operations", _("backups and operation")),
)


def _record_types() -> Iterator[tuple[str, Any]]:
    return types_to_choose(registry.modules())


def _verbs() -> Iterator[tuple[str, Any]]:
    return chain(_RIGHTS, verbs_to_choose(registry.modules()))


def _right_modules() -> Iterator[tuple[str, Any]]:
    return chain(_LINES, _record_types())


def _right_verbs() -> Iterator[tuple[str, Any]]:
    return chain((("*", _("everything")),), _verbs(), _OF_PAGES)


def _picklists() -> Iterator[tuple[str, Any]]:
    """Those that are shipped, then those of added fields, each after the record type it belongs to."""
    for picklist in shipped():
        user = _user_of(picklist.name)
        yield picklist.name, _named(str(picklist.label), user.label if user else "")
    for key, rows in customising.current().fields.items():
        for row in rows:
            if row.picklist:
                yield row.picklist, _named(own_label(row), registry.module(key).label)


def _named(label: str, of: Any) -> str:
    return f"{capfirst(str(of))} · {label}" if of else capfirst(label)


@cache
def _user_of(picklist: str) -> Module | None:
    """The first record type with a field of that picklist."""
    return next(
        (
            module
            for module in registry.modules()
            for column in module.model._meta.concrete_fields
            if getattr(column, "picklist", "") == picklist
        ),
        None,
    )


RECORD_TYPES: Final = declare("access.record_types", _("record types"), _record_types)
VERBS: Final = declare("access.verbs", _("verbs"), _verbs)
RIGHT_MODULES: Final = declare("access.right_modules", _("what a right is about"), _right_modules)
RIGHT_VERBS: Final = declare("access.right_verbs", _("what a right allows"), _right_verbs)
PICKLISTS: Final = declare("records.picklists", _("picklists"), _picklists)
