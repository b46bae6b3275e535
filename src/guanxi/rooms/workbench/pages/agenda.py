"""The cards of what is to be done: one's own agenda, what waits for filing, news, imports."""

from __future__ import annotations

import datetime

from guanxi.platform.notices.models import Notice
from guanxi.platform.notices.notify import unread
from guanxi.platform.obligations.keeping import OBLIGATION, open_items
from guanxi.platform.prepared import Prepared
from guanxi.records import registry
from guanxi.records.context import Context
from guanxi.records.models import ImportRun
from guanxi.rooms.customers.public import Contribution
from guanxi.rooms.engagement.public import my_agenda
from guanxi.rooms.intake.public import waiting_for
from guanxi.rooms.workbench.pages.cards import Card, register
from guanxi.web import addresses

#: How much of the agenda is read, and how much of it stands on the page.
READ, SHOWN = 200, 9
SHOWN_DUTIES = 7


def agenda(ctx: Context) -> Card | None:
    """What I have to do, by due day; who may have no tasks gets no agenda."""
    if not ctx.may("engagement.task"):
        return None
    return Card(
        "agenda", "workbench/cards/agenda.html", {"steps": my_agenda(ctx, READ), "shown": SHOWN, "today": ctx.today}
    )


_OWED = Prepared(lambda limit, owner: open_items().filter(owner=owner)[:limit])


def duties(ctx: Context) -> Card | None:
    """What I owe under the regulation, the most pressing first; nothing when I owe nothing."""
    if not ctx.may(OBLIGATION):
        return None
    rows = _OWED.rows(READ, owner=ctx.actor.pk)
    if not rows:
        return None
    sunday = ctx.today + datetime.timedelta(days=6 - ctx.today.weekday())
    given = {
        "rows": rows[:SHOWN_DUTIES],
        "today": ctx.today,
        "overdue": sum(1 for row in rows if row.due_on < ctx.today),
        "due_today": sum(1 for row in rows if row.due_on == ctx.today),
        "this_week": sum(1 for row in rows if ctx.today < row.due_on <= sunday),
        "more": len(rows) > SHOWN_DUTIES,
    }
    return Card("duties", "workbench/cards/duties.html", given)


def filing(ctx: Context) -> Card | None:
    """What waits for the archivist (ARC-23)."""
    if not ctx.may("customers.contribution", "file_contribution"):
        return None
    rows = ctx.search("customers.contribution", "file_contribution").filter(state="waiting")
    count = rows.count()
    shown = rows.select_related("owner", "customer").order_by("created_at")[:6]
    return Card("filing", "workbench/cards/filing.html", {"rows": list(shown), "count": count}) if count else None


def files(ctx: Context) -> Card | None:
    """What of the customer-data workflow waits for this person: to enter, to send, to name, to file, to pass on."""
    rows = waiting_for(ctx)
    linked = [(row, addresses.listing(row.module, view=row.view)) for row in rows]
    return Card("files", "workbench/cards/files.html", {"rows": linked, "today": ctx.today}) if linked else None


def own_contributions(ctx: Context) -> Card | None:
    """What I contributed lately and what became of it; the archivist has his own card."""
    if ctx.may("customers.contribution", "file_contribution"):
        return None
    rows = Contribution.objects.filter(created_by=ctx.actor, deleted_at=None).order_by("-created_at")[:4]
    if not rows and ctx.may("customers.customer"):
        return None
    may_add = ctx.may("customers.contribution", "create")
    return Card("own_contributions", "workbench/cards/contributions.html", {"rows": list(rows)}) if may_add else None


def news(ctx: Context) -> Card | None:
    """What I have not read yet."""
    rows = list(unread(ctx.actor)[:5])
    if not rows:
        return None
    linked = [(row, _address(row)) for row in rows]
    return Card("news", "workbench/cards/news.html", {"rows": linked})


def _address(notice: Notice) -> str:
    if registry.find(notice.module) is None:
        return ""
    return addresses.record(notice.module, notice.record_id) if notice.record_id else addresses.listing(notice.module)


def imports(ctx: Context) -> Card | None:
    """My last imports and how they ended."""
    rows = list(
        ImportRun.objects.filter(person=ctx.actor, deleted_at=None).select_related("file").order_by("-created_at")[:3]
    )
    if not rows:
        return None
    linked = [
        (row, module.label_plural, addresses.of_module(module, "import", row.pk))
        for row in rows
        if (module := registry.find(row.module)) is not None
    ]
    return Card("imports", "workbench/cards/imports.html", {"rows": linked})


register(agenda, column=1, order=10)
register(duties, column=1, order=15)
register(filing, column=1, order=20)
register(files, column=1, order=21)
register(own_contributions, column=2, order=50)
register(news, column=3, order=40)
register(imports, column=3, order=50)
