"""The record types of this room, and what it tells the customer page."""

from guanxi.platform import calendar
from guanxi.records.events import RecordsWritten, witness
from guanxi.records.registry import register
from guanxi.rooms.customers.public import pool_objections, timeline_sources
from guanxi.rooms.mail.public import addressee_sources
from guanxi.rooms.receivables.public import bases
from guanxi.rooms.sales.actions.invoicing import OrdersAsBasis
from guanxi.rooms.sales.actions.reports import owe_reports
from guanxi.rooms.sales.module.contracts import CONTRACT, TEXT
from guanxi.rooms.sales.module.documents import ORDER, QUOTE
from guanxi.rooms.sales.module.leads import LEAD
from guanxi.rooms.sales.module.opportunities import OPPORTUNITY, PIPELINE, STAGE
from guanxi.rooms.sales.module.plans import PLAN, TALK
from guanxi.rooms.sales.module.reports import REPORT
from guanxi.rooms.sales.queries import LEADS, OPPORTUNITIES, ORDERS, TO_LEADS, what_keeps

register(LEAD, OPPORTUNITY, PLAN, TALK, REPORT, QUOTE, ORDER, CONTRACT, TEXT, PIPELINE, STAGE)
timeline_sources.extend((LEADS, OPPORTUNITIES, ORDERS))
addressee_sources.append(TO_LEADS)
bases.append(OrdersAsBasis())
witness(RecordsWritten, lambda event: owe_reports(event, calendar.now()))
pool_objections.append(what_keeps)
