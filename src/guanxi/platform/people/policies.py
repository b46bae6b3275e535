"""The numbers of signing in; authorised people change them with a date and a reason."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from guanxi.kernel.policy import Parameter, declare

#: How long a sign-in, or a confirmation, covers what is asked to be confirmed: exports, roles, purging.
CONFIRMED_MINUTES: Final = declare(
    Parameter(
        "people.confirmed_minutes",
        int,
        10,
        unit="minutes",
        label=_("Minutes for which a confirmation of one's identity holds"),
        clause="SEC-04",
        minimum=1,
        maximum=60,
    )
)

#: After so long without a request a session is over.
IDLE_MINUTES: Final = declare(
    Parameter(
        "people.idle_minutes",
        int,
        30,
        unit="minutes",
        label=_("Minutes without a request after which one is signed out"),
        clause="SEC-04",
        minimum=1,
        maximum=720,
    )
)

#: However much it is used, a session is over after so long.
SESSION_HOURS: Final = declare(
    Parameter(
        "people.session_hours",
        int,
        12,
        unit="hours",
        label=_("Hours after which one signs in anew"),
        clause="SEC-04",
        minimum=1,
        maximum=24,
    )
)

#: Who has to show a second factor: codes of roles.
SECOND_FACTOR_ROLES: Final = declare(
    Parameter(
        "people.second_factor_roles",
        str,
        "system_admin, security_admin, audit_admin, finance, risk_control",
        label=_("Roles whose holders must have a second factor (codes, separated by commas; “none” for nobody)"),
        clause="SEC-04",
    )
)

#: How long somebody who got such a role may still do without.
SECOND_FACTOR_GRACE_DAYS: Final = declare(
    Parameter(
        "people.second_factor_grace_days",
        "days",
        7,
        label=_("Days within which the holder of such a role sets up a second factor"),
        clause="SEC-04",
        maximum=90,
    )
)
