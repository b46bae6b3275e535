"""Leads as the engine knows them (CRM-24, CRM-25, CMP-03)."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from guanxi.kernel.chinese.company import company_key
from guanxi.kernel.confidentiality import DataClass
from guanxi.records.module import Computed, Lifecycle, Menu, Module, SameAs, Section, View
from guanxi.rooms.sales.actions import converting
from guanxi.rooms.sales.actions import leads as actions
from guanxi.rooms.sales.models import Lead, LeadState
from guanxi.rooms.sales.queries import SCORED, what_counts


def _state(*states: str) -> dict[str, Any]:
    return {"field": "state", "op": "in", "value": list(states)}


_OPEN = _state(*actions.OPEN)

LEAD = Module(
    model=Lead,
    icon="speakerphone",
    data_class=DataClass.C2,
    classes={"address": DataClass.C2},
    personal=("mobile", "phone", "email"),
    profile="lead",
    number="XS-{year}-{seq:05}",
    columns=("name", "person", "mobile", "source", "channel", "rating", "score", "state", "owner", "first_touch_on"),
    sections=(
        Section(_("Lead"), ("name", "person", "post", "mobile", "phone", "email", "owner")),
        Section(_("How it came to us"), ("source", "channel", "first_touch_on", "rating", "content")),
        Section(_("Company"), ("industry", "size", "province", "city", "address", "website")),
        Section(
            _("Where it stands"),
            ("state", "score", "contacted_on", "closed_on", "lost_reason", "closing", "customer", "contact",
             "opportunity"),
        ),
    ),
    filters=(
        "state", "channel", "source", "rating", "owner", "industry", "province", "city", "first_touch_on", "closed_on",
    ),
    search=("person", "mobile", "phone", "email", "city"),
    same_as=(
        SameAs("name", _("company name"), key=company_key, clause="CMP-03"),
        SameAs("mobile", _("mobile"), clause="CMP-03"),
        SameAs("phone", _("phone"), clause="CMP-03"),
        SameAs("email", _("e-mail"), key=str.casefold, clause="CMP-03"),
    ),
    computed=(Computed("scoring", _("why this score"), what_counts, needs=SCORED),),
    lifecycle=Lifecycle("state", LeadState.NEW, locked=(LeadState.CONVERTED, LeadState.DISQUALIFIED)),
    prepare=actions.classed_and_scored,
    starts=lambda ctx: {"first_touch_on": ctx.today},
    rules=(actions.is_sound,),
    set_rules=(actions.known_already,),
    actions=(
        actions.NOTE_CONTACT, actions.QUALIFY_LEAD, converting.CONVERT_LEAD, actions.DISQUALIFY_LEAD,
        actions.REOPEN_LEAD, actions.DELETE_LEAD,
    ),
    menu=Menu("business", 10),
    views=(
        View("open", _("Without conversion"), _OPEN, sort="-score"),
        View("mine", _("Mine"), {"all": [_OPEN, {"field": "owner", "op": "in", "value": ["me"]}]}, sort="-score"),
        View("hot", _("Hot leads"), {"all": [_OPEN, {"field": "rating", "op": "in", "value": ["hot"]}]},
             sort="-score"),
        View("this_month", _("Came this month"), {"field": "first_touch_on", "op": "within", "value": "this_month"},
             sort="-first_touch_on"),
        View("converted", _("Made customers"), _state("converted"), sort="-closed_on"),
        View("given_up", _("Given up"), _state("disqualified"), sort="-closed_on"),
    ),
    aliases={
        "name": ("公司", "公司名称", "单位名称", "企业名称"),
        "person": ("姓名", "联系人", "联系人姓名"),
        "post": ("职位", "职务"),
        "mobile": ("手机", "手机号", "移动电话"),
        "phone": ("电话", "座机", "联系电话"),
        "email": ("邮箱", "电子邮箱", "工作 Email"),
        "source": ("潜在客户来源", "线索来源", "来源", "渠道"),
        "rating": ("评价", "线索评级"),
        "first_touch_on": ("首次接触", "首次接触日期", "登记日期"),
        "content": ("描述", "备注", "需求"),
    },
    without=("merge",),
)  # fmt: skip
