"""What the customer master does for itself, and what must be true of its figures."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from guanxi.kernel.messages import Message
from guanxi.platform.calendar import local, now
from guanxi.platform.jobs.models import ScheduledRun
from guanxi.platform.jobs.registry import scheduled
from guanxi.platform.verify.checks import Findings, check
from guanxi.rooms.customers.actions import settle_pool
from guanxi.rooms.customers.models import Customer
from guanxi.rooms.customers.queries import every_customer, refresh_figures, worked_out_figures

REFRESH = "customers.refresh_figures"


@scheduled(REFRESH, daily_at="03:20")
def refresh_every_figure(at: datetime) -> None:
    """Work out last contact and the twelve months' sales again (ARC-32).

    Yesterday's order of a year ago has left the sales; and what a process did not live to work out after its last
    commit is made up for.
    """
    refresh_figures(every_customer(), local(at).date())


@scheduled("customers.pool", daily_at="04:10")
def pool_is_settled(at: datetime) -> None:
    """Customers without contact or sale go to the public pool, after a warning (SAL-14)."""
    settle_pool(at)


@check("customers.figures", _("Last contact and sales of every customer are what the records behind them give"))
def figures_follow_records() -> Findings:
    """Customers whose kept figures differ from the sums. Sales move with the day: judged once today's run is done."""
    today = local(now()).date()
    last_run = ScheduledRun.objects.filter(name=REFRESH, last_error="").values_list("last_run_at", flat=True).first()
    is_fresh = last_run is not None and local(last_run).date() == today
    ids = every_customer()
    for start in range(0, len(ids), 500):
        part = ids[start : start + 500]
        due = worked_out_figures(part, today)
        kept = Customer.objects.filter(pk__in=part).values_list("pk", "last_contact_on", "sales_12m")
        for pk, contact, sales in kept:
            if contact != due[pk][0] or (is_fresh and sales != due[pk][1]):
                yield Message("The figures of customer %(id)s are not what its records give.", id=str(pk))
