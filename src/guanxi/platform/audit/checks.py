"""What must be true of the audit trail."""

from django.db import connection
from django.utils.translation import gettext_lazy as _

from guanxi.kernel.messages import Message
from guanxi.platform.audit import triggers
from guanxi.platform.audit.verification import verify
from guanxi.platform.verify.checks import Findings, check


@check("audit.chain", _("The audit trail is whole: no entry was changed, removed or put in"))
def whole_chain() -> Findings:
    """The first entry that breaks the chain or differs from its anchor."""
    report = verify()
    if report.problem is not None:
        yield report.problem


@check("audit.protection", _("The database refuses to change or delete audit entries"))
def protected_trail() -> Findings:
    """Triggers that are missing, so that the trail could be changed without anybody being refused."""
    for name in sorted(triggers.expected(connection.vendor) - triggers.installed(connection)):
        yield Message("The trigger %(name)s is missing.", name=name)
