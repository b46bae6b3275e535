"""The lists of this room that a company may extend."""

from django.utils.translation import gettext_lazy as _

from guanxi.records.picklists import declare

CONTRACT_KIND = declare(
    "sales.contract_kind",
    _("Kind of contract"),
    [
        ("sale", _("Contract of sale")),
        ("framework", _("Framework agreement")),
        ("distribution", _("Distribution agreement")),
        ("service", _("Service contract")),
        ("confidentiality", _("Confidentiality agreement")),
        ("supplement", _("Supplementary agreement")),
        ("other", _("Other agreement")),
    ],
)
