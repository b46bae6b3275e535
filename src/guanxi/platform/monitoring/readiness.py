"""Whether this installation can do its work now, as the machine that watches it asks every few seconds."""

import shutil
from datetime import timedelta

from django.conf import settings
from django.db import DatabaseError, InterfaceError, connection
from django.db.migrations.executor import MigrationExecutor

from guanxi.platform.calendar.clock import now
from guanxi.platform.jobs.outbox import is_quarantined
from guanxi.platform.jobs.workers import newest_sign_of_life

WORKER_SILENCE = timedelta(seconds=60)
#: Once the migrations were found applied they stay so for the life of this process: `serve` begins after `migrate`.
_migrated: set[str] = set()


def readiness() -> dict[str, object]:
    """{"ready": …, "checks": {"database", "migrations", "worker", "disk"}, "quarantined": …}.

    `worker`: whether one gave a sign of life within the last minute; `disk`: whether the data folder has at least
    settings.LEAST_FREE_MEGABYTES of room; `quarantined` says that nothing is sent, which is no reason not to be ready.
    """
    checks = {"database": False, "migrations": False, "worker": False, "disk": _has_room()}
    quarantined = False
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        checks["database"] = True
        checks["migrations"] = _is_migrated()
        if checks["migrations"]:
            seen = newest_sign_of_life()
            checks["worker"] = seen is not None and seen >= now() - WORKER_SILENCE
            quarantined = is_quarantined()
    except (DatabaseError, InterfaceError):
        connection.close()
    return {"ready": all(checks.values()), "checks": checks, "quarantined": quarantined}


def _is_migrated() -> bool:
    name = str(connection.settings_dict["NAME"])
    if name not in _migrated:
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            return False
        _migrated.add(name)
    return True


def _has_room() -> bool:
    try:
        return shutil.disk_usage(settings.DATA).free >= settings.LEAST_FREE_MEGABYTES * 1024 * 1024
    except OSError:
        return False
