"""How companies become customers in the demo: files at every stage, territories, customers of nobody, forms."""

from __future__ import annotations

import datetime
from typing import Any

from guanxi.demo.company import SOURCE
from guanxi.demo.working_year import WorkingYear
from guanxi.platform.calendar import clock_at
from guanxi.platform.people.models import Person
from guanxi.platform.workflow.models import WorkItem
from guanxi.records.actions import Action, run
from guanxi.records.context import Context
from guanxi.records.standard import create
from guanxi.rooms.intake.public import (
    ASSIGN_FILING,
    ENTER_FILE,
    FILE_AWAY,
    SEND_FILE,
    SUBMIT_FILE,
    InformationFile,
)
from guanxi.rooms.processes.public import APPROVE, REFUSE

FILE, CUSTOMER = "intake.informationfile", "customers.customer"
#: Province, city and who is responsible there.
TERRITORIES = (
    ("四川省", "", "li_wei"), ("重庆市", "", "wang_fang"), ("浙江省", "", "zhang_min"), ("江苏省", "", "liu_yang"),
    ("北京市", "", "ma_chao"), ("山东省", "", "zhao_xin"),
    ("广东省", "", "huang_haitao"), ("广东省", "深圳市", "he_mei"),
)  # fmt: skip
#: Who collects, how many working days ago, company, place, person met, source, size, demand, urgency, demand in words,
#: and how far the file comes.
FILES: tuple[tuple[str, int, str, str, str, str, str, str, str, str, str, str], ...] = (
    ("li_wei", 11, "眉山东坡食府餐饮管理有限公司", "四川", "眉山", "苏文", "store_visit", "medium", "ordinary", "idea",
     "宴席用酒，每月约四十箱", "filed"),
    ("zhang_min", 9, "嘉兴南湖船宴酒店有限公司", "浙江", "嘉兴", "沈红", "trade_fair", "large", "large", "urgent",
     "开业在即，需婚宴用酒一批", "filed"),
    ("ma_chao", 7, "北京朝阳门名酒汇商贸有限公司", "北京", "北京", "佟磊", "internet", "small", "small", "latent",
     "暂有固定供货商，留意年底", "sent"),
    ("huang_haitao", 6, "佛山禅城醉仙楼餐饮有限公司", "广东", "佛山", "梁慧", "referral", "medium", "ordinary",
     "urgent", "原供货商断货，急需补货", "sent"),
    ("wang_fang", 3, "重庆江北嘉陵糖酒批发有限公司", "重庆", "重庆", "冉勇", "trade_fair", "large", "large", "urgent",
     "拟作区域分销，每月两百箱起", "entered"),
    ("liu_yang", 2, "苏州姑苏老街烟酒行", "江苏", "苏州", "钱立", "store_visit", "micro", "small", "idea",
     "试销两款，看动销", "entered"),
    ("li_wei", 6, "乐山嘉州大酒店有限公司", "四川", "乐山", "袁芳", "association", "very_large", "large", "urgent",
     "会议与婚宴用酒，年约千箱", "approved"),
    ("he_mei", 1, "深圳南山湾畔会所有限公司", "广东", "深圳", "罗杰", "referral", "medium", "ordinary", "idea",
     "高端定制酒，二十箱起", "approved"),
    ("zhao_xin", 1, "济南历下泉城酒业有限公司", "山东", "济南", "孔祥", "trade_press", "large", "large", "idea",
     "有意代理新品", "review"),
    ("wang_fang", 1, "重庆渝北金港超市有限公司", "重庆", "重庆", "黎娟", "trade_fair", "large", "ordinary", "idea",
     "门店陈列与促销支持", "review"),
    ("liu_yang", 2, "无锡惠山商贸行", "江苏", "无锡", "", "internet", "", "", "", "", "returned"),
    ("zhang_min", 0, "温州鹿城商会", "浙江", "温州", "叶青", "association", "", "", "latent", "会员节庆用酒", "draft"),
    ("li_wei", 0, "绵阳涪城区科技园食堂", "四川", "绵阳", "", "store_visit", "", "", "", "", "draft"),
    ("marketing", 1, "广州天河展业酒类连锁有限公司", "广东", "广州", "何志", "trade_fair", "large", "large", "urgent",
     "展会现场询价，要三款样品", "draft"),
    ("marketing", 1, "昆明官渡滇味餐饮有限公司", "云南", "昆明", "普丽", "trade_fair", "medium", "ordinary", "idea",
     "了解代理政策", "draft"),
)  # fmt: skip
#: The same company, recorded by a second salesperson an hour after the first.
TWICE = ("wang_fang", "乐山嘉州大酒店", "四川", "乐山")
#: What came of a trade fair and nobody looks after yet.
FAIR = (
    ("泸州江阳糖酒有限公司", "四川", "泸州"), ("宁波海曙名品酒行", "浙江", "宁波"),
    ("青岛市北啤酒城商贸有限公司", "山东", "青岛"), ("东莞南城酒类批发部", "广东", "东莞"),
    ("南充顺庆酒业有限公司", "四川", "南充"), ("徐州云龙商贸有限公司", "江苏", "徐州"),
    ("佛山顺德餐饮用品有限公司", "广东", "佛山"),
)  # fmt: skip


