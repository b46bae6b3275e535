"""Resale entries, as the engine knows them (SAL-09)."""

from django.utils.translation import gettext_lazy as _

from guanxi.kernel.confidentiality import DataClass
from guanxi.records.module import Menu, Module, Section
from guanxi.rooms.sales.models import Resale

RESALE = Module(
    model=Resale,
    icon="arrows-exchange",
    data_class=DataClass.C2,
    title="product",
    number="ZX-{year}-{seq:05}",
    scope_through="customer",
    columns=("product", "number", "customer", "sold_on", "quantity", "amount", "buyer", "owner"),
    sections=(
        Section(
            _("Resale entry"),
            ("customer", "sold_on", "product", "quantity", "amount", "buyer", "remarks", "owner"),
        ),
    ),
    filters=("customer", "product", "sold_on", "owner"),
    search=("customer", "buyer", "product"),
    menu=Menu("market", 45),
    aliases={"sold_on": ("销售日期",), "quantity": ("销售数量",), "amount": ("销售金额",), "buyer": ("下游客户",)},
    without=("merge",),
)
