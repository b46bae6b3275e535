"""A customer sheet as companies send them: thirty headings of their own wording, good rows, wrong rows, doubles.

What stands in it is worked out here once, so that a test can say to the row what must become of it.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from typing import Any

from openpyxl import Workbook

from guanxi.kernel.chinese import credit_code

#: The company's wording → the name our form has for it.
HEADINGS: dict[str, str] = {
    "客户全称": "客户名称",
    "常用简称": "简称",
    "曾用名": "曾用名",
    "税号": "统一社会信用代码",
    "法人姓名": "法人代表",
    "实际经营者": "经营管理者",
    "总机": "电话",
    "公司邮箱": "电子邮箱",
    "官方网站": "网站",
    "所在省": "省份",
    "所在地市": "城市",
    "详细地址": "地址",
    "所属行业": "行业",
    "员工规模": "规模",
    "注册资金": "注册资本",
    "成立时间": "成立日期",
    "合作起始": "首次往来日期",
    "主要采购品类": "消费的商品或服务",
    "来源渠道": "来源",
    "所属业务员": "负责人",
    "客户级别": "需求等级",
    "重要程度": "重要程度",
    "客户类别": "市场档案",
    "销售区域": "市场区域",
    "主营业务": "业务范围",
    "合作状态": "状态",
    "企业性质": "经济性质",
    "资信情况": "信用状况",
    "客户特点": "经营特点",
    "备注说明": "备注",
}
_BRANDS = [
    "同福",
    "永顺",
    "祥和",
    "广源",
    "德厚",
    "嘉禾",
    "万隆",
    "瑞昌",
    "恒信",
    "金穗",
    "宝丰",
    "长青",
    "天成",
    "百川",
    "顺达",
]
_TRADES = ("酒业", "商贸", "糖酒副食", "酒店管理")
_PLACES = (("四川", "宜宾", "5115"), ("四川", "自贡", "5103"), ("重庆", "万州", "5001"), ("贵州", "六盘水", "5202"))
GOOD = 52


@dataclass(frozen=True)
class Sheet:
    """The rows of a sheet and what must become of them, by their line in the file (the headings are line 1)."""

    rows: list[list[Any]]
    good: list[str]
    wrong: dict[int, str]
    doubles: dict[int, str]

    def workbook(self) -> bytes:
        """As XLSX: a title over the headings, as people like it."""
        book = Workbook()
        sheet = book.active
        sheet.title = "客户明细"
        sheet.append(list(HEADINGS))
        for row in self.rows:
            sheet.append(row)
        content = io.BytesIO()
        book.save(content)
        return content.getvalue()

    def text(self) -> bytes:
        """As CSV in the encoding that Chinese Excel writes."""
        content = io.StringIO()
        csv.writer(content).writerows([list(HEADINGS), *self.rows])
        return content.getvalue().encode("gb18030")


def make(mark: str, known: list[str], series: int = 1) -> Sheet:
    """A sheet whose customers all carry `mark` in their name; `known` are two customers who are in the base already.

    Sheets of different `series` (1 to 9) have no code and no phone in common.
    """
    rows = [_row(100 * series + number, f"{mark}{_name(number)}") for number in range(GOOD)]
    good = [row[0] for row in rows]
    wrong: dict[int, str] = {}
    doubles: dict[int, str] = {}

    def add(row: list[Any], kept_in: dict[int, str], what: str) -> None:
        rows.append(row)
        kept_in[len(rows) + 1] = what

    add(_row(100 * series + 60, ""), wrong, "客户名称")
    add(
        _with(_row(100 * series + 61, f"{mark}错码商贸有限公司"), "税号", "91511500MA00000000"),
        wrong,
        "统一社会信用代码",
    )
    add(_with(_row(100 * series + 62, f"{mark}无人酒业有限公司"), "所属业务员", "赵无此人"), wrong, "赵无此人")
    add(_with(_row(100 * series + 63, f"{mark}坏日酒业有限公司"), "成立时间", "2024年13月45日"), wrong, "成立日期")
    for number, name in enumerate(known[:2]):
        add(_row(100 * series + 70 + number, name), doubles, name)
    add(_with(_row(100 * series + 72, f"{mark}同码酒业有限公司"), "税号", rows[0][3]), doubles, "第 2 行")
    add(_row(100 * series + 73, good[1]), doubles, "第 3 行")
    return Sheet(rows, good, wrong, doubles)


def _name(number: int) -> str:
    brand, trade = _BRANDS[number % len(_BRANDS)], _TRADES[number // len(_BRANDS)]
    return f"{brand}{trade}有限公司"


def _row(number: int, name: str) -> list[Any]:
    province, city, district = _PLACES[number % len(_PLACES)]
    return [
        name,
        name[2:6],
        "",
        credit_code.make(f"91{district}00MA7{number:03d}E2E"[:17]),
        "邓光明",
        "罗秀英",
        f"0831-82{number:05d}",
        f"kh{number}@e2e-example.cn",
        "",
        province,
        city,
        f"{city}市人民路{number + 1}号",
        "酒类经销",
        "",
        f"{100 + number}万元",
        "2015-06-18",
        "2021年3月1日",
        "白酒、啤酒",
        "互联网",
        "李伟" if number % 2 else "王芳",
        "ABC"[number % 3],
        "一般",
        "经销商",
        "西南",
        "酒类批发与零售",
        "潜在",
        "民营",
        "付款准时",
        "以宴席市场为主",
        f"第{number}号",
    ]


def _with(row: list[Any], heading: str, value: Any) -> list[Any]:
    place = list(HEADINGS).index(heading)
    return [*row[:place], value, *row[place + 1 :]]
