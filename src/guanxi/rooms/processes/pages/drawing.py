"""Drawing a process in the browser, comparing two versions."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse, HttpResponseBase, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from guanxi.kernel.errors import Invalid, NotFound, Problem, Stale
from guanxi.kernel.messages import Message
from guanxi.platform.access.models import Role
from guanxi.platform.people.models import Person, Position
from guanxi.platform.workflow import assigning, diagrams, versions
from guanxi.platform.workflow.comparing import differences
from guanxi.platform.workflow.diagrams import Unsound
from guanxi.platform.workflow.interchange import placed
from guanxi.platform.workflow.models import ProcessVersion
from guanxi.records import registry
from guanxi.records.actions import require_possible, run
from guanxi.records.context import Context
from guanxi.rooms.processes.actions import DRAW
from guanxi.rooms.processes.module import VERSION
from guanxi.rooms.processes.queries import Course, as_drawn
from guanxi.web import addresses, errors, flashes
from guanxi.web.gate import Request, require
from guanxi.web.once import new_token, once
from guanxi.web.rendering import page

#: People that are offered by name while one types; anybody else's user name can be written all the same.
PEOPLE = 300


@require_http_methods(["GET", "POST"])
def draw(request: Request, pk: Any) -> HttpResponseBase:
    """The drawing board of a draft: the diagram, what its parts say, and what is wrong with it."""
    version = _draft(request, pk)
    if request.method == "GET":
        return _board(request, version)

    def act() -> str:
        data = {"diagram": request.POST.get("diagram", "")}
        seen = request.POST.get("version", "")
        run(DRAW, request.ctx, VERSION, version, data, version=int(seen) if seen.isdecimal() else None)
        return addresses.record(VERSION, version.pk)

    address, problem = once(request, act)
    if problem is not None:
        return _board(request, version, problem)
    return flashes.redirect(address, Message("Saved. It is a draft until it is put to use."))


def _draft(request: Request, pk: Any) -> ProcessVersion:
    version: ProcessVersion = request.ctx.get(VERSION, pk)
    require(request.ctx, registry.entry(VERSION), DRAW.name, DRAW.label)
    require_possible(request.ctx, VERSION, DRAW, version)
    return version


@require_POST
def check(request: Request, pk: Any) -> HttpResponseBase:
    """What is wrong with a drawing as it stands on the board: [{element, text}], nothing is kept."""
    _draft(request, pk)
    return JsonResponse({"flaws": _flaws(request.POST.get("diagram", ""))})


def _flaws(xml: str) -> list[dict[str, str]]:
    try:
        diagram = diagrams.read(xml)
        versions.require_usable(diagram)
        versions.require_staffed(diagram)
    except Unsound as found:
        return [{"element": flaw.element, "text": str(flaw.message)} for flaw in found.flaws]
    except Problem as problem:
        return [{"element": "", "text": str(problem.message)}]
    return []


def _board(request: Request, version: ProcessVersion, problem: Problem | None = None) -> HttpResponse:
    posted = request.POST.get("diagram", "") if problem else ""
    diagram = versions.diagram_of(version)
    xml = posted or placed(diagram)
    given = {
        "version": version,
        "title": f"{version.name} · {version.number}",
        # After somebody else saved, what one has drawn can be saved over it by saying so once more.
        "seen": problem.current_version if isinstance(problem, Stale) else request.POST.get("version", version.version),
        "problem": problem,
        "problem_title": errors.title_of(problem) if problem else "",
        "reasons": errors.reasons(problem) if problem and not isinstance(problem, Invalid) else [],
        "board": {"diagram": xml, "flaws": _flaws(xml), **_offered(request.ctx), "words": _words()},
        "people": list(_people()),
        "course": Course(as_drawn(version), frozenset(), frozenset()),
        "form_token": new_token(),
        "processes": addresses.listing(VERSION),
        "back": addresses.record(VERSION, version.pk),
    }
    return page(request, "processes/draw.html", given, status=problem.status if problem else 200)


def _people() -> Any:
    rows = Person.objects.filter(is_active=True, deleted_at=None).order_by("name_pinyin", "id")
    return rows.values_list("username", "name")[:PEOPLE]


def _offered(ctx: Context) -> dict[str, Any]:
    """Whom a step can ask: the kinds, and of each the names there are."""
    parts = [("starter", _("who started it")), ("owner", _("whose record it is")), ("previous", _("who decided last"))]
    roles = Role.objects.filter(deleted_at=None).order_by("code").values_list("code", "name")
    positions = Position.objects.filter(deleted_at=None).order_by("name").values_list("name", flat=True)
    return {
        "asked": [
            ("role", _("everybody with the role")),
            ("position", _("everybody in the position")),
            ("person", _("a named person")),
            ("superior_of", _("the superior of")),
            ("head_of", _("the department head of")),
            *parts,
            (assigning.EVERYBODY, _("everybody")),
        ],
        "names": {
            "role": list(roles),
            "position": [(name, name) for name in positions],
            "superior_of": parts,
            "head_of": parts,
        },
    }


def _words() -> dict[str, str]:
    """What the drawing board says: our parts and tools, and what the drawing program itself says."""
    return {
        "hand": _("Move the paper"),
        "lasso": _("Choose several"),
        "space": _("Make room"),
        "connect": _("Draw an arrow"),
        "remove": _("Take away"),
        "start": _("Start"),
        "end": _("End"),
        "task": _("Step"),
        "table": _("Ask a decision table"),
        "exclusive": _("One of several ways"),
        "parallel": _("All ways at once"),
        "inclusive": _("Each way whose condition holds"),
        "timer": _("Timer"),
        "person": _("user name"),
        "Search in diagram": _("Search in the drawing"),
    }


# ---- Comparing -------------------------------------------------------------------------------------------------------


@require_GET
def compare(request: Request, pk: Any) -> HttpResponseBase:
    """What has changed since another version of the same process: the one before it, if none is named."""
    version = request.ctx.get(VERSION, pk)
    others = request.ctx.search(VERSION).filter(key=version.key).exclude(pk=version.pk).order_by("-number")
    wanted = request.GET.get("with", "")
    other = next((each for each in others if str(each.pk) == wanted), None) if wanted else before(version, others)
    if other is None:
        raise NotFound
    old, new = sorted((version, other), key=lambda each: each.number)
    given = {
        "version": version,
        "other": other,
        "others": others,
        "old": old,
        "new": new,
        "differences": differences(versions.diagram_of(old), versions.diagram_of(new)),
        "before": Course(as_drawn(old), frozenset(), frozenset()),
        "now": Course(as_drawn(new), frozenset(), frozenset()),
        "processes": addresses.listing(VERSION),
        "back": addresses.record(VERSION, version.pk),
        "here": request.path,
    }
    return page(request, "processes/compare.html", given)


def before(version: ProcessVersion, others: Any) -> ProcessVersion | None:
    """The version before this one; of the first, the one after it."""
    older = [each for each in others if each.number < version.number]
    return older[0] if older else next(iter(reversed(list(others))), None)
