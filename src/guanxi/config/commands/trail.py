"""The audit trail, seen by the audit administrator."""

import sys
from argparse import Namespace

from django.utils.translation import gettext as _

from guanxi.platform.audit.verification import verify


def verify_trail(options: Namespace) -> int:
    """Proves the chain of the audit trail; exit code 1 and the first bad entry when it is broken."""
    report = verify(anchors=not options.no_anchors)
    if not report.ok:
        print(report.problem, file=sys.stderr)
        return 1
    figures = {"entries": report.entries, "anchors": report.anchors, "waiting": report.waiting}
    print(
        _("%(entries)s entries are sealed and unbroken, %(anchors)s anchors agree, %(waiting)s wait for a seal.")
        % figures
    )
    return 0
