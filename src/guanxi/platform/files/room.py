"""How much room files take, and how much they may."""

from datetime import datetime

from django.db.models import QuerySet, Sum

from guanxi.kernel.errors import TooLarge
from guanxi.kernel.messages import Message
from guanxi.platform.calendar.clock import local
from guanxi.platform.files.models import StoredFile
from guanxi.platform.files.policies import PERSON_MEGABYTES, TOTAL_MEGABYTES
from guanxi.platform.people.models import Person
from guanxi.platform.policy.values import value_of

MEGABYTE = 1024 * 1024


def require_room(new: StoredFile, by: Person | None, at: datetime) -> None:
    """Raise TooLarge, with the figures, when a file would no longer fit beside what its person and all have given.

    What the program makes for somebody (an export) counts in the total only. Two files that come at the very same
    moment may pass the limit together: it keeps the disk from filling up, and is no account of pieces.
    """
    kept = StoredFile.objects.filter(deleted_at=None)
    if by is not None and new.kind != StoredFile.Kind.EXPORT:
        limit, used = value_of(PERSON_MEGABYTES, local(at).date()), _taken(_given_by(kept, by))
        if used + new.size > limit * MEGABYTE:
            raise TooLarge(
                Message(
                    "Your files take %(used)s MB of the %(limit)s MB that one person has; this one needs %(size)s MB.",
                    **_figures(used, limit, new.size),
                )
            )
    limit, used = value_of(TOTAL_MEGABYTES, local(at).date()), _taken(kept)
    if used + new.size > limit * MEGABYTE:
        raise TooLarge(
            Message(
                "All files take %(used)s MB of the %(limit)s MB there are for them; this one needs %(size)s MB. "
                "Ask the system administrator.",
                **_figures(used, limit, new.size),
            )
        )


def megabytes(size: int) -> str:
    """A number of bytes in megabytes, with one decimal where it has any."""
    return f"{size / MEGABYTE:.1f}".removesuffix(".0")


def _given_by(kept: QuerySet[StoredFile], person: Person) -> QuerySet[StoredFile]:
    return kept.filter(created_by=person).exclude(kind=StoredFile.Kind.EXPORT)


def _taken(files: QuerySet[StoredFile]) -> int:
    return files.aggregate(taken=Sum("size"))["taken"] or 0


def _figures(used: int, limit: int, size: int) -> dict[str, str]:
    return {"used": megabytes(used), "limit": str(limit), "size": megabytes(size)}
