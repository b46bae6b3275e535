"""What is put on the shelf as paper: labels for the spines of volumes, and the sheet that lies in front of its leaves.

Both carry the volume's number as a barcode (Code 128): read into the search, it opens the volume.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

from django.http import FileResponse, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from guanxi.kernel.errors import Conflict, NotAllowed, NotFound
from guanxi.kernel.messages import Message
from guanxi.platform.audit.models import Sight
from guanxi.platform.calendar import local
from guanxi.records import disclosing, registry
from guanxi.records.context import Context
from guanxi.rooms.dossiers.models import Document, DossierClass, Original, Volume
from guanxi.rooms.dossiers.queries.filing import leaves_of, originals_of
from guanxi.web import addresses
from guanxi.web.bulk import chosen
from guanxi.web.entered import is_id
from guanxi.web.gate import Request
from guanxi.web.panels import panel

DOCUMENT, VOLUME = "dossiers.document", "dossiers.volume"
#: So many volumes at once: what one person cuts out and puts on the shelf in a day.
MOST = 100


@require_http_methods(["GET", "POST"])
def labels(request: Request) -> HttpResponseBase:
    """Labels for the spines of volumes, ten on a sheet."""
    volumes = _wanted(request)
    content = spine_labels(volumes)
    disclosing.taken(request.ctx, registry.module(VOLUME), Sight.PRINT, _("Spine labels"), rows=len(volumes))
    return _answer(content, _("Spine labels"), volumes)


@require_http_methods(["GET", "POST"])
def sheets(request: Request) -> HttpResponseBase:
    """For each volume the catalogue of its leaves, with who printed it across each sheet."""
    ctx = request.ctx
    if not ctx.may(DOCUMENT):
        disclosing.refused(ctx, registry.module(DOCUMENT), Sight.PRINT)
        raise NotAllowed
    volumes = _wanted(request)
    leaves = {volume: list(leaves_of(ctx, volume)) for volume in volumes}
    content = catalogue_sheets(ctx, leaves)
    rows = sum(map(len, leaves.values()))
    disclosing.taken(ctx, registry.module(DOCUMENT), Sight.PRINT, _("Catalogue sheets"), rows=rows)
    return _answer(content, _("Catalogue sheets"), volumes)


def _wanted(request: Request) -> list[Volume]:
    """The volumes that are named in the address or chosen in the list, as they stand on the shelf."""
    known = registry.entry(VOLUME)
    if not request.ctx.may(known.module):
        raise NotAllowed
    named = [key for key in request.GET.getlist("pk") if is_id(key)]
    keys = chosen(request, known, binned=False) if request.method == "POST" else named
    if not keys:
        raise Conflict(Message("No volume is chosen. Tick the boxes of the volumes you mean first."))
    if len(keys) > MOST:
        raise Conflict(Message("Choose at most %(count)s volumes at once.", count=MOST))
    found = list(request.ctx.search(VOLUME).filter(pk__in=keys).select_related("owner").order_by("number"))
    if not found:
        raise NotFound
    return found


def _answer(content: bytes, title: str, volumes: Sequence[Volume]) -> HttpResponseBase:
    which = volumes[0].number if len(volumes) == 1 else f"{volumes[0].number}–{volumes[-1].number}"
    answer = FileResponse(
        io.BytesIO(content), as_attachment=True, filename=f"{title} {which}.pdf", content_type="application/pdf"
    )
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


# ---- The documents ---------------------------------------------------------------------------------------------------


def spine_labels(volumes: Sequence[Volume]) -> bytes:
    """Labels to be cut out, as PDF."""
    # The library of PDF: loaded by who writes one.
    from guanxi.web.paper import Paper
    from guanxi.web.paper_parts import Spine, SpineLabels

    paper = Paper(_("Spine labels"), mark="")
    paper.add(
        SpineLabels(
            [
                Spine(
                    mark=volume.dossier_class, title=DossierClass(volume.dossier_class).about,
                    lines=(str(volume.owner or "—"), _("Year %(year)s") % {"year": volume.year}, volume.place),
                    code=volume.number,
                )
                for volume in volumes
            ]
        )
    )  # fmt: skip
    return paper.content()


def catalogue_sheets(ctx: Context, leaves: dict[Volume, list[Document]]) -> bytes:
    """The catalogue of each volume on sheets of its own, as PDF (ARC-18); the remark names the twin (ARC-31)."""
    from guanxi.web.paper import Column, Paper
    from guanxi.web.paper_parts import code_bars

    twins = originals_of([document for held in leaves.values() for document in held])
    paper = Paper(_("Catalogue of the volume"), mark=f"{ctx.actor.name} · {local(ctx.now):%Y-%m-%d %H:%M}")
    columns = [
        Column(_("Leaf"), 1), Column(_("Title"), 3.4), Column(_("Customer"), 3), Column(_("Dated"), 1.3),
        Column(_("Filed on"), 1.3), Column(_("Remark"), 2.6),
    ]  # fmt: skip
    for at, (volume, held) in enumerate(leaves.items()):
        if at:
            paper.sheet()
        paper.add(code_bars(volume.number))
        paper.gap(6)
        told = (volume.number, volume.get_dossier_class_display(), volume.owner, volume.year, volume.place)
        paper.opening(" · ".join(str(each) for each in told if each))
        paper.table(columns, [_row(document, twins.get(document.pk)) for document in held])
        paper.gap(14)
        paper.text(_("%(count)s documents. Put in order by: ______________ Checked by: ______________")
                   % {"count": len(held)})  # fmt: skip
    return paper.content()


def _row(document: Document, twin: Original | None) -> list[Any]:
    remarks = []
    if twin is not None:
        place = {"number": twin.paper_number, "place": twin.place or "—"}
        remarks.append(_("Paper: %(number)s, %(place)s") % place)
    if document.file is not None:
        remarks.append(_("Electronic: %(number)s, %(name)s") % {"number": document.number, "name": document.file.name})
    return [document.leaf, document.title, document.customer, document.signed_on, document.filed_on, "; ".join(remarks)]


@panel(VOLUME)
def volume_papers(ctx: Context, volume: Any) -> dict[str, Any]:
    """Buttons for the label and the catalogue sheet of one volume."""
    offered = [("labels", _("Spine label"), "barcode")]
    if ctx.may(DOCUMENT):
        offered.append(("sheets", _("Catalogue sheet"), "list-numbers"))
    return {
        "buttons": [
            {
                "label": label,
                "icon": icon,
                "href": addresses.with_query(reverse(f"dossiers:{what}"), {"pk": str(volume.pk)}),
            }
            for what, label, icon in offered
        ]
    }
