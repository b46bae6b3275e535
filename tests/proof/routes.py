"""What every page and every operation promises: who gets through, with which methods, in front of which thing.

Whoever adds an address says here what it promises; the test of the matrix does not pass before.
"""

from __future__ import annotations

from dataclasses import dataclass

from guanxi.config.commands.routes import routes

#: The pages of the URL table by name: {"name", "pattern", "methods", …}.
NAMED = {route["name"]: route for route in routes() if not route["name"].startswith("api:")}

READ, WRITE, BOTH = ("GET",), ("POST",), ("GET", "POST")
#: What fills an address, or what is sent: name → value. "{key}" and "{pk}" stand for the record type and the record.
Parts = tuple[tuple[str, str], ...]


@dataclass(frozen=True, kw_only=True)
class Address:
    """What an address takes: its methods, what else stands in it, what is sent to it.

    `is_short`: what is sent is not enough, so that who gets through may be told that something is not there.
    """

    methods: tuple[str, ...] = READ
    parts: Parts = ()
    sends: Parts = ()
    is_short: bool = False


@dataclass(frozen=True)
class Everybody(Address):
    """For whoever has signed in, about nothing but himself."""


@dataclass(frozen=True)
class Own(Address):
    """About one thing of Zhang Min's: for nobody else it exists, but for who holds `overseers` on all of them."""

    thing: str
    overseers: str = ""


@dataclass(frozen=True)
class Holder(Address):
    """A page for who holds one of these rights ("policy.parametervalue view") on at least some records."""

    rights: tuple[str, ...]
    #: What writing needs, where that is more.
    to_write: str = ""


@dataclass(frozen=True)
class OfType(Address):
    """A page of a record type: for who sees some of its records and holds the right on some.

    `ability`: the types that are without it answer that there is no such page. `word`: what `name` in the address is.
    `is_blind`: one need not see any record of the type for it.
    """

    right: str = "view"
    ability: str = ""
    word: str = ""
    is_blind: bool = False


@dataclass(frozen=True)
class OfRecord(Address):
    """A page of one record: it does not exist for who does not see the record, it is refused to who lacks the right.

    `module`: the record type whose page it is; without it, every type's.
    """

    right: str = "view"
    ability: str = ""
    word: str = ""
    module: str = ""


Promise = Everybody | Own | Holder | OfType | OfRecord

#: Open without signing in. `api` and `caldav` ask by themselves who calls.
PUBLIC = {
    "api", "csp_report", "healthz", "readyz", "metrics", "login", "second", "forgotten", "new_password", "language",
    "dossiers:sign", "dossiers:sign_file", "engagement:caldav", "engagement:caldav_well_known",
    "engagement:calendar_feed", "mail:unsubscribe",
}  # fmt: skip
#: Of these, what takes what is sent without the mark of a page of ours: a browser that reports, calendar programs, a
#: mail provider's program that ends advertising by the link of one person.
UNMARKED = {"csp_report", "engagement:caldav", "engagement:caldav_well_known", "mail:unsubscribe"}

SETTINGS = "policy.parametervalue"
FIELDS = "records.customfield"
REPORT = "reports.report"
CUSTOMER_LAYOUT = (("key", "customers.customer"),)
#: Of another application, or of nobody: no such backup.
BACKUP = (("file", "guanxi-19700101.gxb"),)