def collect_files(year: WorkingYear) -> None:
    """Enter who is responsible where, then collect, review, enter, send and file."""
    manager = _as("sales_manager", year.moment(year.first, 30))
    for province, city, username in TERRITORIES:
        create(
            manager, "intake.territory", province=province, city=city, salesperson=_person(username),
            valid_from=year.first,
        )  # fmt: skip
    create(manager, "intake.capacity", salesperson=_person("he_mei"), weight=60, remarks="入职不满一年")
    for number, told in enumerate(FILES):
        _one_file(year, number, *told)
    _recorded_twice(year)
    for name, province, city in FAIR:
        create(
            _as("archivist", year.now), CUSTOMER, confirmed=True, name=name, province=province, city=city,
            source="trade_fair", status="prospect",
        )  # fmt: skip
    _register(year)


def _one_file(
    year: WorkingYear, number: int, username: str, ago: int, name: str, province: str, city: str, contact: str,
    source: str, size: str, demand_size: str, urgency: str, demand: str, reached: str,
) -> None:  # fmt: skip
    day = year.days[-1 - ago]
    moment = year.moment(day, 60 + 10 * number)
    file = _do(
        username, moment, None, FILE, name=name, province=province, city=city, contact=contact, source=source,
        size=size, demand_size=demand_size, urgency=urgency, demand=demand, collected_on=day,
        phone=f"138{number:04}{ago:04}" if contact else "",
    )  # fmt: skip
    owner = file.owner.username
    if reached == "draft":
        return
    _do(owner, moment + _HOUR, SUBMIT_FILE, FILE, file)
    if reached == "review":
        return
    _review(file, moment + 2 * _HOUR, refused=reached == "returned")
    if reached in ("returned", "approved"):
        return
    entered = _later(year, ago, 1, number)
    _do(owner, entered, ENTER_FILE, FILE, file)
    met = _later(year, ago, 3, number)
    if met < year.now - datetime.timedelta(days=1) and number != 0:
        _do(
            owner, met, None, "engagement.followup", customer=file.customer, kind="visit", happened_at=met,
            content="按信息档案上门拜访，介绍了供货与结算办法。",
        )  # fmt: skip
    if reached == "entered":
        return
    _do("archivist", _later(year, ago, 2, number), SEND_FILE, FILE, file)
    if reached == "sent":
        return
    _do("marketing", _later(year, ago, 3, number), ASSIGN_FILING, FILE, file, assignee=_person("marketing"))
    _do("marketing", _later(year, ago, 5, number), FILE_AWAY, FILE, file)


_HOUR = datetime.timedelta(hours=1)


def _later(year: WorkingYear, ago: int, days: int, number: int) -> datetime.datetime:
    return year.moment(year.days[-1 - max(0, ago - days)], 70 + 10 * number)


def _review(file: InformationFile, moment: datetime.datetime, *, refused: bool) -> None:
    item = WorkItem.objects.get(record_id=file.pk, state=WorkItem.State.OPEN)
    comment = "缺联系人与需求情况，请补充后再报" if refused else "情况属实，同意录入"
    _do(item.owner.username, moment, REFUSE if refused else APPROVE, "workflow.workitem", item, comment=comment)


def _recorded_twice(year: WorkingYear) -> None:
    username, name, province, city = TWICE
    _do(
        username, year.moment(year.days[-7], 190), None, FILE, name=name, province=province, city=city,
        source="referral", collected_on=year.days[-7], urgency="idea", demand="朋友介绍，约谈中",
    )  # fmt: skip


def _register(year: WorkingYear) -> None:
    """A few customers get their registration form, and with it the level of their demand."""
    for place, username in enumerate(("li_wei", "zhang_min", "ma_chao")):
        day = year.days[-8 + 2 * place]
        ctx = _as(username, year.moment(day, 300))
        customer = (
            ctx.search(CUSTOMER).filter(status="following").exclude(importance="important").order_by("number").first()
        )
        if customer is not None:
            create(
                ctx, "intake.registration", customer=customer, registered_on=day,
                urgency=("urgent", "idea", "latent")[place], demand_size=("large", "ordinary", "small")[place],
                size=("large", "medium", "small")[place],
                background="经营酒水与餐饮多年，门店自有，老板亲自管采购。",
                demand="节前集中备货，要求当天送到门店后仓。",
                goods="中高端浓香型白酒", volume="每月一至两次，每次三十箱", suppliers="本地两家糖酒公司",
                delivery="自有冷库，上午十点前到货",
            )  # fmt: skip


def _person(username: str) -> Person:
    return Person.objects.get(username=username)


def _as(username: str, moment: datetime.datetime, reason: str = "") -> Context:
    return Context.of(_person(username), now=moment, source=SOURCE, reason=reason)


def _do(
    username: str, moment: datetime.datetime, action: Action | None, module: str, target: Any = None, **data: Any
) -> Any:
    """One thing that somebody does at a moment; without an action something is created."""
    with clock_at(moment):
        ctx = _as(username, moment)
        if action is None:
            return create(ctx, module, confirmed=True, **data)
        run(action, ctx, module, target, data, confirmed=True)
        target.refresh_from_db()
        return target
