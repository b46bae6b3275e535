from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "guanxi.platform.people"
    label = "people"

    def ready(self) -> None:
        """A session begins whenever and however somebody signs in; register parameters and checks."""
        from django.contrib.auth.signals import user_logged_in

        from guanxi.platform.people import checks, policies, sessions  # noqa: F401 - policies and checks register themselves

        # Django's own note of it goes by the server's clock; ours is made in `begin`.
        user_logged_in.disconnect(dispatch_uid="update_last_login")
        user_logged_in.connect(sessions.begin, dispatch_uid="guanxi.platform.people.sessions.begin")