PAGES: dict[str, Promise] = {
    "workbench:today": Everybody(),
    "home": Everybody(),
    "logout": Everybody(methods=WRITE),
    "confirm": Everybody(methods=BOTH),
    "search": Everybody(),
    "palette": Everybody(),
    "menu_fold": Everybody(methods=WRITE, sends=(("group", "archive"), ("open", "1"))),
    "notices": Everybody(),
    "notices_read": Everybody(methods=WRITE),
    "settings": Everybody(),
    "settings_save": Everybody(methods=WRITE),
    "settings_password": Everybody(methods=BOTH),
    "sessions_end": Everybody(methods=WRITE),
    "factors": Everybody(),
    "factor_app": Everybody(methods=BOTH),
    "factor_key": Everybody(methods=BOTH),
    "recovery_codes": Everybody(methods=WRITE),
    "factor_remove": Own("factor", methods=WRITE),
    "batches": Everybody(),
    "batch": Own("batch", overseers="@batch view"),
    "batch_undo": Own("batch", methods=WRITE),
    "batch_confirm": Own("batch", methods=WRITE),
    "batch_failures": Own("batch", methods=WRITE, overseers="@batch view"),
    "jobs": Everybody(),
    "job": Own("job"),
    "job_stop": Own("job", methods=WRITE),
    "job_again": Own("job", methods=WRITE),
    "file": Own("file"),
    "printed": OfRecord(methods=WRITE, sends=(("module", "{key}"), ("record", "{pk}"))),
    "room": Everybody(parts=(("app", "customers"),)),
    "list": OfType(),
    "counts": OfType(),
    "condition": OfType(),
    "columns": OfType(methods=BOTH),
    "chip": OfType(word="filter"),
    "size": OfType(methods=WRITE),
    "view_save": OfType(methods=WRITE, sends=(("name", "Mine"),)),
    "view_change": Own("view", methods=WRITE, sends=(("what", "delete"),)),
    "pick": OfType(),
    "similar": OfType("create"),
    "line": OfType(ability="lines"),
    "create": OfType("create", ability="create", methods=BOTH),
    "do_module": OfType("check_known", ability="check_known", word="check_known", methods=BOTH),
    "bulk": OfType("delete", ability="delete", word="delete", methods=WRITE),
    "merge": OfType("merge", ability="merge", methods=BOTH),
    "same": OfType("merge", ability="merge same_as"),
    "apart": OfType("merge", ability="merge", methods=WRITE, is_short=True),
    "bin": OfType(ability="delete"),
    "export": OfType("export", ability="export_rows", methods=BOTH),
    "import": OfType("import", ability="import_rows", methods=BOTH),
    "import_run": Own("import"),
    "import_columns": Own("import", methods=BOTH),
    "import_refused": Own("import", methods=WRITE),
    "import_act": Own("import", methods=WRITE, parts=(("what", "stop"),)),
    "detail": OfRecord(),
    "edit": OfRecord("edit", ability="edit", methods=BOTH),
    "history": OfRecord(ability="history"),
    "looks": OfRecord("see_looks"),
    "do": OfRecord("delete", ability="delete", word="delete", methods=BOTH),
    "field": OfRecord("edit", ability="inline", word="field", methods=BOTH),
    "catalog:choose": OfRecord("add_products", methods=BOTH, module="catalog.pricebook"),
    "processes:send_back": OfRecord("send_back", methods=BOTH, module="workflow.workitem"),
    "processes:condition": OfRecord("set_condition", methods=BOTH, module="approvals.approvalrule"),
    "processes:draw": OfRecord("draw", methods=BOTH, module="workflow.processversion"),
    "processes:check": OfRecord("draw", methods=WRITE, module="workflow.processversion"),
    "processes:file": OfRecord(module="workflow.processversion"),
    "processes:compare": OfRecord(module="workflow.processversion"),
    "processes:start": Holder(("workflow.processinstance start_process",), methods=BOTH),
    "processes:table": OfRecord("write_table", methods=BOTH, module="workflow.decisiontable"),
    "processes:table_file": OfRecord(module="workflow.decisiontable"),
    "processes:take_in_table": Holder(("workflow.decisiontable take_in",), methods=BOTH),
    "processes:take_in": Holder(("workflow.processversion take_in",), methods=BOTH),
    "customers:archive": Holder(("customers.contribution view",)),
    "customers:known": Holder(("customers.customer check_known",), methods=BOTH),
    "customers:report": Holder(("customers.customer view",), parts=(("report", "register"),)),
    "customers:report_export": Holder(("customers.customer export",), methods=BOTH, parts=(("report", "register"),)),
    "customers:subject": OfRecord("subject_report", methods=BOTH, module="customers.contact"),
    "dossiers:catalogue": Holder(("dossiers.document view",)),
    "dossiers:missing": Holder(("dossiers.document view",)),
    "dossiers:standing": OfRecord(module="customers.customer"),
    "dossiers:labels": Holder(("dossiers.volume view",), methods=BOTH, is_short=True),
    "dossiers:sheets": Holder(("dossiers.document view",), methods=BOTH, is_short=True),
    "customers:customer": OfRecord(module="customers.customer"),
    "customers:book": OfRecord(word="visits", module="customers.customer"),
    "compliance:register": Everybody(),
    "compliance:clause": Everybody(parts=(("clause", "ARC-01"),)),
    "compliance:board": Holder(("@compliance view",)),
    "compliance:evidence": Holder(("@compliance view",)),
    "compliance:report": Holder(("@compliance export",), methods=BOTH),
    "intake:share": Holder(("customers.customer assign",), methods=BOTH, is_short=True),
    "engagement:calendar": Holder(("engagement.event view", "engagement.task view")),
    "engagement:calendar_file": Holder(("engagement.event export",), methods=BOTH),
    "engagement:event_file": OfRecord(module="engagement.event"),
    "engagement:phone": Holder(("engagement.event view", "engagement.task view")),
    "engagement:phone_token": Holder(("engagement.event view", "engagement.task view"), methods=WRITE),
    "engagement:phone_bring": Holder(("engagement.event import",), methods=WRITE, is_short=True),
    "mail:formatted": OfRecord(module="mail.letter"),
    "engagement:calendar_move": Holder(("engagement.event view",), methods=WRITE),
    "sales:convert": OfRecord("convert_lead", methods=BOTH, module="sales.lead"),
    "sales:quote_paper": OfRecord(module="sales.quote"),
    "sales:order_paper": OfRecord(module="sales.salesorder"),
    "sales:board": Holder(("sales.opportunity view",)),
    "sales:move": Holder(("sales.opportunity move_stage",), methods=WRITE, is_short=True),
    "sales:targets": Holder(("sales.salesplan view",)),
    "sales:targets_export": Holder(("sales.salesplan export",), methods=BOTH),
    "sales:report": Holder(("sales.salesorder view",)),
    "sales:report_export": Holder(("sales.salesorder export",), methods=BOTH),
    "sales:person": Holder(("sales.salesplan view",)),
    "engagement:activities": Holder(("engagement.event view", "engagement.task view")),
    "engagement:activities_export": Holder(("engagement.task export",), methods=BOTH),
    "engagement:due_visits": Holder(("customers.customer view",)),
    "receivables:paper": OfRecord("view", module="receivables.invoice"),
    "purchasing:paper": OfRecord("view", module="purchasing.purchaseorder"),
    "engagement:watching": Holder(("engagement.watch see_watch_list",)),
    "engagement:minutes_paper": OfRecord("export", methods=BOTH, module="engagement.minutes"),
    "intake:report": Holder(("intake.informationfile view",)),
    "intake:report_export": Holder(("intake.informationfile export",), methods=BOTH),
    "service:statistics": Holder(("service.ticket view",)),
    "service:statistics_export": Holder(("service.ticket export",), methods=BOTH),
    "compliance:sheet": OfRecord("record_results", methods=BOTH, module="compliance.inspection"),
    "administration:home": Holder(("access.role view", f"{SETTINGS} view", "@audit view")),
    "administration:parameters": Holder((f"{SETTINGS} view",)),
    "administration:parameter": Holder(
        (f"{SETTINGS} view",), f"{SETTINGS} set_parameter", methods=BOTH, parts=(("name", "people.confirmed_minutes"),)
    ),
    "administration:layouts": Holder((f"{FIELDS} view",)),
    "administration:layout": Holder((f"{FIELDS} view",), parts=CUSTOMER_LAYOUT),
    "administration:arrange": Holder(
        (f"{FIELDS} edit",), methods=WRITE, parts=CUSTOMER_LAYOUT, sends=(("field", "name"), ("do", "up"))
    ),
    "administration:pack": Holder((f"{FIELDS} install_pack",), methods=WRITE, parts=(("name", "hotel"),)),
    "administration:conditions": Holder((f"{FIELDS} view",), f"{FIELDS} set_conditions", methods=BOTH),
    "administration:audit": Holder(("@audit view",)),
    "administration:verify": Holder(("@audit view",), methods=WRITE),
    "administration:disclosures": Holder(("@audit view",)),
    "administration:backups": Holder(("@operations view",)),
    "administration:make_backup": Holder(("@operations back_up",), methods=WRITE),
    "administration:try_backup": Holder(("@operations back_up",), methods=WRITE, parts=BACKUP, is_short=True),
    "administration:download_backup": Holder(("@operations download_backup",), parts=BACKUP, is_short=True),
    "administration:why": Holder(("access.role view",)),
    "reports:shelf": Holder((f"{REPORT} view",)),
    "reports:new": Holder((f"{REPORT} create",), methods=BOTH),
    "reports:report": OfRecord(module=REPORT),
    "reports:change": OfRecord("edit", module=REPORT, methods=BOTH),
    "reports:related": Holder((f"{REPORT} create",)),
    "reports:run": Holder((f"{REPORT} view",)),
    "reports:made": Own("job"),
    "reports:keep": Holder((f"{REPORT} create",), methods=WRITE, is_short=True),
    "reports:file": Holder((f"{REPORT} view",), methods=BOTH, is_short=True),
    "reports:share": OfRecord("share_report", module=REPORT, methods=BOTH),
    "reports:dashboards": Holder((f"{REPORT} view",)),
    "reports:board": OfRecord(module="reports.dashboard"),
    "reports:department": Holder((f"{REPORT} see_performance",)),
    "reports:tile": Holder((f"{REPORT} view",), is_short=True, parts=(("pk", "00000000-0000-0000-0000-000000000000"),)),
}

