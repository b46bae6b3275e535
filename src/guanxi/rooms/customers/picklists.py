"""The picklists of this room, as shipped; administrators extend them."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from guanxi.platform.people.models import Department
from guanxi.records.picklists import declare


def _departments() -> Iterator[tuple[str, str]]:
    yield from Department.objects.filter(deleted_at=None).order_by("code").values_list("code", "name")


DEPARTMENTS = declare("customers.departments", _("departments of the company"), _departments)
SOURCE = declare(
    "customers.source",
    _("Source of the customer"),
    [
        ("trade_fair", _("Trade fair")),
        ("trade_press", _("Trade press")),
        ("internet", _("Internet")),
        ("association", _("Industry association")),
        ("store_visit", _("Brand noted in a store")),
        ("referral", _("Partner referral")),
    ],
)
RELATION = declare(
    "customers.relation",
    _("Relation to us"),
    [
        ("buyer", _("Buyer")),
        ("prospect", _("Potential customer")),
        ("partner", _("Partner")),
        ("supplier", _("Supplier")),
        ("government", _("Government body")),
        ("supervision", _("Market supervision body")),
        ("media", _("News media")),
        ("competitor", _("Competitor")),
        ("employee", _("Employee")),
        ("shareholder", _("Shareholder")),
        ("operator", _("Operator")),
    ],
)
#: Relations inside the company: they never count in sales rankings (ARC-41).
INTERNAL_RELATIONS = ("employee", "shareholder", "operator")

MARKET_ROLE = declare(
    "customers.market_role",
    _("Market archive"),
    [("consumer", _("Consumer")), ("dealer", _("Dealer")), ("retailer", _("Retailer"))],
)
CLOSENESS = declare(
    "customers.closeness",
    _("Closeness"),
    [("occasional", _("Occasional shopper")), ("end_consumer", _("End consumer")), ("client", _("Client"))],
)
STATUS = declare(
    "customers.status",
    _("Status"),
    [
        ("prospect", _("Prospect")),
        ("following", _("In contact")),
        ("dealing", _("Dealing")),
        ("at_risk", _("At risk")),
        ("lost", _("Lost")),
    ],
)
#: With these a customer counts as dealing with us (WF-05).
DEALING_STATUSES = ("dealing", "at_risk")

INDUSTRY = declare(
    "customers.industry",
    _("Industry"),
    [
        ("liquor_trade", _("Liquor trade")),
        ("catering", _("Catering")),
        ("hotel", _("Hotels")),
        ("supermarket", _("Supermarkets")),
        ("food", _("Food and beverages")),
        ("tourism", _("Tourism")),
        ("logistics", _("Logistics")),
        ("manufacturing", _("Manufacturing")),
        ("finance", _("Banking and finance")),
        ("public", _("Public sector")),
        ("other", _("Other")),
    ],
)
MARKET_AREA = declare(
    "customers.market_area",
    _("Market area"),
    [
        ("north", _("North China")),
        ("northeast", _("Northeast China")),
        ("east", _("East China")),
        ("central", _("Central China")),
        ("south", _("South China")),
        ("southwest", _("Southwest China")),
        ("northwest", _("Northwest China")),
        ("abroad", _("Abroad")),
    ],
)
SIZE = declare(
    "customers.size",
    _("Size"),
    [
        ("micro", _("up to 10 people")),
        ("small", _("10–50 people")),
        ("medium", _("50–200 people")),
        ("large", _("200–500 people")),
        ("very_large", _("over 500 people")),
    ],
)
ECONOMIC_NATURE = declare(
    "customers.economic_nature",
    _("Economic nature"),
    [
        ("state", _("State-owned")),
        ("collective", _("Collective")),
        ("private", _("Private")),
        ("joint_venture", _("Joint venture")),
        ("foreign", _("Foreign-owned")),
        ("listed", _("Listed company")),
        ("sole_trader", _("Sole trader")),
    ],
)
INSTITUTION = declare(
    "customers.institution",
    _("Institution"),
    [
        ("head_office", _("Head office")),
        ("branch", _("Branch")),
        ("department", _("Department")),
        ("store", _("Store")),
        ("subsidiary", _("Subsidiary")),
    ],
)
CONTACT_ROLE = declare(
    "customers.contact_role",
    _("Role"),
    [
        ("legal_representative", _("Legal representative")),
        ("manager", _("Manager")),
        ("decision_maker", _("Decides")),
        ("purchasing", _("Purchasing")),
        ("finance", _("Finance")),
        ("technical", _("Technical")),
        ("reception", _("Reception")),
        ("warehouse", _("Receives goods")),
    ],
)
#: Contacts with one of these roles carry the personal profile (ARC-03).
KEY_ROLES = ("legal_representative", "manager")

ADDRESS_KIND = declare(
    "customers.address_kind",
    _("Kind of address"),
    [
        ("office", _("Office address")),
        ("delivery", _("Delivery address")),
        ("billing", _("Billing address")),
        ("store", _("Store address")),
    ],
)
CHANGE_KIND = declare(
    "customers.change_kind",
    _("Kind of change"),
    [
        ("operating_news", _("Operating news")),
        ("market_change", _("Market change")),
        ("person_in_charge", _("Change of person in charge")),
        ("ownership", _("Change of ownership or legal form")),
    ],
)
INFORMATION_SOURCE = declare(
    "customers.information_source",
    _("Source of information"),
    [
        ("sales_staff", _("Sales staff")),
        ("market_feedback", _("Market feedback")),
        ("insider", _("Industry insider")),
        ("website", _("Website")),
        ("internal_news", _("Internal news")),
        ("competitor", _("Competitor situation")),
    ],
)
OPINION_KIND = declare(
    "customers.opinion_kind",
    _("Kind of opinion"),
    [
        ("praise", _("Praise")),
        ("attitude", _("Attitude")),
        ("suggestion", _("Suggestion")),
        ("dissatisfaction", _("Dissatisfaction")),
    ],
)
OCCASION = declare(
    "customers.occasion",
    _("Occasion"),
    [
        ("daily", _("Everyday use")),
        ("quick_service", _("Quick service")),
        ("entertaining", _("Entertaining guests")),
        ("festival", _("Festivals and gifts")),
        ("banquet", _("Banquets")),
        ("resale", _("For resale")),
    ],
)
CONTRIBUTION_KIND = declare(
    "customers.contribution_kind",
    _("Kind of contribution"),
    [
        ("missing_data", _("Missing customer data")),
        ("industry_trend", _("Industry trend")),
        ("competitor_news", _("Competitor news")),
        ("visit_fact", _("Fact from a visit")),
        ("paper", _("Paper or photo for the dossier")),
    ],
)
LOST_REASON = declare(
    "customers.lost_reason",
    _("Why it went elsewhere"),
    [
        ("price", _("Price")),
        ("quality", _("Quality")),
        ("delivery", _("Delivery")),
        ("service", _("Service")),
        ("relation", _("Personal relation")),
        ("brand", _("Brand")),
        ("other", _("Other")),
    ],
)
PUBLIC_KIND = declare(
    "customers.public_kind",
    _("Kind of public relation"),
    [
        ("government", _("Government body")),
        ("supervision", _("Market supervision body")),
        ("media", _("News media")),
        ("association", _("Association")),
        ("community", _("Community")),
    ],
)
CHECK_METHOD = declare(
    "customers.check_method",
    _("Way of checking"),
    [
        ("call", _("Telephone call")),
        ("visit", _("Visit")),
        ("paper", _("Paper of the customer")),
        ("register", _("Public register")),
    ],
)
CONSENT_SOURCE = declare(
    "customers.consent_source",
    _("Way in which a consent was obtained"),
    [
        ("oral", _("Said in person or by telephone")),
        ("paper", _("Signed paper")),
        ("card", _("Business card handed over")),
        ("form", _("Form of our website")),
        ("message", _("Written message")),
    ],
)
COMPETITOR_TIER = declare(
    "customers.competitor_tier",
    _("Tier of a competitor"),
    [
        ("above", _("A tier above us")),
        ("same", _("The same tier as we")),
        ("below", _("A tier below us")),
    ],
)
LIBRARY_TOPIC = declare(
    "customers.library_topic",
    _("Topic of the reference library"),
    [
        ("credit", _("Credit and collection")),
        ("contracts", _("Contract law")),
        ("competition", _("Competition and prices")),
        ("quality", _("Product quality and food safety")),
        ("advertising", _("Advertising and promotion")),
        ("data_protection", _("Protection of personal data")),
        ("tax", _("Taxes and invoices")),
        ("labour", _("Labour law")),
        ("management", _("Management and strategy")),
        ("channels", _("Channels and dealers")),
        ("other", _("Other topic")),
    ],
)
