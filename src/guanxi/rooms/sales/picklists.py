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
OPPORTUNITY_KIND = declare(
    "sales.opportunity_kind",
    _("Kind of business"),
    [("existing", _("With a customer of ours")), ("new", _("With a new customer"))],
)
OPPORTUNITY_SOURCE = declare(
    "sales.opportunity_source",
    _("Where an opportunity came from"),
    [
        ("cold_call", _("Cold call")),
        ("existing_customer", _("Asked for by the customer")),
        ("referral", _("Referred by a partner")),
        ("trade_show", _("Trade show")),
        ("website", _("Our website")),
        ("tender", _("Call for tenders")),
        ("campaign", _("Promotion of ours")),
        ("other", _("Another way")),
    ],
)
LOST_REASON = declare(
    "sales.lost_reason",
    _("Why an opportunity was lost"),
    [
        ("price", _("Our price")),
        ("competitor", _("A competitor's offer")),
        ("no_budget", _("No budget")),
        ("postponed", _("Put off for good")),
        ("product", _("Our product does not fit")),
        ("delivery", _("Our time of delivery")),
        ("no_answer", _("No answer any more")),
        ("other", _("Something else")),
    ],
)
