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
LEAD_SOURCE = declare(
    "sales.lead_source",
    _("How a lead came to us"),
    [
        ("trade_show", _("Trade show")),
        ("promotion_meeting", _("Promotion meeting")),
        ("store_visit", _("Visit to a store")),
        ("print_ad", _("Press and outdoor advertising")),
        ("referral", _("Referred by a partner")),
        ("cold_call", _("Cold call")),
        ("hotline", _("Call to our hotline")),
        ("text_message", _("Text message")),
        ("website", _("Our website")),
        ("wechat", _("WeChat")),
        ("marketplace", _("Trading platform")),
        ("search_ad", _("Search advertising")),
        ("mailing", _("Mailing by e-mail")),
    ],
)
LEAD_LOST_REASON = declare(
    "sales.lead_lost_reason",
    _("Why a lead was given up"),
    [
        ("unreachable", _("Cannot be reached")),
        ("no_need", _("No need")),
        ("no_budget", _("No budget")),
        ("too_small", _("Too small for us")),
        ("competitor", _("Bound to a competitor")),
        ("wrong_data", _("Wrong or invented data")),
        ("other", _("Something else")),
    ],
)
