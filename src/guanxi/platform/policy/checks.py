"""What must be true of the parameters' values."""

from django.utils.translation import gettext_lazy as _

from guanxi.kernel.errors import Invalid
from guanxi.kernel.messages import Message
from guanxi.kernel.policy import declared
from guanxi.platform.policy.models import ParameterValue
from guanxi.platform.verify.checks import Findings, check


@check("policy.values", _("Every stored parameter value fits its declaration, and no two are in force at once"))
def values_fit() -> Findings:
    """Values that this version cannot read, and values of which nobody could say which one came first."""
    parameters = {parameter.name: parameter for parameter in declared()}
    rows = ParameterValue.objects.filter(deleted_at=None).order_by("name", "valid_from", "created_at", "id")
    former = None
    for row in rows:
        place = (row.name, row.valid_from, row.created_at)
        if place == former:
            yield Message("%(name)s has two values from %(day)s on.", name=row.name, day=row.valid_from)
        former = place
        try:
            if row.name in parameters:
                parameters[row.name].load(row.value)
        except Invalid:
            yield Message("%(name)s: the value from %(day)s on does not fit.", name=row.name, day=row.valid_from)
