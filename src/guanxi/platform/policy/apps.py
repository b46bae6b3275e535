from django.apps import AppConfig


class PolicyConfig(AppConfig):
    name = "guanxi.platform.policy"
    label = "policy"
