"""With whom a report is shared."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from guanxi.kernel.errors import Invalid, NotAllowed
from guanxi.kernel.messages import Message
from guanxi.platform.access.models import Role, RoleKind
from guanxi.platform.people.models import Person
from guanxi.records.actions import run
from guanxi.rooms.reports.actions import SHARE_REPORT
from guanxi.rooms.reports.models import Sharing
from guanxi.rooms.reports.module import REPORT
from guanxi.web import addresses
from guanxi.web.flashes import redirect
from guanxi.web.gate import Request
from guanxi.web.rendering import page


@require_http_methods(["GET", "POST"])
def share(request: Request, pk: UUID) -> HttpResponseBase:
    """Nobody else, everybody, or chosen people and roles. Whatever is shared, each reader sees his own rows."""
    ctx = request.ctx
    report = ctx.get(REPORT, pk)
    if not ctx.search(REPORT, SHARE_REPORT.name).filter(pk=report.pk).exists():
        told = Message("You may not do this: %(action)s, %(module)s.", action=_("Share"), module=REPORT.label)
        raise NotAllowed(told)
    errors = []
    sharing = report.sharing
    people = {str(share.person_id) for share in report.shares.all()}
    roles = {str(share.role_id) for share in report.shares.all()}
    if request.method == "POST":
        sharing = request.POST.get("sharing", "")
        people, roles = set(request.POST.getlist("people")), set(request.POST.getlist("roles"))
        try:
            wanted = {"sharing": sharing, "people": sorted(people), "roles": sorted(roles)}
            run(SHARE_REPORT, ctx, REPORT, report, wanted)
            return redirect(addresses.record(REPORT, pk), Message("“%(name)s” is shared as chosen.", name=report.name))
        except Invalid as problem:
            errors = [str(text) for found in problem.errors.values() for text in found]
    everybody = Person.objects.filter(is_active=True, deleted_at=None).exclude(pk=report.owner_id)
    given = {
        "report": report,
        "back": addresses.record(REPORT, pk),
        "errors": errors,
        "sharing": [(value, str(label), value == sharing) for value, label in Sharing.choices],
        "people": [(str(each.pk), each.name, str(each.pk) in people) for each in everybody.order_by("name", "pk")],
        "roles": [
            (str(each.pk), each.name, str(each.pk) in roles)
            for each in Role.objects.filter(kind=RoleKind.BUSINESS, deleted_at=None).order_by("name")
        ],
    }
    return page(request, "reports/share.html", given, status=422 if errors else 200)
