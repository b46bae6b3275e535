"""The lists of this room that a company may extend."""

from django.utils.translation import gettext_lazy as _

from guanxi.records.picklists import declare

#: The kinds of paper a dossier holds; which belong to a class, and to whom, is said by the required papers.
PAPER_KIND = declare(
    "dossiers.paper_kind",
    _("Kinds of dossier paper"),
    [
        ("registration_form", _("Registration form")),
        ("identity_copy", _("Copy of the identity document")),
        ("business_licence", _("Copy of the business licence")),
        ("authorised_signers", _("List of persons authorised to sign")),
        ("background", _("Background material")),
        ("visit_report", _("Visit or investigation report")),
        ("contract", _("Contract or agreement")),
        ("contract_change", _("Change to a contract")),
        ("credit_contract", _("Repayment plan (credit contract)")),
        ("credit_limit", _("Approval of the credit limit")),
        ("repayment_agreement", _("Repayment agreement")),
        ("extension_approval", _("Approval of an extension")),
        ("credit_security", _("Mortgage or guarantee")),
        ("reduction_approval", _("Approval of a price reduction")),
        ("complaint", _("Complaint and its handling")),
        ("responsibility", _("Determination of responsibility")),
        ("withdrawal", _("Withdrawal from an agreement")),
        ("trade_trend", _("Trend of the trade")),
        ("peer_facts", _("Facts about a competitor")),
        ("promotion_scheme", _("Promotion scheme")),
        ("promoter_record", _("Sales and commission of a promoter")),
        ("other", _("Other paper")),
    ],
)

#: The kinds of the daily archive (ARC-27).
DAILY_KIND = declare(
    "dossiers.daily_kind",
    _("Kinds of daily paper"),
    [
        ("minutes", _("Minutes of a meeting")),
        ("letter", _("Incoming letter or fax")),
        ("booking", _("Customer booking")),
        ("visit_form", _("Customer visit form")),
        ("day_report", _("Daily sales report")),
        ("week_report", _("Weekly sales report")),
        ("month_report", _("Monthly sales report")),
        ("quarter_report", _("Quarterly sales report")),
        ("year_report", _("Yearly sales report")),
        ("guest_opinion", _("Praise or complaint of a walk-in guest")),
        ("activity", _("Plan of an activity, how it went and what came of it")),
    ],
)
#: Who answers for a complaint or reduction (ARC-15).
RESPONSIBLE = declare(
    "dossiers.responsible_party",
    _("Responsible parties"),
    [
        ("sales", _("Our sales")),
        ("delivery", _("Our warehouse or delivery")),
        ("product", _("Our product")),
        ("carrier", _("The carrier")),
        ("supplier", _("Our supplier")),
        ("customer", _("The customer")),
        ("nobody", _("Nobody (force majeure)")),
    ],
)
PAYMENT_METHOD = declare(
    "dossiers.payment_method",
    _("Methods of payment"),
    [
        ("prepaid", _("Paid in advance")),
        ("transfer", _("Bank transfer")),
        ("letter_of_credit", _("Letter of credit")),
        ("collection", _("Documentary collection")),
        ("acceptance", _("Bill of exchange")),
        ("open_account", _("Open account")),
    ],
)
