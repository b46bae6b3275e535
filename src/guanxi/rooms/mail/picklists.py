"""The lists of choices of this room."""

from django.utils.translation import gettext_lazy as _

from guanxi.records.picklists import declare

MATERIAL_KIND = declare(
    "mail.material_kind",
    _("Kind of company material"),
    [
        ("image_brochure", _("Brochure of the company")),
        ("product_brochure", _("Brochure of products")),
        ("onsite_publication", _("Publication for the site")),
        ("other", _("Other material")),
    ],
)
MATERIAL_CHANNEL = declare(
    "mail.material_channel",
    _("Way in which material was sent"),
    [
        ("email", _("By e-mail")),
        ("post", _("By post")),
        ("fax", _("By fax")),
        ("website", _("Address of our website told")),
        ("by_hand", _("Handed over")),
    ],
)
