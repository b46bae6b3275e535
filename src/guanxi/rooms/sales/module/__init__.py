"""The record types of this room, and what it tells the customer page."""

from guanxi.platform import calendar
from guanxi.records.events import RecordsWritten, subscribe, witness
from guanxi.records.registry import register
from guanxi.rooms.customers.public import (
    Stage,
    counted_numbers,
    dealing_sources,
    pool_objections,
    refresh_figures,
    same_person_sources,
    stage_reached,
    timeline_sources,
    touched_customers,
)
from guanxi.rooms.mail.public import addressee_sources
from guanxi.rooms.receivables.public import bases
from guanxi.rooms.sales.actions.invoicing import OrdersAsBasis
from guanxi.rooms.sales.actions.orders import DELIVER_ORDER
from guanxi.rooms.sales.actions.projects import take_stock_of
from guanxi.rooms.sales.actions.reports import owe_reports
from guanxi.rooms.sales.models import SalesOrder
from guanxi.rooms.sales.module.contracts import CONTRACT, TEXT
from guanxi.rooms.sales.module.documents import ORDER, QUOTE
from guanxi.rooms.sales.module.leads import LEAD
from guanxi.rooms.sales.module.opportunities import OPPORTUNITY, PIPELINE, STAGE
from guanxi.rooms.sales.module.plans import PLAN, TALK
from guanxi.rooms.sales.module.projects import PROJECT
from guanxi.rooms.sales.module.reports import REPORT
from guanxi.rooms.sales.module.resales import RESALE
from guanxi.rooms.sales.queries import LEADS, OPPORTUNITIES, ORDERS, TO_LEADS, leads_of, what_keeps
from guanxi.rooms.sales.queries.dealings import DEALINGS, order_numbers

register(LEAD, OPPORTUNITY, PLAN, TALK, REPORT, QUOTE, ORDER, RESALE, CONTRACT, TEXT, PROJECT, PIPELINE, STAGE)
timeline_sources.extend((LEADS, OPPORTUNITIES, ORDERS))
addressee_sources.append(TO_LEADS)
bases.append(OrdersAsBasis())
dealing_sources.append(DEALINGS)
counted_numbers.append(order_numbers)
pool_objections.append(what_keeps)


def _refresh_sales(event: RecordsWritten) -> None:
    """An order was written: the customer's figures follow without anybody's hand (ARC-32)."""
    if event.module == ORDER.key:
        refresh_figures(touched_customers(event, SalesOrder), calendar.today())


subscribe(RecordsWritten, _refresh_sales)
witness(RecordsWritten, take_stock_of)
witness(RecordsWritten, lambda event: owe_reports(event, calendar.now()))


def _delivered(event: RecordsWritten) -> None:
    """An order was delivered: the customer is in delivery and collection (VIS-01)."""
    if event.module == ORDER.key and event.action == DELIVER_ORDER.name:
        buyers = SalesOrder.objects.filter(pk__in=event.records).values_list("customer", flat=True)
        stage_reached(buyers, Stage.DELIVERY, calendar.now(), event.actor)


witness(RecordsWritten, _delivered)
same_person_sources.append(leads_of)
