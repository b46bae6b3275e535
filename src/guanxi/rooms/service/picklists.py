"""The lists of this room that a company may extend."""

from django.utils.translation import gettext_lazy as _

from guanxi.records.picklists import declare

TICKET_CATEGORY = declare(
    "service.ticket_category",
    _("Category of tickets"),
    [
        ("quality", _("Quality of goods")),
        ("damage", _("Breakage")),
        ("quantity", _("Wrong or missing goods")),
        ("delivery", _("Delivery and its time")),
        ("price", _("Prices and allowances")),
        ("invoice", _("Invoices and papers")),
        ("advice", _("Question about use")),
        ("attitude", _("How we dealt with the customer")),
        ("other", _("Another matter")),
    ],
)
SEVERITY = declare(
    "service.severity",
    _("Severity"),
    [
        ("minor", _("Slight")),
        ("noticeable", _("Noticeable")),
        ("major", _("Severe")),
        ("critical", _("Very severe")),
    ],
)
FAQ_CATEGORY = declare(
    "service.faq_category",
    _("Category of frequent questions"),
    [
        ("general", _("General questions")),
        ("goods", _("Goods and how to keep them")),
        ("ordering", _("Ordering and delivery")),
        ("invoice", _("Invoices and papers")),
        ("claims", _("Breakage, returns and claims")),
        ("price", _("Prices and allowances")),
    ],
)
