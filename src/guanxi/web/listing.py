"""The list of a record type: views, search, filters, columns, order, page; and the choices that are kept of it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.http import HttpResponseBase, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from guanxi.kernel.errors import Invalid, NotAllowed, NotFound
from guanxi.platform.access.models import Scope
from guanxi.records import listing, registry, selection
from guanxi.records.context import Context
from guanxi.records.module import Module
from guanxi.records.registry import Registered
from guanxi.records.standard import CREATE, action_of
from guanxi.web import addresses, cells, flashes, menu, preferences
from guanxi.web.gate import Request, of_module
from guanxi.web.list_state import ListState, condition_of, filterable
from guanxi.web.rendering import page, template_of


@require_GET
@of_module
def show(request: Request, known: Registered) -> HttpResponseBase:
    """The list."""
    state = ListState(request.ctx, known, request.GET)
    return page(request, template_of(known.module, "list"), context(request, state))


def context(request: Request, state: ListState) -> dict[str, Any]:
    """Everything the list shows."""
    ctx, known, module = request.ctx, state.known, state.known.module
    problem = ""
    tabs = listing.views(ctx, module)
    try:
        view = listing.view_among(tabs, state.query.view)
        found = listing.page(ctx, module, state.query, view=view, narrow=True)
        total = found.number()
    except Invalid as error:
        problem = str(error.message)
        found, total = _nothing(request, state), selection.Number()
    own_view = state.params.get("view", "") or listing.ALL
    return {
        "known": known,
        "module": module,
        "state": state,
        "found": found,
        "lines": cells.lines_of(ctx, known, found.rows, found.columns, state.remembered),
        "total": total.rows,
        "total_text": total.text,
        "problem": problem,
        "tabs": _tabs(tabs, state, own_view),
        "view": found.view,
        "columns": _columns_offered(module, found.columns) if state.opened == "columns" else (),
        "sort": sorting(state, found.columns, found.sort),
        "may": {
            **{name: ctx.may(module, name) and module.can(ability) for name, ability in _ABILITIES.items()},
            "merge": action_of(module, "merge") is not None and ctx.may(module, "merge"),
        },
        "bulk": bulk_actions(request, known),
        "siblings": siblings(ctx, module),
        "may_share": ctx.scope(module, "edit") >= Scope.DEPARTMENT,
        "filterable": filterable(ctx, known) if state.conditions or state.params.get("build") else (),
        "base": addresses.listing(module),
        "new_href": addresses.of_module(module, "new"),
        "new_label": new_label(module),
    }


def new_label(module: Module) -> str:
    """What leads to the form of a new record: in the module's own words, where its way of creating has some."""
    own = registry.entry(module).actions.get(CREATE.name, CREATE)
    return str(own.label) if own.label != CREATE.label else _("New %(noun)s") % {"noun": module.label}


def _is_sibling(module: Module, other: Module) -> bool:
    here, there = module.menu, other.menu
    if here is None or there is None or here.tab != there.tab:
        return False
    return bool(here.tab) or (other.app == module.app and there.group == here.group)


def siblings(ctx: Context, module: Module) -> list[dict[str, Any]]:
    """The inner tabs: of a room that is one group of the menu, as the catalogue (CRM-10), or of one `Menu.tab`."""
    if module.menu is None or not (module.menu.tab or module.menu.group == module.app):
        return []
    shown = [other for other in registry.modules() if _is_sibling(module, other) and ctx.may(other)]
    ordered = sorted(shown, key=lambda other: other.menu.order if other.menu else 0)
    tabs = [{"label": other.label_plural, "href": addresses.listing(other), "on": other is module} for other in ordered]
    return tabs if len(tabs) > 1 else []


_ABILITIES = {
    "create": "create",
    "edit": "edit",
    "delete": "delete",
    "import": "import_rows",
    "export": "export_rows",
    "restore": "delete",
}


def total_text(total: int) -> str:
    """A count, or "10,000+" beyond what is counted."""
    return selection.capped(total, selection.COUNT_CAP).text


def _nothing(request: Request, state: ListState) -> listing.Page:
    module = state.known.module
    columns = state.known.columns
    tab = listing.ViewTab(listing.ALL, "", columns, module.sort)
    return listing.Page([], listing.columns_of(module, columns), tab, module.sort, "", "")


def _tabs(tabs: list[listing.ViewTab], state: ListState, current: str) -> list[dict[str, Any]]:
    if current not in {tab.key for tab in tabs}:
        current = listing.ALL
    path = addresses.of_module(state.known.module)
    return [
        {
            "key": tab.key,
            "label": tab.label,
            "href": path if tab.key == listing.ALL else f"{path}?view={tab.key}",
            "on": tab.key == current,
            "tab": tab,
        }
        for tab in tabs
    ]


def _columns_offered(module: Module, shown: tuple[listing.Column, ...]) -> list[tuple[listing.Column, bool]]:
    names = {column.name for column in shown}
    rest = [column for column in listing.offered_columns(module) if column.name not in names]
    return [*((column, True) for column in shown), *((column, False) for column in rest)]


