"""The store of sessions (SESSION_ENGINE): rows that say whose they are, and end by themselves after idleness or a day.

What a session was at its beginning stands in its data; what the row shows of it is copied at every saving.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.utils.crypto import salted_hmac

from guanxi.platform.calendar.clock import now
from guanxi.platform.people.addresses import client_address
from guanxi.platform.people.sign_in import Session
from guanxi.platform.prepared import Prepared

BEGUN, ADDRESS, AGENT, CONFIRMED = "begun_at", "address", "agent", "confirmed_at"
#: How old "last used" may become before a request writes it.
USED_EVERY = timedelta(minutes=1)
#: What somebody has who is not signed in yet: long enough to find the phone for the code.
ANONYMOUS = timedelta(minutes=15)


_OPEN = Prepared(lambda key, at: Session.objects.filter(session_key=key, expire_date__gt=at))


class SessionStore(DatabaseStore):
    """Django's store in the database, on our table and our clock."""

    row: Session | None = None
    #: Until when the session is to last from its next saving on; None leaves it as it is.
    ends: datetime | None = None

    @classmethod
    def get_model_class(cls) -> type[Session]:
        return Session

    def _get_session_from_db(self) -> Session | None:
        key = self.session_key
        self.row = _OPEN.first(key=key, at=now()) if key else None
        if self.row is None:
            self._session_key = None
        return self.row

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        moment, person = now(), data.get(SESSION_KEY)
        stays = self.row is not None and person is not None and self.row.person_id == UUID(person)
        return Session(
            session_key=self._get_or_create_session_key(),  # type: ignore[attr-defined]
            session_data=self.encode(data),
            expire_date=self.ends or (self.row.expire_date if self.row is not None and stays else moment + ANONYMOUS),
            person_id=UUID(person) if person else None,
            begun_at=moment_in(data, BEGUN) or moment,
            used_at=moment,
            address=data.get(ADDRESS, ""),
            agent=data.get(AGENT, ""),
        )

    def renew(self, idle: Callable[[], timedelta], longest: Callable[[], timedelta]) -> bool:
        """Note that the session is in use and push its end on, at most once a minute; False when it is over.

        `idle`, `longest`: how long it lasts unused, and at all; asked for only when the end is to be moved.
        """
        row, moment = self.row, now()
        if row is None or (moment - row.used_at <= USED_EVERY and row.expire_date - moment > ANONYMOUS):
            return True
        last = row.begun_at + longest()
        row.used_at, row.expire_date = moment, min(moment + idle(), last)
        if moment < last:
            Session.objects.filter(pk=row.pk).update(used_at=moment, expire_date=row.expire_date)
        return moment < last


def moment_in(data: Any, name: str) -> datetime | None:
    """A moment kept in a session."""
    text = data.get(name)
    return datetime.fromisoformat(text) if text else None


def begin(sender: object, request: Any, user: Any, **_more: Any) -> None:
    """A person has signed in: what the session remembers of the beginning. Called by Django's own signal."""
    moment = now()
    user.last_login = moment
    user.save(update_fields=["last_login"])
    request.session[BEGUN] = request.session[CONFIRMED] = moment.isoformat()
    request.session[ADDRESS] = client_address(request.META)
    request.session[AGENT] = str(request.META.get("HTTP_USER_AGENT", ""))[:300]


def sessions_of(person_id: UUID) -> list[Session]:
    """The person's open sessions, the last used first."""
    return list(Session.objects.filter(person_id=person_id, expire_date__gt=now()).order_by("-used_at"))


def end_one(person_id: UUID, reference: str) -> bool:
    """End one of the person's sessions, named by its reference; False when there is none."""
    for row in sessions_of(person_id):
        if reference_of(row) == reference:
            row.delete()
            return True
    return False


def end_others(person_id: UUID, kept: str) -> int:
    """End all of the person's sessions but the one with this key; returns how many."""
    return Session.objects.filter(person_id=person_id).exclude(session_key=kept).delete()[0]


def reference_of(row: Session) -> str:
    """What a page may show of a session: its key itself would open it."""
    return salted_hmac("guanxi.people.session", row.session_key, algorithm="sha256").hexdigest()[:32]


def forget_ended(at: datetime) -> int:
    """Drop the rows of sessions that are over; returns how many."""
    return Session.objects.filter(expire_date__lt=at).delete()[0]
