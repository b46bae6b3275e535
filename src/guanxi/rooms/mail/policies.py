"""How patient the room is with mail servers, and how much it takes in."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext_lazy as _

from guanxi.kernel.policy import Parameter, declare

#: Larger mails stay on the server; of them only the size is told.
LARGEST_MAIL_MB: Final = declare(
    Parameter(
        "mail.largest_mb",
        int,
        20,
        label=_("Size in MB up to which mails are fetched"),
        minimum=1,
        maximum=50,
    )
)

#: So many mails of one mailbox are fetched at a time; the rest a few minutes later.
MAILS_AT_A_TIME: Final = declare(
    Parameter(
        "mail.mails_at_a_time",
        int,
        100,
        label=_("Mails fetched of one mailbox at a time"),
        minimum=1,
        maximum=1000,
    )
)