def sorting(state: ListState, columns: Iterable[listing.Column], sort: str) -> dict[str, tuple[str, str]]:
    """For the sortable ones of these columns: the address that sorts by it, and how it is sorted now (or "")."""
    name, descending = sort.lstrip("-"), sort.startswith("-")
    result = {}
    for column in columns:
        if column.sortable:
            now = ("desc" if descending else "asc") if column.name == name else ""
            result[column.name] = (state.url(sort=f"-{column.name}" if now == "asc" else column.name), now)
    return result


def bulk_actions(request: Request, known: Registered) -> list[Any]:
    """What can be done with chosen rows: assigning, and the actions of the type that are meant for many."""
    module, ctx = known.module, request.ctx
    own = [action for action in module.actions if action.bulk and action.on_record and ctx.may(module, action.name)]
    assign = action_of(module, "assign")
    first = [assign] if assign and module.can("assign") and ctx.may(module, "assign") else []
    return [*first, *own]


@require_GET
@of_module
def counts(request: Request, known: Registered) -> HttpResponseBase:
    """How many rows each view holds, for the tabs: asked for by the page once it stands."""
    module = known.module
    found = []
    for tab in listing.views(request.ctx, module):
        if tab.key != listing.ALL:
            rows = listing.selected(request.ctx, module, listing.Query(view=tab.key), view=tab)
            found.append((tab.key, total_text(listing.count(rows))))
    return render(request, "web/parts/counts.html", {"counts": found})


@require_GET
@of_module
def condition(request: Request, known: Registered) -> HttpResponseBase:
    """One row of the filter builder, for a field and an operator just chosen, or an empty new one."""
    fields = filterable(request.ctx, known)
    numbers = [int(key[1:]) for key in request.GET if key[:1] == "w" and key[1:].isdigit()]
    index = int(request.GET["i"]) if request.GET.get("i", "").isdigit() else max(numbers, default=-1) + 1
    params: QueryDict = request.GET
    if f"w{index}" not in params:
        params = QueryDict(f"w{index}={fields[0][0]}" if fields else "")
    row = condition_of(request.ctx, known, params, index)
    if row is None:
        raise Invalid({"": [_("One cannot filter by this field.")]})
    if request.GET.get("fresh"):
        row.values, row.shown = [], ""
    return render(
        request, "web/parts/condition.html", {"known": known, "row": row, "filterable": fields, "join": "all"}
    )


@require_GET
@of_module
def chip(request: Request, known: Registered, name: str) -> HttpResponseBase:
    """The form of one quick filter, fetched when its drop-down is opened."""
    state = ListState(request.ctx, known, request.GET)
    given = {"state": state, "chip": state.chip(name), "base": addresses.listing(known.module)}
    return render(request, "web/parts/chip.html", given)


@require_http_methods(["GET", "POST"])
@of_module
def columns(request: Request, known: Registered) -> HttpResponseBase:
    """The columns to choose from (GET), fetched when their drop-down is opened; keeping the choice (POST)."""
    if request.method == "POST":
        return _keep_columns(request, known)
    state, module = ListState(request.ctx, known, request.GET), known.module
    names = state.columns or listing.view_of(request.ctx, module, state.params.get("view", "")).columns
    shown = _columns_offered(module, listing.columns_of(module, names))
    given = {"state": state, "columns": shown, "base": addresses.listing(module)}
    return render(request, "web/parts/columns.html", given)


def _keep_columns(request: Request, known: Registered) -> HttpResponseBase:
    """Keep the columns of this list, in their order; without any, return to the list's own."""
    offered = {column.name for column in listing.offered_columns(known.module)}
    names = [name for name in request.POST.getlist("column") if name in offered]
    if request.POST.get("reset"):
        names = []
    preferences.keep_columns(request.person, known.module, names)
    state = ListState(request.ctx, known, QueryDict(request.POST.get("state", "")[:4000]))
    return flashes.redirect(state.url(columns=None))


@require_POST
@of_module
def resize(request: Request, known: Registered) -> HttpResponseBase:
    """Keep how many rows a page has."""
    size = request.POST.get("size", "")
    if not size.isdigit() or int(size) not in preferences.PAGE_SIZES:
        raise Invalid({"size": [_("Choose one of the offered sizes.")]})
    preferences.keep(request.person, page_size=int(size))
    state = ListState(request.ctx, known, QueryDict(request.POST.get("state", "")[:4000]))
    return flashes.redirect(state.url())


@require_GET
def first_page(request: Request) -> HttpResponseBase:
    """The first page where no room brings one: the first list of this person's menu."""
    items = [item for group in menu.groups(request.ctx, "/") for item in group.places if item.href != "/"]
    return flashes.redirect(items[0].href if items else "/settings/")


@require_GET
def module_home(request: Request, app: str) -> HttpResponseBase:
    """The address of a room alone leads to the first of its lists that the person may see."""
    modules = [module for module in registry.modules() if module.app == app]
    if not modules:
        raise NotFound
    seen = next((module for module in modules if request.ctx.may(module)), None)
    if seen is None:
        raise NotAllowed
    return flashes.redirect(addresses.listing(seen))
