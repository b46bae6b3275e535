"""What must be true of the organisation."""

from uuid import UUID

from django.utils.translation import gettext_lazy as _

from guanxi.kernel.messages import Message
from guanxi.platform.people.models import Department
from guanxi.platform.verify.checks import Findings, check


@check("people.tree", _("Every department stands where its path says"))
def paths_follow_parents() -> Findings:
    """Departments whose path is not their parent's path and themselves: rights by department would reach wrongly."""
    rows = {pk: (code, parent, path) for pk, code, parent, path in _departments()}
    for pk, (code, parent, path) in rows.items():
        above = rows[parent][2] if parent in rows else "/"
        if path != f"{above}{pk.hex}/":
            yield Message("Department %(code)s: its place in the tree is wrong.", code=code)


def _departments() -> list[tuple[UUID, str, UUID | None, str]]:
    return list(Department.objects.order_by("code").values_list("pk", "code", "parent_id", "path"))
