"""The numbers of the regulation: what is in force, what will be, and changing it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from guanxi.kernel import policy
from guanxi.kernel.errors import Invalid, NotAllowed, NotFound, Problem
from guanxi.kernel.messages import Message
from guanxi.kernel.policy import Parameter
from guanxi.platform.policy.models import ParameterValue
from guanxi.platform.policy.values import timeline, values_on
from guanxi.records.actions import run
from guanxi.rooms.administration.actions import SET_PARAMETER
from guanxi.web import errors, flashes
from guanxi.web.gate import Request
from guanxi.web.once import new_token, once
from guanxi.web.parameters import shown, stored, unit_of
from guanxi.web.rendering import page

VALUES = "policy.parametervalue"
PATH = "/administration/parameters/"


@dataclass(frozen=True)
class Line:
    """One parameter on the page: the value in force, and the values that are decided for later days."""

    parameter: Parameter[Any]
    value: str
    is_default: bool
    later: tuple[tuple[Any, str], ...]


@require_GET
def show(request: Request) -> HttpResponseBase:
    """Every declared parameter, by room."""
    _require(request, "view")
    today = request.ctx.today
    in_force = values_on(today)
    later: dict[str, list[ParameterValue]] = {}
    for row in ParameterValue.objects.filter(valid_from__gt=today, deleted_at=None).order_by("valid_from", "id"):
        later.setdefault(row.name, []).append(row)
    text = request.GET.get("q", "").strip().casefold()
    lines = [
        Line(
            each,
            shown(each, in_force[each.name]),
            in_force[each.name] == each.default,
            tuple((row.valid_from, stored(each, row.value)) for row in later.get(each.name, ())),
        )
        for each in policy.declared()
        if not text or any(text in part.casefold() for part in (each.name, str(each.label), each.clause))
    ]
    context = {"groups": _by_room(lines), "text": request.GET.get("q", ""), "may_change": _may_change(request)}
    return page(request, "administration/parameters.html", context)


def _by_room(lines: Iterable[Line]) -> list[tuple[str, list[Line]]]:
    groups: dict[str, list[Line]] = {}
    for line in lines:
        groups.setdefault(line.parameter.name.split(".")[0], []).append(line)
    return sorted(groups.items())


@require_http_methods(["GET", "POST"])
def change(request: Request, name: str) -> HttpResponseBase:
    """One parameter: its history, and the form that changes it from a day on."""
    _require(request, "view")
    try:
        parameter = policy.parameter(name)
    except LookupError:
        raise NotFound from None
    if request.method == "GET":
        return _draw(request, parameter)
    _require(request, SET_PARAMETER.name)

    def act() -> str:
        ctx = request.ctx.because(request.POST.get("reason", "").strip())
        data = {"name": name, **{key: request.POST.get(key, "") for key in ("value", "valid_from")}}
        run(SET_PARAMETER, ctx, VALUES, None, data)
        return PATH

    address, problem = once(request, act)
    if problem is not None:
        return _draw(request, parameter, problem)
    return flashes.redirect(address, Message("%(parameter)s is changed.", parameter=parameter.label or parameter.name))


def _draw(request: Request, parameter: Parameter[Any], problem: Problem | None = None) -> HttpResponseBase:
    posted = request.POST if request.method == "POST" else {}
    found = problem.errors if isinstance(problem, Invalid) else {}
    value = values_on(request.ctx.today)[parameter.name]

    def field(name: str, label: str, widget: str, default: str, **more: Any) -> dict[str, Any]:
        wrong = [str(message) for message in found.get(name, ())]
        given = posted.get(name, default)
        return {
            "name": name,
            "label": label,
            "widget": widget,
            "value": given,
            "required": True,
            "errors": wrong,
            **more,
        }

    choices = [
        (str(each), shown(parameter, each), str(each) == posted.get("value", str(value)))
        for each in _options(parameter)
    ]
    unit = "" if parameter.kind == "money" else unit_of(parameter)
    widget = "select" if choices else "money" if parameter.kind == "money" else "text"
    context = {
        "parameter": parameter,
        "now": shown(parameter, value),
        "default": shown(parameter, parameter.default),
        "history": [(row, stored(parameter, row.value)) for row in reversed(timeline(parameter))],
        "today": request.ctx.today,
        "may_change": _may_change(request),
        "fields": [
            field("value", _("New value"), widget, "", choices=choices, unit=unit, help=_bounds(parameter)),
            field("valid_from", _("Valid from"), "date", request.ctx.today.isoformat()),
            field("reason", _("Reason"), "textarea", "", span=2),
        ],
        "problem": problem,
        "problem_title": errors.title_of(problem) if problem else "",
        "reasons": errors.reasons(problem) if problem else [],
        "form_token": new_token(),
        "back": PATH,
    }
    return page(request, "administration/parameter.html", context, status=problem.status if problem else 200)


def _options(parameter: Parameter[Any]) -> tuple[Any, ...]:
    return (True, False) if parameter.kind == "bool" else parameter.choices


def _bounds(parameter: Parameter[Any]) -> str:
    texts = []
    if parameter.minimum is not None:
        texts.append(_("at least %(value)s") % {"value": shown(parameter, parameter.minimum)})
    if parameter.maximum is not None:
        texts.append(_("at most %(value)s") % {"value": shown(parameter, parameter.maximum)})
    return _(", ").join(texts)


def _may_change(request: Request) -> bool:
    return request.ctx.may(VALUES, SET_PARAMETER.name)


def _require(request: Request, action: str) -> None:
    if not request.ctx.may(VALUES, action):
        raise NotAllowed
