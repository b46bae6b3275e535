"""How much room files may take; authorised people change it with a date and a reason."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from guanxi.kernel.policy import Parameter, declare

#: What one person may have given in all: attachments and import files, also those that no record holds yet.
PERSON_MEGABYTES: Final = declare(
    Parameter(
        "files.person_megabytes",
        int,
        5 * 1024,
        unit="MB",
        label=_("Megabytes that the files of one person may take"),
        minimum=1,
    )
)

#: What all files of the installation may take together, made by people or by the program.
TOTAL_MEGABYTES: Final = declare(
    Parameter(
        "files.total_megabytes",
        int,
        100 * 1024,
        unit="MB",
        label=_("Megabytes that all files together may take"),
        minimum=1,
    )
)
