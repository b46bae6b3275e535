"""The audit trail as a page: who did what, when, and proof that nothing was changed afterwards."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from guanxi.kernel.errors import NotAllowed
from guanxi.platform.audit.chain import pending
from guanxi.platform.audit.erasures import veil
from guanxi.platform.audit.models import AuditEntry, AuditSeal, Outcome, Source
from guanxi.platform.audit.verification import VerifyReport, verify
from guanxi.records import masking, registry
from guanxi.records.history import approved_by, mask_of, text_of
from guanxi.records.standard import ENTERED, action_of, verb_of
from guanxi.rooms.administration.pages.questions import Question
from guanxi.rooms.administration.queries import may_read_trail, may_read_values, trail
from guanxi.web import addresses
from guanxi.web.gate import Request
from guanxi.web.rendering import page

PATH = "/administration/audit/"


@require_GET
def show(request: Request) -> HttpResponseBase:
    """The trail, filtered by the address."""
    return _draw(request)


@require_POST
def prove(request: Request) -> HttpResponseBase:
    """Recompute the whole chain and compare it with its anchors."""
    _require(request)
    return _draw(request, verify())


def _require(request: Request) -> None:
    if not may_read_trail(request.ctx):
        raise NotAllowed


def _draw(request: Request, report: VerifyReport | None = None) -> HttpResponseBase:
    _require(request)
    question = Question(request, PATH, ("person", "token", "module", "action", "outcome", "from", "until"))
    shown, older = question.part(trail(question.filters).select_related("seal"))
    shown = veil(shown)
    context = {
        "lines": [_line(request, entry) for entry in shown],
        "older": older,
        "newest": question.newest,
        "fields": _fields(question),
        "report": report,
        "sealed": AuditSeal.objects.count(),
        "waiting": pending().count(),
        "is_narrowed": question.is_narrowed,
        "here": PATH,
    }
    return page(request, "administration/audit.html", context, status=question.status)


def _fields(question: Question) -> list[dict[str, Any]]:
    actions = sorted({(name, verb_of(module, name)) for module in registry.modules() for name in _verbs(module)})
    actions += [(name, str(label)) for name, label in ENTERED.items()]
    return [
        question.people(),
        *question.tokens(),
        question.modules(),
        question.select("action", _("Action"), list(dict(actions).items())),
        question.select("outcome", _("Outcome"), list(Outcome.choices)),
        question.day("from", _("From")),
        question.day("until", _("Until")),
    ]


def _verbs(module: Any) -> set[str]:
    standard = {name for name in ("create", "edit", "delete", "restore", "purge", "assign") if action_of(module, name)}
    return standard | set(registry.entry(module).actions)


def _line(request: Request, entry: AuditEntry) -> dict[str, Any]:
    """One entry as the page shows it: names and values of customers stay hidden from who may not read customers."""
    may_read = may_read_values(request.ctx, entry.module)
    module = registry.find(entry.module)
    is_reachable = module is not None and entry.record_id and may_read and request.ctx.may(module)
    return {
        "at": entry.at,
        "actor": entry.actor_name or _("the system"),
        "action": verb_of(module, entry.action),
        "module": str(module.label) if module else entry.module,
        "record": (entry.record_label if may_read else _("(hidden)")) if entry.record_id else "",
        "href": addresses.record(module, entry.record_id) if module and is_reachable else "",
        "source": Source(entry.source).label if entry.source in Source.values else entry.source,
        "refused": entry.outcome == Outcome.REFUSED,
        "reason": entry.reason,
        "changes": _changes(request, entry, may_read),
        "clauses": _clauses(entry),
        "approved_by": approved_by(entry),
        "address": entry.address,
        "token": entry.token_name or "",
        "same_token": addresses.with_query(PATH, {"token": str(entry.token)}) if entry.token else "",
        "sealed": hasattr(entry, "seal"),
        "number": entry.pk,
    }


def _clauses(entry: AuditEntry) -> list[str]:
    """The clauses under which something was refused, warned of or approved."""
    decision = entry.decision or {}
    told = [*decision.get("reasons", ()), decision.get("approved", {})]
    return list(dict.fromkeys(each["clause"] for each in told if each.get("clause")))


#: What entries tell beside the fields of a record.
_BESIDE_FIELDS = {
    "answer": gettext_lazy("answer"),
    "backup_made_at": gettext_lazy("state of"),
    "by": gettext_lazy("by means of"),
    "columns": gettext_lazy("columns"),
    "factor": gettext_lazy("second factor"),
    "file": gettext_lazy("file"),
    "filter": gettext_lazy("conditions"),
    "lines": gettext_lazy("lines"),
    "linked": gettext_lazy("linked records"),
    "roles": gettext_lazy("roles"),
    "rows": gettext_lazy("rows"),
    "sessions": gettext_lazy("sessions"),
    "sha256": gettext_lazy("checksum"),
    "shut_out": gettext_lazy("shut out for a while"),
    "text": gettext_lazy("what was asked"),
    "trail": gettext_lazy("entries about the person"),
}
#: By which means somebody signed in or got a new password.
_WAYS = {
    "password": gettext_lazy("password"),
    "code": gettext_lazy("password and code"),
    "key": gettext_lazy("password and security key"),
    "person": gettext_lazy("the person"),
    "mail": gettext_lazy("e-mail"),
}


def _changes(request: Request, entry: AuditEntry, may_read: bool) -> list[tuple[Any, str, str]]:
    module = registry.find(entry.module)
    fields = registry.entry(module).fields if module else {}
    personal = () if module is None or masking.covers(request.ctx, module) else registry.entry(module).personal
    shown = []
    for name, pair in entry.changes.items():
        spec = fields.get(name)
        label = spec.label if spec else _BESIDE_FIELDS.get(name, name)
        if not may_read or not isinstance(pair, list) or len(pair) != 2:
            shown.append((label, "", ""))
        elif spec and name in personal:
            shown.append((label, mask_of(spec, pair[0]), mask_of(spec, pair[1])))
        elif spec:
            shown.append((label, text_of(spec, pair[0]), text_of(spec, pair[1])))
        else:
            shown.append((label, *(_plain(_WAYS.get(each, each) if name == "by" else each) for each in pair)))
    return shown


def _plain(value: Any) -> str:
    return (
        "、".join(str(item) for item in value) if isinstance(value, list) else str(value if value is not None else "")
    )
