"""The record types of this room."""

from guanxi.platform import calendar
from guanxi.records.events import RecordsWritten, subscribe, witness
from guanxi.records.registry import register
from guanxi.rooms.customers import actions
from guanxi.rooms.customers.actions import stage_reached
from guanxi.rooms.customers.models import MarketFlow, Opinion
from guanxi.rooms.customers.models.customer import Stage
from guanxi.rooms.customers.module import upkeep
from guanxi.rooms.customers.module.access import ARCHIVE_ACCESS
from guanxi.rooms.customers.module.consent import CONSENT
from guanxi.rooms.customers.module.customer import CUSTOMER
from guanxi.rooms.customers.module.following import FOLLOWING
from guanxi.rooms.customers.module.knowledge import (
    CHANGE_EVENT,
    CONTRIBUTION,
    DOWNSTREAM,
    INTELLIGENCE,
    NEED,
    OPINION,
    POLICY_NOTE,
)
from guanxi.rooms.customers.module.library import LIBRARY
from guanxi.rooms.customers.module.market import (
    COMPETITOR,
    FLOW,
    PROMOTION,
    PUBLIC_CONTACT,
    SIMILAR,
    STANDING,
    TREND,
    TREND_REFERENCE,
)
from guanxi.rooms.customers.module.people import ADDRESS, BILLING, CONTACT
from guanxi.rooms.customers.module.pool import POOL
from guanxi.rooms.customers.module.promoters import PROMOTER, SALE, SCHEME
from guanxi.rooms.customers.module.quality import DATA_CHECK
from guanxi.rooms.customers.queries import (
    Archive,
    CustomersContacted,
    MarketFlowDealings,
    refresh_figures,
    touched_customers,
)
from guanxi.rooms.customers.sources import dealing_sources, timeline_sources

#: Importing it enters the schedule of this room's own housekeeping and its checks.
UPKEEP = upkeep.refresh_every_figure

register(
    CUSTOMER, CONTACT, ADDRESS, BILLING, NEED, OPINION, CHANGE_EVENT, INTELLIGENCE, POLICY_NOTE, CONTRIBUTION,
    DOWNSTREAM, COMPETITOR, STANDING, FLOW, SIMILAR, PUBLIC_CONTACT, DATA_CHECK,
    ARCHIVE_ACCESS, CONSENT, PROMOTION, TREND, TREND_REFERENCE, LIBRARY, PROMOTER, SCHEME, SALE, FOLLOWING, POOL,
)  # fmt: skip

ARCHIVE = Archive()
FLOW_DEALINGS = MarketFlowDealings()
timeline_sources.append(ARCHIVE)
dealing_sources.append(FLOW_DEALINGS)


def _refresh_sales(event: RecordsWritten) -> None:
    """An order was written: the customer's sales of the last twelve months are worked out again (ARC-32)."""
    if event.module == "customers.marketflow":
        refresh_figures(touched_customers(event, MarketFlow), calendar.today())


subscribe(RecordsWritten, _refresh_sales)
witness(RecordsWritten, lambda event: actions.leave_pool(event, calendar.now()))


def _keep(event: CustomersContacted) -> None:
    actions.note_kept(event.customers, calendar.now())


subscribe(CustomersContacted, _keep)


def _fed_back(event: RecordsWritten) -> None:
    """What the customer says of us was noted: its information has come back to us (VIS-01)."""
    if event.module == OPINION.key:
        heard = Opinion.objects.filter(pk__in=event.records, deleted_at=None).values_list("customer", flat=True)
        stage_reached(heard, Stage.FEEDBACK, calendar.now(), event.actor)


witness(RecordsWritten, _fed_back)
