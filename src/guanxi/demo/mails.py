"""The mails of the demo's year: what account managers wrote and what came back, templates, material that went out.

Nothing of it leaves: the mailboxes are not connected, and what stands as sent was never handed to a server.
"""

from __future__ import annotations

import datetime
from itertools import cycle
from typing import Any

from guanxi.demo.company import SOURCE
from guanxi.demo.working_year import WorkingYear
from guanxi.kernel.mime import Read
from guanxi.platform.calendar import clock_at
from guanxi.platform.jobs.models import OutboxMessage
from guanxi.platform.people.models import Person
from guanxi.records.actions import run
from guanxi.records.context import Context, system_context
from guanxi.records.standard import create, edit
from guanxi.rooms.customers.public import Contact
from guanxi.rooms.mail.public import (
    CONFIRM_MATERIAL,
    LETTER_KIND,
    SEND_LETTER,
    Letter,
    Mailbox,
    Material,
    Template,
    note_sent,
    take_in,
)

LETTER, MAILBOX, TEMPLATE, MATERIAL, HANDOUT = (
    "mail.letter", "mail.mailbox", "mail.template", "mail.material", "mail.handout",
)  # fmt: skip
#: Name, kind, edition, web address, whether it is in use.
MATERIALS = (
    ("川兴酒业形象宣传册", "image_brochure", "2026 版", "https://www.chuanxing.example/about", True),
    ("产品手册：经典与礼盒", "product_brochure", "2026 秋季", "", True),
    ("经销合作政策简介", "other", "2026 版", "", True),
    ("《川兴视野》现场刊物", "onsite_publication", "第 18 期", "", True),
    ("产品手册：旧版", "product_brochure", "2024 版", "", False),
)
#: How many working days ago, subject, text, what came back after how many days ("" for nothing).
CONVERSATIONS = (
    (228, "春季新品资料与报价", "附上春季新品资料与经销报价，欢迎品鉴样酒。", "资料收到，样酒请寄两套。", 2),
    (
        201,
        "二季度订货计划确认",
        "根据上次沟通，整理了二季度订货计划，请核对品种与数量。",
        "数量无误，五月中旬前到货即可。",
        1,
    ),
    (176, "季度返利核算表", "本季度返利核算表见下，如有出入请在周五前告知。", "", 0),
    (151, "宴席用酒方案", "按三十桌测算了两套宴席用酒方案，含赠品与退换政策。", "选第二套，请再报一下含税价。", 3),
    (127, "门店陈列支持事宜", "门头与堆头的陈列支持标准已批，下周可安排制作。", "", 0),
    (98, "中秋备货提醒", "中秋前物流紧张，建议八月底前下单，优先保障发货。", "先备经典款二百箱，礼盒再议。", 1),
    (73, "对账单", "上月往来对账明细已整理，请核对盖章后回传。", "已核对，盖章件明天寄出。", 2),
    (49, "国庆促销活动总结", "活动期间动销情况与费用核销清单整理如下。", "", 0),
    (31, "年度合作续约沟通", "年度协议即将到期，拟约时间面谈续约条款与任务。", "十二月上旬方便，来之前电话联系。", 4),
    (17, "元旦春节礼盒预订", "春节礼盒开始预订，首批排产有限，附价格与交期。", "请保留五百套，价格能否再优惠？", 1),
    (6, "样酒寄送确认", "样酒今日寄出，预计三天送达，收到请告知。", "", 0),
    (2, "走访安排", "拟本周五上午拜访，主要沟通年末陈列与节前备货。", "周五上午可以。", 1),
)
STRANGER = (
    "刘经理",
    "liu@unknown-trade.example",
    "咨询代理条件",
    "我司从事酒水批发，想了解代理条件，请回电。",
)
DESK = 170
#: So many contacts are written to; addresses that no mail ever reaches.
CONTACTS, DOMAIN = 24, "kehu.example"


def write_mails(year: WorkingYear) -> None:
    """The material register, mailboxes, a year of mails and answers, some drafts, material that went by post."""
    found = Contact.objects.filter(deleted_at=None, customer__owner__is_active=True, customer__deleted_at=None)
    contacts = list(found.select_related("customer__owner").order_by("customer__number", "number")[:60:2])[:CONTACTS]
    _learn_addresses(year, contacts)
    materials = _materials(year)
    boxes = _mailboxes(year, contacts)
    turn = cycle(contacts)
    for conversation in CONVERSATIONS if contacts else ():
        for _each in range(3):
            _write(year, next(turn), boxes, conversation)
    for number, contact in enumerate(contacts[:9]):
        _hand_out(year, contact, materials[number % 4], number)
    if contacts:
        _leave_drafts(year, contacts, materials)
        _stranger(year, next(iter(boxes.values())))


def _learn_addresses(year: WorkingYear, contacts: list[Contact]) -> None:
    """Who writes to somebody has asked him for his address."""
    for number, contact in enumerate(contacts):
        moment = max(_day(year, 234), contact.created_at or year.now)
        assert contact.customer.owner is not None
        with clock_at(moment):
            edit(_as(contact.customer.owner, moment), "customers.contact", contact, email=f"lianxi{number:02}@{DOMAIN}")
        contact.refresh_from_db(fields=["email", "version"])


def _as(person: Person, moment: datetime.datetime) -> Context:
    return Context.of(person, now=moment, source=SOURCE)


