"""What keeps exports in bounds by itself: files go, and who takes out much is told of."""

from __future__ import annotations

import datetime
import uuid
from collections import Counter
from collections.abc import Mapping

from django.db.models import Count

from guanxi.kernel.messages import Message
from guanxi.platform import calendar
from guanxi.platform.access.models import PersonRole, RoleKind
from guanxi.platform.audit.models import Disclosure, Outcome, Sight
from guanxi.platform.files.models import StoredFile
from guanxi.platform.files.storage import discard
from guanxi.platform.jobs.registry import scheduled
from guanxi.platform.notices.models import Notice
from guanxi.platform.notices.notify import notify
from guanxi.platform.people.models import Person
from guanxi.platform.policy.values import value_of
from guanxi.records.export_limits import ALERT_LOOKS, ALERT_ROWS, day_begins, files_kept_since

#: Sorts of notice; with the person it is about they make sure that it is told once a day.
MUCH_EXPORTED, MUCH_SEEN = "much_exported", "much_seen"
_LOOKS = (Sight.VIEW, Sight.REVEAL, Sight.PRINT)


@scheduled("records.export_files", every=datetime.timedelta(minutes=30))
def discard_files(at: datetime.datetime) -> int:
    """Give up export files that can no longer be downloaded; how many. Their rows stay, as the log names them."""
    return discard(StoredFile.objects.filter(kind=StoredFile.Kind.EXPORT, created_at__lt=files_kept_since(at)), at)


@scheduled("records.export_alert", every=datetime.timedelta(minutes=10))
def tell_of_much(at: datetime.datetime) -> None:
    """Tell the security administrators who took out or looked at much today: once for each person and day."""
    day = calendar.local(at).date()
    today = Disclosure.objects.filter(at__gte=day_begins(day), at__lte=at, outcome=Outcome.DONE)
    rows: Counter[uuid.UUID] = Counter()
    for actor, detail in today.filter(kind=Sight.EXPORT).values_list("actor", "detail"):
        rows[actor] += int(detail.get("rows", 0))
    looks = today.filter(kind__in=_LOOKS, record_id__isnull=False).order_by().values("actor")
    seen = {each["actor"]: each["records"] for each in looks.annotate(records=Count("record_id", distinct=True))}
    _tell(MUCH_EXPORTED, rows, value_of(ALERT_ROWS, day), at)
    _tell(MUCH_SEEN, seen, value_of(ALERT_LOOKS, day), at)


def _title(sort: str, person: Person, count: int) -> Message:
    if sort == MUCH_EXPORTED:
        return Message("%(person)s exported %(count)s rows today", person=person, count=count)
    return Message("%(person)s looked at %(count)s confidential records today", person=person, count=count)


def _tell(sort: str, counts: Mapping[uuid.UUID, int], limit: int, at: datetime.datetime) -> None:
    many = {key: count for key, count in counts.items() if count > limit}
    begin = day_begins(calendar.local(at).date())
    told = set(Notice.objects.filter(kind=sort, created_at__gte=begin).values_list("record_id", flat=True))
    administrators = _security_administrators() if many.keys() - told else []
    for person in Person.objects.filter(pk__in=many.keys() - told).order_by("username"):
        title = _title(sort, person, many[person.pk])
        body = Message("The log of what was shown tells which records, when and what for.")
        notify(administrators, title, body, "people.person", person.pk, sort, at=at)


def _security_administrators() -> list[Person]:
    holding = PersonRole.objects.filter(role__kind=RoleKind.SECURITY, role__deleted_at=None, deleted_at=None)
    return list(Person.objects.filter(pk__in=holding.values("person"), is_active=True, deleted_at=None))
