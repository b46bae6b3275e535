from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "guanxi.platform.audit"
    label = "audit"
