"""The workbench: the first page of everybody."""

from __future__ import annotations

from django.http import HttpResponseBase
from django.urls import path
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from guanxi.records.context import Context
from guanxi.rooms.workbench.pages import agenda, cards, care, days
from guanxi.web import menu
from guanxi.web.gate import Request
from guanxi.web.rendering import page

__all__ = ["agenda", "care", "urlpatterns"]


def _summary(found: dict[str, cards.Card]) -> str:
    """What the day holds, in one line below its date."""
    parts = []
    if (mine := found.get("agenda")) is not None:
        today = mine.context["today"]
        due = [step.due_on for step in mine.context["steps"] if step.due_on is not None and step.due_on <= today]
        if due:
            parts.append(
                ngettext("%(count)s matter is due", "%(count)s matters are due", len(due)) % {"count": len(due)}
            )
        if late := sum(1 for day in due if day < today):
            parts.append(ngettext("%(count)s of them late", "%(count)s of them late", late) % {"count": late})
    if (owed := found.get("duties")) is not None and (overdue := owed.context["overdue"]):
        parts.append(ngettext("%(count)s duty overdue", "%(count)s duties overdue", overdue) % {"count": overdue})
    if (filing := found.get("filing")) is not None:
        count = filing.context["count"]
        parts.append(
            ngettext("%(count)s contribution to file", "%(count)s contributions to file", count) % {"count": count}
        )
    if (quiet := found.get("quiet")) is not None:
        count = quiet.context["count"]
        parts.append(
            ngettext("%(count)s customer without contact", "%(count)s customers without contact", count)
            % {"count": count}
        )
    return " · ".join(parts)


@require_GET
def show(request: Request) -> HttpResponseBase:
    """Today."""
    ctx: Context = request.ctx
    columns = cards.columns(ctx)
    found = {card.name: card for column in columns for card in column}
    given = {"columns": columns, "day": days.spelled(ctx.today), "summary": _summary(found)}
    return page(request, "workbench/today.html", given)


app_name = "workbench"
urlpatterns = [path("", show, name="today")]
menu.add(menu.Entry("today", _("Workbench"), "/", "home", group="top", order=1, letter="h"))
