"""Proof that the audit trail is whole: every link recomputed, every anchor compared, no entry left out."""

import hmac
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from guanxi.kernel.messages import Message
from guanxi.platform.audit.chain import link_hash, pending, read_anchors, sealed_values, settled_number
from guanxi.platform.audit.keys import audit_key
from guanxi.platform.audit.models import AuditEntry, AuditSeal
from guanxi.platform.audit.texts import MomentText

_LINKS_PER_QUERY = 10_000


@dataclass(frozen=True)
class VerifyReport:
    """What a verification found.

    `entries`: how many sealed entries were found good before the first bad one; `waiting`: how many are not sealed
    yet; `anchors`: how many anchored heads agreed; `first_bad`: number of the first bad entry, where one is left to
    name; `seq`: its place in the chain; `problem`: what is wrong with it, None when all is well.
    """

    ok: bool
    entries: int
    waiting: int = 0
    anchors: int = 0
    first_bad: int | None = None
    seq: int | None = None
    problem: Message | None = None


def verify(anchors: bool = True) -> VerifyReport:
    """Check the whole chain, with `anchors` also against the anchor file; stops at the first bad entry."""
    expected: dict[int, str] = {}
    if anchors:
        try:
            expected = dict(read_anchors())
        except ValueError as error:
            return VerifyReport(False, 0, problem=Message("The anchor file is damaged: %(place)s.", place=str(error)))
    settled = settled_number()
    report = _verify_links(expected)
    if not report.ok:
        return report
    if report.entries < max(expected, default=0):
        return _bad(
            report,
            seq=report.entries + 1,
            problem=Message(
                "The end of the chain is missing: it was anchored up to %(anchored)s and ends at %(last)s.",
                anchored=max(expected),
                last=report.entries,
            ),
        )
    stray = AuditEntry.objects.filter(seal__isnull=True, id__lte=settled).order_by("id").first()
    if stray is not None:
        return _bad(
            report,
            first_bad=stray.pk,
            problem=Message("Audit entry %(entry)s was put in afterwards: it has no seal.", entry=stray.pk),
        )
    return replace(report, waiting=pending().count())


def _verify_links(expected: dict[int, str]) -> VerifyReport:
    key = audit_key()
    previous, seq, agreed = "", 0, 0
    for found_seq, sealed_at, found_previous, found_hash, *entry in _stored_links():
        seq += 1
        if found_seq != seq:
            return _missing(VerifyReport(True, seq - 1, anchors=agreed), seq)
        if found_previous != previous:
            problem = Message("Audit entry %(entry)s does not follow the one before.", entry=entry[0])
        elif not _agrees(found_hash, key, seq, sealed_at, previous, entry):
            problem = Message("Audit entry %(entry)s was changed, or sealed with another key.", entry=entry[0])
        elif expected.get(seq, found_hash) != found_hash:
            problem = Message("Audit entry %(entry)s differs from its anchor.", entry=entry[0])
        else:
            agreed += seq in expected
            previous = found_hash
            continue
        return VerifyReport(False, seq - 1, anchors=agreed, first_bad=entry[0], seq=seq, problem=problem)
    whole = VerifyReport(True, seq, anchors=agreed)
    # A link whose entry is gone drops out of the join: at the end of the chain no later link shows the gap.
    return _missing(whole, seq + 1) if AuditSeal.objects.filter(seq=seq + 1).exists() else whole


def _agrees(found_hash: str, *link: Any) -> bool:
    try:
        return hmac.compare_digest(link_hash(*link), found_hash)
    except (ValueError, TypeError):
        # What cannot even be read, such as JSON that is none, was not written by us.
        return False


def _stored_links() -> Iterator[tuple[Any, ...]]:
    last: int | None = None
    while True:
        links = AuditSeal.objects.order_by("seq").values_list(
            "seq", MomentText("sealed_at"), "previous", "hash", *sealed_values("entry__")
        )
        page = list((links if last is None else links.filter(seq__gt=last))[:_LINKS_PER_QUERY])
        yield from page
        if len(page) < _LINKS_PER_QUERY:
            return
        last = page[-1][0]


def _missing(report: VerifyReport, seq: int) -> VerifyReport:
    entry_id = AuditSeal.objects.filter(seq=seq).values_list("entry_id", flat=True).first()
    if entry_id is None:
        return _bad(report, seq=seq, problem=Message("Link %(seq)s of the audit chain is missing.", seq=seq))
    problem = Message("Audit entry %(entry)s was deleted; its seal is still there.", entry=entry_id)
    return _bad(report, first_bad=entry_id, seq=seq, problem=problem)


def _bad(report: VerifyReport, **found: Any) -> VerifyReport:
    return replace(report, ok=False, **found)
