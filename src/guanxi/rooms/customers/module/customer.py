"""The customer as the engine sees it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from guanxi.kernel.chinese.company import company_key
from guanxi.kernel.chinese.credit_code import check as check_credit_code
from guanxi.kernel.confidentiality import DataClass
from guanxi.kernel.decision import Decision
from guanxi.kernel.errors import Invalid
from guanxi.platform.policy.values import value_of
from guanxi.records.context import Context
from guanxi.records.module import Computed, Menu, Module, Related, SameAs, Section, View
from guanxi.rooms.customers import sources
from guanxi.rooms.customers.actions import (
    CHECK_KNOWN,
    ENTER_STAGE,
    RECYCLE_CUSTOMER,
    RETURN_TO_POOL,
    RETURN_TO_STAGE,
)
from guanxi.rooms.customers.models import BLOCKS, Customer
from guanxi.rooms.customers.picklists import DEALING_STATUSES
from guanxi.rooms.customers.policies import QUIET_DAYS
from guanxi.rooms.customers.queries import ancestors, completeness
from guanxi.rooms.customers.rules import may_belong_to


def _prepare(ctx: Context, values: dict[str, Any], record: Any) -> dict[str, Any]:
    """Check the credit code by its last character, and note when the customer was collected."""
    values = dict(values)
    if values.get("credit_code"):
        try:
            values["credit_code"] = check_credit_code(values["credit_code"])
        except Invalid as problem:
            raise Invalid({"credit_code": [problem.message]}) from None
    if record is None and not values.get("collected_on"):
        values["collected_on"] = ctx.today
    if record is None:
        values["stage_on"] = ctx.today
    return values


def _no_circle(ctx: Context, record: Any, changed: frozenset[str]) -> Decision:
    if "parent" not in changed or record.parent_id is None:
        return Decision.allow()
    chain = ancestors(record)
    closes = (
        record.pk in {row.pk for row in chain}
        or bool(chain and chain[-1].parent_id is not None)
        or (record.parent_id == record.pk)
    )
    return may_belong_to(record.name, tuple(row.name for row in chain), closes)


def _may_become_one(ctx: Context, written: Sequence[tuple[Any, frozenset[str]]]) -> list[Decision]:
    """What rooms above say to a new customer, or to one that takes the name of another company."""
    decisions = [Decision.allow()] * len(written)
    named = [place for place, (_record, changed) in enumerate(written) if "name" in changed]
    for judge in sources.entry_judges if named else ():
        for place, decision in zip(named, judge(ctx, [written[place][0] for place in named]), strict=True):
            decisions[place] &= decision
    return decisions


def _quiet(ctx: Context) -> dict[str, Any]:
    """In contact or dealing with us, and not spoken to for the quiet days (SAL-14)."""
    return {
        "all": [
            {"field": "status", "op": "in", "value": ["following", *DEALING_STATUSES]},
            {"field": "last_contact_on", "op": "older_than", "value": value_of(QUIET_DAYS, ctx.today)},
        ]
    }


CUSTOMER = Module(
    model=Customer,
    icon="users",
    data_class=DataClass.C2,
    classes={"phone": DataClass.C2, "email": DataClass.C2, "address": DataClass.C2},
    number="KH-{year}-{seq:05}",
    columns=(
        "name",
        "demand_level",
        "status",
        "owner",
        "city",
        "stage",
        "industry",
        "sales_12m",
        "completeness",
        "last_contact_on",
        "changed_at",
    ),
    sections=(
        Section(
            _("Basic data"),
            (
                "name",
                "short_name",
                "former_names",
                "kind",
                "relations",
                "status",
                "stage",
                "stage_on",
                "credit_code",
                "industry",
                "legal_representative",
                "operating_manager",
                "phone",
                "email",
                "website",
                "province",
                "city",
                "address",
                "size",
                "registered_capital",
                "founded_on",
                "first_dealing_on",
                "goods_consumed",
                "source",
                "collected_on",
                "owner",
            ),
        ),
        Section(
            _("Grades and group"),
            (
                "demand_level",
                "importance",
                "key_account",
                "visit_days",
                "market_role",
                "closeness",
                "parent",
                "institution",
                "vendor",
            ),
        ),
        Section(BLOCKS[1][1], BLOCKS[1][2]),
        Section(BLOCKS[2][1], BLOCKS[2][2]),
        Section(
            _("Market and organisation"),
            (
                "product_structure",
                "market_competition",
                "competitiveness",
                "dealings_with_us",
                "credit_capability",
                "market_capacity",
                "operating_performance",
                "organisation_structure",
                "economic_nature",
                "network_scale",
                "network_reach",
                "remarks",
            ),
        ),
    ),
    filters=("status", "stage", "demand_level", "owner", "market_area", "relations", "industry", "city", "source"),
    search=("short_name", "former_names", "credit_code", "phone", "city", "address", "legal_representative"),
    same_as=(
        SameAs("name", _("company name"), key=company_key, clause="ARC-01"),
        SameAs("credit_code", _("unified social credit code"), clause="ARC-01"),
        SameAs("phone", _("phone"), clause="ARC-01"),
    ),
    related=(
        Related("customers.contact", "customer"),
        Related("customers.address", "customer"),
        Related("customers.billingprofile", "customer"),
        Related("customers.need", "customer"),
        Related("customers.opinion", "customer"),
        Related("customers.changeevent", "customer"),
        Related("customers.intelligencenote", "customer"),
        Related("customers.policynote", "customer"),
        Related("customers.marketflow", "customer"),
        Related("customers.competitorstanding", "customer"),
        Related("customers.downstreamcustomer", "customer"),
        Related("customers.contribution", "customer"),
        Related("customers.datacheck", "customer"),
    ),
    computed=(
        Computed(
            "completeness",
            _("Completeness"),
            completeness,
            kind="percent",
            needs=tuple(name for _key, _label, names in BLOCKS for name in names),
        ),
    ),
    menu=Menu("daily", 20),
    views=(
        View("mine", _("My customers"), {"field": "owner", "op": "in", "value": ["me"]}),
        View("key", _("Key accounts"), {"field": "key_account", "op": "is", "value": "1"}),
        View("dealing", _("Dealing customers"), {"field": "status", "op": "in", "value": list(DEALING_STATUSES)}),
        View(
            "quiet",
            _("No recent contact"),
            _quiet,
            sort="last_contact_on",
        ),
        View("unclassified", _("Without a demand level"), {"field": "demand_level", "op": "empty"}),
        View("prospects", _("Prospects"), {"field": "status", "op": "in", "value": ["prospect"]}),
    ),
    actions=(ENTER_STAGE, RETURN_TO_STAGE, CHECK_KNOWN, RETURN_TO_POOL, RECYCLE_CUSTOMER),
    rules=(_no_circle,),
    set_rules=(_may_become_one,),
    prepare=_prepare,
    aliases={
        "name": ("公司名称", "单位名称", "企业名称", "客户全称", "客户单位", "往来单位", "account name", "company"),
        "short_name": ("简称", "客户简称", "常用名"),
        "former_names": ("曾用名", "原名称"),
        "credit_code": ("信用代码", "社会信用代码", "税号", "纳税人识别号", "营业执照号"),
        "legal_representative": ("法人", "法定代表人", "法人代表姓名"),
        "operating_manager": ("负责人", "经理", "经营者", "老板", "总经理"),
        "phone": ("电话", "联系电话", "固定电话", "公司电话", "座机", "tel"),
        "email": ("邮箱", "电子邮箱", "mail"),
        "website": ("网址", "官网", "主页"),
        "province": ("省", "省份", "所在省"),
        "city": ("市", "城市", "所在城市", "地市"),
        "address": ("地址", "详细地址", "公司地址", "办公地址", "通讯地址"),
        "industry": ("行业", "所属行业", "行业类别", "行业类型"),
        "size": ("规模", "人员规模", "公司规模", "员工人数"),
        "registered_capital": ("注册资金", "注册资本(万元)", "资本"),
        "founded_on": ("成立时间", "成立日期", "注册日期"),
        "first_dealing_on": ("首次交易", "首次合作日期", "开始合作时间", "合作起始", "建立往来日期"),
        "goods_consumed": ("经营品类", "消费类别", "采购品类", "主要采购产品"),
        "source": ("客户来源", "来源渠道", "信息来源"),
        "owner": ("业务员", "客户经理", "所属业务员", "负责业务员", "销售代表", "跟进人"),
        "demand_level": ("级别", "客户级别", "需求级别", "等级", "abc分类"),
        "importance": ("重要程度", "客户档次"),
        "market_role": ("客户类型", "渠道类型", "客户类别"),
        "market_area": ("区域", "市场", "所属区域", "销售区域", "大区"),
        "business_scope": ("经营范围", "主营业务", "主营"),
        "status": ("客户状态", "合作状态", "状态"),
        "economic_nature": ("企业性质", "单位性质", "所有制", "经济性质"),
        "remarks": ("备注", "说明", "其他"),
        "credit_standing": ("信用状况", "资信", "信用情况"),
        "characteristics": ("特点", "客户特点"),
        "collected_on": ("登记日期", "建档日期", "录入日期", "收集日期"),
    },
)
