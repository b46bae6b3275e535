"""The demo company of this installation: building it, and telling how to log in to it."""

from argparse import Namespace

from django.contrib.auth.hashers import check_password
from django.db import transaction
from django.utils.translation import gettext as _

from guanxi.config.commands.database import require_prepared_database
from guanxi.demo import PASSWORD, Login, build, logins
from guanxi.demo.building import require_empty
from guanxi.platform.people.models import Person

#: A demo of this size or less is one transaction, so that an interrupted one leaves nothing behind.
AT_ONCE_LIMIT = 2000


def demonstrate(options: Namespace) -> int:
    """Builds the demo company and tells its logins; with `--if-empty` does nothing where anybody is entered already.

    Raises:
        Conflict: the database is in use, or not prepared.
        Invalid: an impossible number of customers.
    """
    require_prepared_database()
    if options.if_empty and Person.objects.exists():
        return 0
    require_empty()
    print(_("Building the demo company, which takes a minute …"), flush=True)
    if options.customers <= AT_ONCE_LIMIT:
        with transaction.atomic():
            built = build(options.customers, options.seed, tell)
    else:
        built = build(options.customers, options.seed, tell)
    figures = {"customers": built.customers, "actions": built.actions}
    print(_("The demo company has %(customers)s customers; its people did %(actions)s things.") % figures)
    if not options.if_empty:
        tell_logins()
    return 0


def tell(text: str) -> None:
    """Says how far the building is."""
    print(f"  {text}", flush=True)


def open_logins() -> list[Login]:
    """The logins of the demo that work on this installation with the password that everybody knows; [] elsewhere."""
    offered = {login.username: login for login in logins()}
    known = Person.objects.filter(username__in=offered, is_active=True, deleted_at__isnull=True)
    stored = dict(known.values_list("username", "password"))
    # The demo gives all of them one hash; comparing it once is enough, and comparing is slow by intention.
    public = {password for password in set(stored.values()) if check_password(PASSWORD, password)}
    return [login for username, login in offered.items() if stored.get(username) in public]


def tell_logins() -> None:
    """Prints the demo's logins, where there are any."""
    found = open_logins()
    if not found:
        return
    print(_("Demo logins, all with the password %(password)s:") % {"password": PASSWORD})
    width = max(len(login.username) for login in found)
    for login in found:
        print(f"  {login.username:<{width}}  {login.name}  {login.position}, {login.department}")
