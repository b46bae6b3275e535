"""The database of this installation."""

from argparse import Namespace
from collections.abc import Iterator
from importlib import import_module
from pkgutil import iter_modules

from django.apps import apps
from django.core.management import call_command
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.utils.module_loading import module_has_submodule
from django.utils.translation import gettext as _

from guanxi.kernel.errors import Conflict
from guanxi.kernel.messages import Message
from guanxi.platform import calendar
from guanxi.platform.backups import occupancy
from guanxi.platform.files.chosen import depot
from guanxi.platform.people.models import Person
from guanxi.records.approvals.shipping import install_rules
from guanxi.rooms.administration.public import install_roles
from guanxi.rooms.dossiers.public import install_required_papers
from guanxi.rooms.mail.public import install_templates
from guanxi.rooms.processes.public import install_processes
from guanxi.rooms.reports.public import install_reports
from guanxi.rooms.sales.public import install_pipeline


def open_migrations() -> int:
    """How many migrations this version has that the database has not seen yet.

    Their names are compared; to load them and their order takes a fifth of the time in which the program starts.
    """
    applied = MigrationRecorder(connections[DEFAULT_DB_ALIAS]).applied_migrations()
    return len(set(_shipped_migrations()).difference(applied))


def _shipped_migrations() -> Iterator[tuple[str, str]]:
    """App and name of every migration, as Django's loader takes them from the modules of each app."""
    for app in apps.get_app_configs():
        package, _is_set = MigrationLoader.migrations_module(app.label)
        if package is None or not module_has_submodule(app.module, package.rpartition(".")[2]):
            continue
        for found in iter_modules(import_module(package).__path__):
            if not found.ispkg and found.name[0] not in "_~":
                yield app.label, found.name


def require_prepared_database() -> None:
    """Refuses to go on with a database that is older than the program, or a store of files that cannot be used.

    Raises:
        Conflict: migrations are open, or the installation is being restored.
        Invalid: what the environment says of the store of files is wrong, or its extra is not installed.
    """
    occupancy.share()
    if count := open_migrations():
        raise Conflict(Message("The database lacks %(count)s migrations. Run first: guanxi migrate", count=count))
    depot()


def migrate(options: Namespace) -> int:
    """Applies the open migrations, then installs the shipped roles and rights that the database lacks.

    Raises:
        Conflict: the installation is being restored.
    """
    occupancy.share()
    if count := open_migrations():
        call_command("migrate", interactive=False, verbosity=0)
        print(_("The database is ready: %(count)s migrations applied.") % {"count": count})
    else:
        print(_("The database is up to date."))
    if installed := install_roles(calendar.now()):
        print(_("%(count)s roles and rights were installed.") % {"count": installed})
    if drawn := install_processes(calendar.now()):
        print(_("%(count)s processes were installed.") % {"count": drawn})
    if ruled := install_rules(calendar.now()):
        print(_("%(count)s approval rules were installed.") % {"count": ruled})
    if papers := install_required_papers(calendar.now()):
        print(_("%(count)s required papers were installed.") % {"count": papers})
    if staged := install_pipeline(calendar.now()):
        print(_("%(count)s stages of sales were installed.") % {"count": staged})
    if reported := install_reports(calendar.now()):
        print(_("%(count)s reports were installed.") % {"count": reported})
    if templates := install_templates(calendar.now()):
        print(_("%(count)s mail templates were installed.") % {"count": templates})
    if not Person.objects.exists():
        print(_("Nobody can log in yet. Enter the first person: guanxi person add USERNAME --name NAME"))
    return 0
