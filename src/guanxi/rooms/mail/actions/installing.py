"""The mail templates that every installation begins with (CRM-52). They are the company's own data from then on."""

from __future__ import annotations

import datetime

from django.db import transaction

from guanxi.platform.audit import entries as audit
from guanxi.platform.audit.models import AuditEntry, Source
from guanxi.records import derived, registry
from guanxi.rooms.mail.models import Template

TEMPLATE = "mail.template"
#: Name, subject, text.
SHIPPED = (
    (
        "首次联系：寄送公司资料",
        "{{company}}：公司资料与合作意向",
        "尊敬的{{name}}：\n\n您好！随信附上我公司的《{{material}}》，供您了解我们的产品与服务。"
        "若您方便，盼能约定时间当面介绍，不多占用您的时间。\n\n期待您的回复。\n\n{{sender_post}} {{sender}}\n"
        "电话：{{sender_phone}}\n{{today}}",
    ),
    (
        "约定见面时间",
        "关于拜访时间的确认",
        "尊敬的{{name}}：\n\n感谢您收阅我们寄送的资料。想与您约定见面时间，面谈约四十分钟，"
        "请告知您方便的日期，我们按您的安排前往。\n\n{{sender}}\n电话：{{sender_phone}}",
    ),
    (
        "邀请参加推介会",
        "诚邀{{company}}参加产品推介会",
        "尊敬的{{name}}：\n\n我公司近期举办产品推介会，现场品鉴新品并介绍合作政策，诚邀您与同事莅临。"
        "时间与地点见附件，盼复。\n\n{{sender}}\n电话：{{sender_phone}}",
    ),
    (
        "节日问候",
        "节日问候",
        "尊敬的{{name}}：\n\n值此佳节，谨向您与{{company}}全体同仁致以诚挚问候，感谢一直以来的信任与支持。"
        "\n\n{{sender}} 敬上\n{{today}}",
    ),
)


def install_templates(at: datetime.datetime) -> int:
    """Enter the shipped templates where there never was any; returns how many."""
    if Template.objects.exists():
        return 0
    made = {"created_at": at, "changed_at": at}
    with transaction.atomic():
        rows = [
            Template.objects.create(name=name, subject=subject, body=body, is_default=True, **made)
            for name, subject, body in SHIPPED
        ]
        derived.add(registry.entry(TEMPLATE), rows)
        audit.write(
            [
                AuditEntry(at=at, source=Source.SYSTEM, action="create", module=TEMPLATE, record_id=row.pk,
                           record_label=str(row))
                for row in rows
            ]
        )  # fmt: skip
    return len(rows)
