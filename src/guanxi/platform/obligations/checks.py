"""What must be true of duties."""

from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from guanxi.kernel.messages import Message
from guanxi.platform.obligations.duties import declared
from guanxi.platform.obligations.models import Obligation, State
from guanxi.platform.verify.checks import Findings, check


@check("obligations.known", _("Every duty that is still owed is of a kind that the program knows"))
def duties_are_known() -> Findings:
    """Open duties whose kind no room declares any more: nothing would ever discharge them."""
    names = [duty.name for duty in declared()]
    unknown = Obligation.objects.filter(state=State.OPEN).exclude(duty__in=names)
    for name in unknown.order_by("duty").values_list("duty", flat=True).distinct():
        yield Message("Nothing declares the duty %(name)s any more.", name=name)


@check("obligations.lateness", _("Duties that were kept late are marked late, and no others"))
def lateness_is_true() -> Findings:
    """Settled duties whose mark contradicts their days."""
    marked, in_time = Q(days_late__isnull=False), Q(discharged_at__date__lte=F("due_on"))
    wrong = Q(state=State.KEPT) & (marked | ~in_time) | Q(state=State.LATE) & (~marked | in_time)
    for row in Obligation.objects.filter(wrong).order_by("pk"):
        yield Message("%(duty)s: its state and its days contradict each other.", duty=row)