#: By method and shape of the path: what stands for a record type is "*", so that a new type needs no line here; one
#: that promises something else stands under its whole path. "{verb}" is any verb of the type; who may do it is asked
#: of the table of rights under its name.
OPERATIONS: dict[str, Promise] = {
    "GET openapi.json": Everybody(),
    "GET me": Everybody(),
    "GET modules": Everybody(),
    "GET modules/{id}": OfType(),
    "GET search": Everybody(),
    "POST files": Everybody(methods=WRITE),
    "GET files/{id}": Own("file"),
    "GET files/{id}/content": Own("file"),
    "GET jobs": Everybody(),
    "GET jobs/{id}": Own("job"),
    "POST jobs/{id}/cancel": Own("job", methods=WRITE),
    "GET *": OfType(),
    "GET */count": OfType(),
    "POST *": OfType("create", methods=WRITE, is_short=True),
    # No token makes another one.
    "POST access/accesstoken": Holder((), methods=WRITE),
    "POST */duplicates": OfType("create", methods=WRITE),
    "POST */export": OfType("export", methods=WRITE),
    "POST */import": OfType("import", methods=WRITE),
    "GET */import/{id}": Own("import"),
    "GET */import/{id}/rows": Own("import"),
    "POST */import/{id}/check": Own("import", methods=WRITE),
    "POST */import/{id}/apply": Own("import", methods=WRITE),
    "POST */import/{id}/undo": Own("import", methods=WRITE),
    "POST */import/{id}/cancel": Own("import", methods=WRITE),
    "GET */{id}": OfRecord(),
    "GET */{id}/history": OfRecord(),
    "PATCH */{id}": OfRecord("edit", methods=("PATCH",)),
    "DELETE */{id}": OfRecord("delete", methods=("DELETE",)),
    "POST */{id}/actions/{verb}": OfRecord("{verb}", methods=WRITE),
    "POST */actions/{verb}": OfType("{verb}", methods=WRITE, is_blind=True),
}
#: Reading that is sent, because what it asks about does not fit into an address.
READS = {"POST */duplicates"}
