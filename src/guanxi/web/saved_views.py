"""Saved views: keeping the present state of a list under a name, for oneself or for everybody."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.http import HttpResponseBase, QueryDict
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from guanxi.kernel.errors import Invalid, NotAllowed, NotFound
from guanxi.kernel.messages import Message
from guanxi.platform.access.models import Scope
from guanxi.records import listing
from guanxi.records.models import SavedView
from guanxi.records.registry import Registered
from guanxi.web import addresses, flashes
from guanxi.web.entered import is_id
from guanxi.web.gate import Request, of_module
from guanxi.web.list_state import ListState

MAX_VIEWS = 60
NAME_LENGTH = 60


@require_POST
@of_module
def save(request: Request, known: Registered) -> HttpResponseBase:
    """Keep what the list shows now as a view of its own."""
    name = _name(request)
    state = ListState(request.ctx, known, QueryDict(request.POST.get("state", "")[:4000]))
    current = listing.view_of(request.ctx, known.module, state.params.get("view", ""))
    if SavedView.objects.filter(module=known.module.key, person=request.person, deleted_at=None).count() >= MAX_VIEWS:
        raise Invalid({"name": [Message("At most %(limit)s views; delete one first.", limit=MAX_VIEWS)]})
    trees = [tree for tree in (current.filters, state.query.filters) if tree]
    shared = bool(request.POST.get("shared"))
    if shared:
        _need_sharing(request, known)
    now = request.ctx.now
    view = SavedView.objects.create(
        module=known.module.key,
        name=name,
        person=None if shared else request.person,
        columns=list(state.columns or current.columns),
        filters={"all": [dict(tree) for tree in trees]} if trees else {},
        sort=state.query.sort or current.sort,
        created_at=now,
        changed_at=now,
        created_by=request.person,
        changed_by=request.person,
    )
    address = addresses.listing(known.module, view=str(view.pk), q=state.query.text)
    return flashes.redirect(address, Message("The view “%(name)s” is saved.", name=name))


@require_POST
@of_module
def change(request: Request, known: Registered, pk: Any) -> HttpResponseBase:
    """Rename, share, take back or delete a view of one's own, or a shared one when one may share."""
    view = _own(request, known, pk)
    what = request.POST.get("what", "")
    if what == "delete":
        view.deleted_at, view.deleted_by = request.ctx.now, request.person
        view.save(update_fields=["deleted_at", "deleted_by"])
        text = Message("The view “%(name)s” is deleted.", name=view.name)
        return flashes.redirect(addresses.listing(known.module), text)
    if what == "share":
        _need_sharing(request, known)
        view.person = None
    elif what == "unshare":
        _need_sharing(request, known)
        view.person = request.person
    elif what == "rename":
        view.name = _name(request)
    else:
        raise NotFound
    view.changed_at, view.changed_by, view.version = request.ctx.now, request.person, view.version + 1
    view.save(update_fields=["person", "name", "changed_at", "changed_by", "version"])
    text = Message("The view “%(name)s” is saved.", name=view.name)
    return flashes.redirect(addresses.listing(known.module, view=str(view.pk)), text)


def _name(request: Request) -> str:
    name = " ".join(request.POST.get("name", "").split())
    if not name:
        raise Invalid({"name": [_("Give the view a name.")]})
    if len(name) > NAME_LENGTH:
        raise Invalid({"name": [Message("At most %(limit)s characters.", limit=NAME_LENGTH)]})
    return name


def _own(request: Request, known: Registered, pk: Any) -> SavedView:
    mine = Q(person=request.person)
    if request.ctx.scope(known.module, "edit") >= Scope.DEPARTMENT:
        mine |= Q(person=None)
    view = (
        SavedView.objects.filter(mine, pk=pk, module=known.module.key, deleted_at=None).first() if is_id(pk) else None
    )
    if view is None:
        raise NotFound
    return view


def _need_sharing(request: Request, known: Registered) -> None:
    """Who answers for a department's records decides which views everybody gets."""
    if request.ctx.scope(known.module, "edit") < Scope.DEPARTMENT:
        raise NotAllowed(Message("Only who may edit the records of a department can share a view with everybody."))
