"""Events, notes, opinions, needs, contributions and downstream customers as the engine sees them."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from guanxi.kernel.chinese.company import company_key
from guanxi.kernel.confidentiality import DataClass
from guanxi.records.module import Lifecycle, Menu, Module, SameAs, Section, View
from guanxi.rooms.customers.actions import (
    CONTRIBUTE,
    DECLINE_CONTRIBUTION,
    FILE_CONTRIBUTION,
    RECORD_CHANGE,
    TURN_INTO_ACCOUNT,
    complete_change,
    resolve_customer,
)
from guanxi.rooms.customers.models import (
    ChangeEvent,
    Contribution,
    DownstreamCustomer,
    IntelligenceNote,
    Need,
    Opinion,
    PolicyNote,
)

CHANGE_EVENT = Module(
    model=ChangeEvent,
    icon="refresh",
    data_class=DataClass.C2,
    title="content",
    scope_through="customer",
    sort="-happened_on",
    columns=("happened_on", "customer", "kind", "content", "source", "owner"),
    sections=(
        Section(_("Change at the customer"), ("customer", "kind", "happened_on", "source", "content", "owner")),
        Section(_("Put right and told"), ("subject", "new_value", "tell")),
    ),
    actions=(RECORD_CHANGE,),
    prepare=complete_change,
    filters=("kind", "customer", "happened_on", "owner"),
    search=("customer",),
)

INTELLIGENCE = Module(
    model=IntelligenceNote,
    icon="eye",
    data_class=DataClass.C2,
    title="content",
    scope_through="customer",
    sort="-noted_on",
    columns=("noted_on", "customer", "source", "content", "owner"),
    sections=(Section(_("Information"), ("customer", "noted_on", "source", "content", "owner")),),
    filters=("source", "customer", "noted_on", "owner"),
    search=("customer",),
)

POLICY_NOTE = Module(
    model=PolicyNote,
    icon="gavel",
    data_class=DataClass.C2,
    title="content",
    scope_through="customer",
    sort="-noted_on",
    columns=("noted_on", "customer", "area", "content", "owner"),
    sections=(Section(_("Trade policy"), ("customer", "noted_on", "area", "content", "owner")),),
    filters=("customer", "noted_on"),
    search=("customer", "area"),
)

NEED = Module(
    model=Need,
    icon="heart-handshake",
    data_class=DataClass.C2,
    title="content",
    scope_through="customer",
    sort="-collected_on",
    columns=("customer", "occasion", "content", "product", "owner", "collected_on"),
    sections=(
        Section(_("Need or preference"), ("customer", "occasion", "content", "product", "collected_on", "owner")),
    ),
    filters=("occasion", "customer", "product", "owner"),
    search=("customer",),
)

OPINION = Module(
    model=Opinion,
    icon="message-2",
    data_class=DataClass.C2,
    title="content",
    profile="contribution",
    sort="-expressed_on",
    columns=("expressed_on", "customer_name", "kind", "content", "improvement", "department", "owner"),
    sections=(
        Section(_("Opinion"), ("customer_name", "kind", "expressed_on", "improvement", "content")),
        Section(_("Belongs to"), ("customer", "owner", "department")),
    ),
    read_only=("owner",),
    filters=("improvement", "department", "kind", "expressed_on"),
    search=("customer_name",),
    prepare=resolve_customer,
    menu=Menu("archive", 30),
    views=(
        View("improvements", _("Input for improvement"), {"field": "improvement", "op": "filled"}),
        View("unmatched", _("Customer not found yet"), {"field": "customer", "op": "empty"}),
    ),
)

CONTRIBUTION = Module(
    model=Contribution,
    icon="inbox",
    data_class=DataClass.C2,
    title="content",
    profile="contribution",
    sort="-collected_on",
    columns=("collected_on", "customer_name", "kind", "content", "source", "document", "owner", "state"),
    sections=(
        Section(_("Contribution"), ("customer_name", "kind", "collected_on", "source", "document", "content", "file")),
        Section(_("Filing"), ("state", "customer", "answer", "settled_on", "owner")),
    ),
    read_only=("owner",),
    filters=("state", "kind", "source", "owner"),
    search=("customer_name", "document"),
    lifecycle=Lifecycle("state", "waiting", locked=("filed", "declined")),
    actions=(CONTRIBUTE, FILE_CONTRIBUTION, DECLINE_CONTRIBUTION),
    prepare=resolve_customer,
    menu=Menu("archive", 20),
    views=(View("waiting", _("Waiting for filing"), {"field": "state", "op": "in", "value": ["waiting"]}),),
)

DOWNSTREAM = Module(
    model=DownstreamCustomer,
    icon="sitemap",
    data_class=DataClass.C2,
    scope_through="customer",
    classes={"address": DataClass.C2},
    personal=("phone",),
    columns=("name", "customer", "city", "contact", "phone", "yearly_volume", "account"),
    sections=(
        Section(
            _("Downstream customer"),
            ("customer", "name", "city", "address", "contact", "phone", "yearly_volume", "account", "remarks"),
        ),
    ),
    filters=("customer", "city"),
    search=("city", "contact", "phone", "customer"),
    same_as=(SameAs("name", _("company name"), key=company_key),),
    actions=(TURN_INTO_ACCOUNT,),
)
