"""What follows some of the deals: the customer is brought in by several departments, most of it on time (SAL-05)."""

from __future__ import annotations

import datetime

from guanxi.demo.clientele import Client
from guanxi.demo.company import STAFF
from guanxi.demo.timetable import Entry, Made, Timetable
from guanxi.demo.working_year import WorkingYear

OPPORTUNITY, PROJECT, TASK = "sales.opportunity", "sales.project", "engagement.task"
#: Deals that bring work for more than the salesperson.
TOPICS = ("专卖店形象升级", "年度经销任务升级", "企业定制酒")
#: What is to be done, by whom, within how many working days, after how many it is done, and with which result.
STEPS = (
    ("核对开票资料与账期", "finance", 5, 3, "资料齐全，已建档。"),
    ("备齐首批货并排发运", "storekeeper", 12, 10, "首批已发出。"),
    ("培训店员与品鉴师", "service", 20, 22, "两场培训，十二人到场。"),
    ("门头与陈列物料到位", "marketing", 28, 27, "物料已安装，拍照存档。"),
)
#: Within so many working days the whole is finished. Minutes after opening.
LENGTH, DESK = 32, 555


def plan_project(plan: Timetable, year: WorkingYear, client: Client, deal: str, topic: str, place: int) -> None:
    """Plan the project that follows a deal won on the working day at `place` of the year."""
    if topic not in TOPICS or place + 1 >= len(year.days):
        return
    moment, key = year.moment(year.days[place + 1], DESK), f"{deal} project"
    begun = {"due_on": _day(year, place + LENGTH), "name": f"{topic}实施"}
    plan.add(Entry(moment, client.username, OPPORTUNITY, begun, key=key, action="begin_project", target=Made(deal)))
    done = 0
    for number, (subject, owner, within, after, result) in enumerate(STEPS):
        task = f"{key} task {number}"
        told = {"subject": subject, "owner": STAFF[owner].name, "due_on": _day(year, place + 1 + within)}
        at = year.moment(year.days[place + 1], DESK + 2 + number)
        plan.add(Entry(at, client.username, PROJECT, told, key=task, action="give_step", target=Made(key)))
        if place + 1 + after < len(year.days) - 1:
            at = year.moment(year.days[place + 1 + after], DESK + 30)
            plan.add(Entry(at, owner, TASK, {"result": result}, action="complete_task", target=Made(task)))
            done += 1
    if done == len(STEPS) and place + LENGTH < len(year.days) - 1:
        at = year.moment(year.days[place + LENGTH], DESK)
        told = {"note": "各部门事项已办结。"}
        plan.add(Entry(at, client.username, PROJECT, told, action="finish_project", target=Made(key)))


def _day(year: WorkingYear, place: int) -> datetime.date:
    """The working day at a place of the year; beyond its end about as many days after today."""
    beyond = place - len(year.days) + 1
    return year.days[place] if beyond <= 0 else year.today + datetime.timedelta(days=beyond * 7 // 5)