def _day(year: WorkingYear, ago: int, minute: int = DESK) -> datetime.datetime:
    return min(year.moment(year.days[-1 - min(max(ago, 0), len(year.days) - 1)], minute), year.now)


def _materials(year: WorkingYear) -> list[Material]:
    marketing, moment = Person.objects.get(username="marketing"), _day(year, 240)
    with clock_at(moment):
        return [
            create(_as(marketing, moment), MATERIAL, confirmed=True, name=name, kind=kind, edition=edition, link=link,
                   is_current=current)
            for name, kind, edition, link, current in MATERIALS
        ]  # fmt: skip


def _mailboxes(year: WorkingYear, contacts: list[Contact]) -> dict[Any, Mailbox]:
    """One for each who writes, and a shared one; none is connected, and none has a server."""
    moment = _day(year, 235)
    people = {contact.customer.owner_id: contact.customer.owner for contact in contacts}
    with clock_at(moment):
        boxes = {
            key: create(_as(person, moment), MAILBOX, confirmed=True, name=person.name, address=person.email,
                        sender_name=f"川兴酒业 {person.name}", signature=f"川兴酒业 {person.name} {person.phone}")
            for key, person in list(people.items())[:4] if person is not None and person.email
        }  # fmt: skip
        desk = Person.objects.get(username="service")
        create(_as(desk, moment), MAILBOX, confirmed=True, name="客服邮箱", address="service@chuanxing.example",
               sender_name="川兴酒业客服", is_shared=True)  # fmt: skip
        for person in [person for person in people.values() if person is not None][:2]:
            create(_as(person, moment), TEMPLATE, confirmed=True, name="样酒寄送通知", subject="样酒已寄出",
                   body="{{name}}：\n\n样酒已于{{today}}寄出，盼告知品鉴意见。\n\n{{sender}}")  # fmt: skip
    return boxes


def _write(year: WorkingYear, contact: Contact, boxes: dict[Any, Mailbox], told: Any) -> None:
    ago, subject, text, answer, after = told
    moment = _day(year, ago, DESK + len(contact.customer.name))
    owner = contact.customer.owner
    if owner is None or contact.created_at is None or moment < contact.created_at:
        return
    body = f"{contact.name}：\n\n{text}\n\n{owner.name}"
    with clock_at(moment):
        letter = create(_as(owner, moment), LETTER, confirmed=True, contact=contact, subject=subject, body=body,
                        addressee="contact")  # fmt: skip
        _sent(letter, owner, moment)
    box = boxes.get(owner.pk)
    if answer and box is not None:
        came = _day(year, ago - after, DESK + 45)
        reply = Read(
            message_id=f"<{letter.pk}@{DOMAIN}>", answers=(f"<{letter.pk}@chuanxing.example>",),
            sender_name=contact.name, sender=contact.email, subject=f"Re: {subject}", sent_at=came,
            text=f"{answer}\n\n{contact.name}\n{contact.customer.name}",
        )  # fmt: skip
        with clock_at(came):
            take_in(system_context(owner, source=SOURCE, now=came), box, reply, "", [])


def _sent(letter: Letter, owner: Person, moment: datetime.datetime) -> None:
    """It stands as sent, and was handed to nobody."""
    run(SEND_LETTER, _as(owner, moment), LETTER, letter.pk, confirmed=True)
    OutboxMessage.objects.filter(kind=LETTER_KIND, payload__letter=str(letter.pk)).delete()
    Letter.objects.filter(pk=letter.pk).update(message_id=f"<{letter.pk}@chuanxing.example>")
    note_sent(Letter.objects.get(pk=letter.pk), moment)


def _hand_out(year: WorkingYear, contact: Contact, material: Material, number: int) -> None:
    moment = _day(year, 20 + 9 * number)
    owner = contact.customer.owner
    if owner is None or contact.created_at is None or moment < contact.created_at:
        return
    with clock_at(moment):
        sent = create(_as(owner, moment), HANDOUT, confirmed=True, customer=contact.customer, contact=contact,
                      material=material, channel=("post", "by_hand", "fax")[number % 3], copies=1 + number % 3,
                      sent_on=year.days[-1 - (20 + 9 * number)])  # fmt: skip
    if number % 3 != 2:
        arrived = _day(year, 16 + 9 * number)
        with clock_at(arrived):
            run(CONFIRM_MATERIAL, _as(owner, arrived), HANDOUT, sent, {"received_by": contact.name})


def _leave_drafts(year: WorkingYear, contacts: list[Contact], materials: list[Material]) -> None:
    """A first letter from a template, with the brochure, and a reply not finished yet."""
    first = Template.objects.filter(name__startswith="首次联系").first()
    for contact in (contacts[0], contacts[-1]):
        owner = contact.customer.owner
        assert owner is not None
        create(_as(owner, year.now), LETTER, confirmed=True, contact=contact, addressee="contact", template=first,
               material=materials[0])  # fmt: skip


def _stranger(year: WorkingYear, box: Mailbox) -> None:
    name, address, subject, text = STRANGER
    came = _day(year, 1, 60)
    assert box.owner is not None
    with clock_at(came):
        read = Read(message_id="<1@unknown-trade.example>", sender_name=name, sender=address, subject=subject,
                    sent_at=came, text=text)  # fmt: skip
        take_in(system_context(box.owner, source=SOURCE, now=came), box, read, "", [])
