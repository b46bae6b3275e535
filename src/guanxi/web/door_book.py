"""What happens at the door, in the audit trail: coming, going, failing, being shut out, changing one's keys."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from guanxi.platform.audit import entries as audit
from guanxi.platform.audit.models import AuditEntry
from guanxi.platform.calendar import now
from guanxi.platform.people.addresses import client_address
from guanxi.platform.people.models import Person
from guanxi.records.standard import ENTERED

PERSON = "people.person"
ENTERED.update(
    sign_in=_("Sign in"),
    sign_out=_("Sign out"),
    confirm=_("Confirm identity"),
    second_factor=_("Show the second factor"),
    change_password=_("Change password"),
    ask_new_password=_("Ask for a new password by mail"),
    add_factor=_("Add a second factor"),
    remove_factor=_("Remove a second factor"),
    new_recovery_codes=_("Make new recovery codes"),
    end_sessions=_("End sessions"),
)


def write(
    request: Any,
    action: str,
    person: Person | None = None,
    *,
    refused: bool = False,
    changes: dict[str, Any] | None = None,
) -> None:
    """Enter what the person of the request (or the given one) did, or was refused, at the door.

    `person` is also whom it is about; without one it was somebody under a name that nobody has, which is not kept:
    what is typed there is now and then a password.
    """
    who = person or getattr(request, "person", None)
    entry = AuditEntry(
        at=now(),
        actor=None if refused and person is not None else who,
        actor_name="" if refused and person is not None else who.name if who else "",
        source="page",
        action=action,
        module=PERSON,
        record_id=who.pk if who else None,
        record_label=who.name if who else "",
        changes=changes or {},
        outcome="refused" if refused else "done",
        address=client_address(request.META),
    )
    with transaction.atomic():
        audit.write([entry])
