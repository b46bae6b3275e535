"""The reports and dashboards that an installation starts with, as data; afterwards they are the company's to change."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

#: Folder, and what lies in it.
FOLDERS: tuple[tuple[str, str], ...] = (
    ("销售报表", "日、周、月、季、年销售情况"),
    ("销售机会", "商机漏斗、来源与输赢"),
    ("客户与联系人", "客户分布、等级与联系人"),
    ("活动", "跟进、走访与日程"),
    ("服务支持", "故障单统计"),
    ("产品", "产品与供应商"),
)


@dataclass(frozen=True)
class Shipped:
    """One report. `groups`: "field", "field month", "field -figure"; `figures`: "count", "sum amount"."""

    folder: str
    name: str
    description: str
    module: str
    groups: tuple[str, ...] = ()
    figures: tuple[str, ...] = ("count",)
    columns: tuple[str, ...] = ()
    related: tuple[str, ...] = ()
    filters: Mapping[str, Any] = field(default_factory=dict)
    period: tuple[str, str] = ("", "")
    chart: str = ""
    drawn: int = 0
    sort: str = ""

    @property
    def definition(self) -> dict[str, Any]:
        """The JSON that is kept."""
        return {
            "module": self.module, "related": list(self.related), "kind": "groups" if self.groups else "rows",
            "columns": list(self.columns), "sort": self.sort, "groups": [_group(each) for each in self.groups],
            "figures": [_figure(each) for each in self.figures] if self.groups else [],
            "period": {"field": self.period[0], "within": self.period[1]} if self.period[0] else {},
            "filters": dict(self.filters), "chart": {"kind": self.chart, "figure": self.drawn},
        }  # fmt: skip


def _group(text: str) -> dict[str, str]:
    name, _space, more = text.partition(" ")
    is_unit = more in ("day", "week", "month", "quarter", "year")
    return {"field": name, "by": more if is_unit else "", "order": "" if is_unit else more}


def _figure(text: str) -> dict[str, str]:
    how, _space, name = text.partition(" ")
    return {"how": how, "field": name}


def _in(name: str, *values: str) -> dict[str, Any]:
    return {"field": name, "op": "in", "value": list(values)}


_SALES, _CHANCES, _PEOPLE, _DOINGS, _SERVICE, _GOODS = (name for name, _told in FOLDERS)
_OPPORTUNITY, _CUSTOMER, _TICKET = "sales.opportunity", "customers.customer", "service.ticket"
_FOLLOW_UP, _VISIT = "engagement.followup", "engagement.visitreport"
_WON = _in("state", "won")
_WORTH = ("count", "sum amount")

REPORTS: tuple[Shipped, ...] = (
    Shipped(_CHANCES, "销售漏斗", "在谈商机按阶段的数量与预计金额", _OPPORTUNITY, ("stage",), _WORTH,
            filters=_in("state", "open"), chart="funnel", drawn=1),
    Shipped(_CHANCES, "在谈商机按负责人", "每人手中的商机与预计金额", _OPPORTUNITY, ("owner -figure",),
            ("sum amount", "count", "average amount"), filters=_in("state", "open"), chart="bar"),
    Shipped(_CHANCES, "商机来源", "商机从哪里来，各值多少", _OPPORTUNITY, ("source",), _WORTH, chart="pie", drawn=1),
    Shipped(_CHANCES, "本季预计成交", "本季度预计成交的商机，按月份与阶段", _OPPORTUNITY,
            ("expected_on month", "stage"), _WORTH, filters=_in("state", "open"),
            period=("expected_on", "this_quarter"), chart="bar", drawn=1),
    Shipped(_CHANCES, "输单原因", "今年丢失的商机，按原因", _OPPORTUNITY, ("lost_reason",), _WORTH,
            filters=_in("state", "lost"), period=("closed_on", "this_year"), chart="pie"),
    Shipped(_CHANCES, "已结束的商机", "赢单与输单明细", _OPPORTUNITY, columns=(
        "name", "customer", "amount", "state", "closed_on", "lost_reason", "owner"),
            filters=_in("state", "won", "lost"), sort="-closed_on"),
    Shipped(_SALES, "日赢单", "最近一周每天的赢单，按业务员", _OPPORTUNITY, ("closed_on day", "owner"), _WORTH,
            filters=_WON, period=("closed_on", "last_7_days"), chart="bar", drawn=1),
    Shipped(_SALES, "周赢单", "最近九十天每周的赢单，按业务员", _OPPORTUNITY, ("closed_on week", "owner"), _WORTH,
            filters=_WON, period=("closed_on", "last_90_days"), chart="bar", drawn=1),
    Shipped(_SALES, "月赢单", "今年每月的赢单", _OPPORTUNITY, ("closed_on month",), _WORTH, filters=_WON,
            period=("closed_on", "this_year"), chart="line", drawn=1),
    Shipped(_SALES, "季度赢单按业务员", "今年每季度的赢单，按业务员", _OPPORTUNITY, ("closed_on quarter", "owner"),
            _WORTH, filters=_WON, period=("closed_on", "this_year"), chart="bar", drawn=1),
    Shipped(_SALES, "年度赢单", "历年赢单", _OPPORTUNITY, ("closed_on year",), _WORTH, filters=_WON, chart="bar",
            drawn=1),
    Shipped(_SALES, "赢单客户排名", "今年赢单金额最高的客户", _OPPORTUNITY, ("customer -figure",),
            ("sum amount", "count"), filters=_WON, period=("closed_on", "this_year"), chart="bar"),
    Shipped(_SALES, "有效合同", "已签合同按种类", "sales.contract", ("kind",), _WORTH,
            filters={"field": "signed_on", "op": "filled"}, chart="pie", drawn=1),
    Shipped(_PEOPLE, "客户按地区", "客户所在省份", _CUSTOMER, ("province -figure", "city -figure"), ("count",),
            chart="bar"),
    Shipped(_PEOPLE, "客户按需求等级", "客户的需求等级与近一年销售额", _CUSTOMER, ("demand_level",),
            ("count", "sum sales_12m"), chart="pie"),
    Shipped(_PEOPLE, "客户来源", "客户从哪里来", _CUSTOMER, ("source",), ("count", "sum sales_12m"), chart="bar"),
    Shipped(_PEOPLE, "新增客户", "今年每月新增客户，按负责人", _CUSTOMER, ("created_at month", "owner"), ("count",),
            period=("created_at", "this_year"), chart="line"),
    Shipped(_PEOPLE, "客户联系人名册", "联系人及其客户", _CUSTOMER, related=("customers.contact:customer",), columns=(
        "name", "customers.contact:customer/name", "customers.contact:customer/post",
        "customers.contact:customer/mobile", "owner"), sort="name"),
    Shipped(_PEOPLE, "久未联系的客户", "九十天以上没有联系的客户", _CUSTOMER, columns=(
        "name", "demand_level", "owner", "last_contact_on"),
            filters={"field": "last_contact_on", "op": "older_than", "value": 90}, sort="last_contact_on"),
    Shipped(_DOINGS, "本月跟进", "本月跟进按业务员与方式", _FOLLOW_UP, ("owner", "kind"), ("count",),
            period=("happened_at", "this_month"), chart="bar"),
    Shipped(_DOINGS, "上月跟进", "上月跟进按业务员与方式", _FOLLOW_UP, ("owner", "kind"), ("count",),
            period=("happened_at", "last_month"), chart="bar"),
    Shipped(_DOINGS, "每月走访", "今年每月走访次数，按业务员", _VISIT, ("visited_on month", "owner"), ("count",),
            period=("visited_on", "this_year"), chart="line"),
    Shipped(_SERVICE, "故障单按优先级", "未了结的故障单按优先级", _TICKET, ("priority",), ("count",),
            filters={"field": "state", "op": "not_in", "value": ["closed"]}, chart="pie"),
    Shipped(_SERVICE, "故障单按产品", "故障单涉及的产品与耗时", _TICKET, ("product -figure",), ("count", "sum hours"),
            chart="bar"),
    Shipped(_GOODS, "产品目录", "在售产品与标准价", "catalog.product", columns=(
        "name", "code", "category", "brand", "unit", "standard_price"),
            filters={"field": "active", "op": "is", "value": True}, sort="name"),
    Shipped(_GOODS, "产品按类别", "在售产品数量与平均标准价", "catalog.product", ("category",),
            ("count", "average standard_price"), filters={"field": "active", "op": "is", "value": True}),
)  # fmt: skip

#: Dashboard, the code of the role it is made for, and its reports: name, what is shown, how wide.
DASHBOARDS: tuple[tuple[str, str, tuple[tuple[str, str, str], ...]], ...] = (
    ("销售管理", "sales_manager", (
        ("销售漏斗", "chart", "half"), ("月赢单", "chart", "half"), ("在谈商机按负责人", "table", "full"),
        ("本月跟进", "chart", "half"), ("输单原因", "chart", "half"),
    )),
    ("经营概览", "general_manager", (
        ("季度赢单按业务员", "chart", "half"), ("客户按需求等级", "chart", "half"), ("赢单客户排名", "table", "half"),
        ("故障单按优先级", "chart", "half"), ("新增客户", "chart", "full"),
    )),
    ("我的业务", "account_manager", (
        ("销售漏斗", "chart", "half"), ("月赢单", "chart", "half"), ("久未联系的客户", "table", "full"),
    )),
    ("服务", "service", (("故障单按优先级", "chart", "half"), ("故障单按产品", "chart", "half"))),
)  # fmt: skip
