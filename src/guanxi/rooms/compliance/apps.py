from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ComplianceConfig(AppConfig):
    name = "guanxi.rooms.compliance"
    label = "compliance"
    verbose_name = _("Compliance")

    def ready(self) -> None:
        """Declare the clauses that the program serves."""
        from guanxi.rooms.compliance import clauses  # noqa: F401
