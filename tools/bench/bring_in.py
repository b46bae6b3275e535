"""Imports one file of customers in a process of its own and says as JSON what that took: as the worker does it.

`cpu` is that of this process and of those that read the file for it, `database` that of the process which answers it.
"""

import json
import os
import sys
import time
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "guanxi.config.settings")
django.setup()

from django.db import connection  # noqa: E402

from guanxi.config.memory import OF_JOBS, leave_loaded_alone  # noqa: E402
from guanxi.platform.people.models import Person  # noqa: E402
from guanxi.records.context import Context  # noqa: E402
from guanxi.records.importing.running import import_file  # noqa: E402
from tools.bench.measuring import cpu_seconds  # noqa: E402


def database_process() -> int:
    """The process of the database that answers this one; 0 where the database is a file."""
    if connection.vendor != "postgresql":
        return 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return int(cursor.fetchone()[0])


if __name__ == "__main__":
    manager = Context.of(Person.objects.get(username="general_manager"))
    leave_loaded_alone(OF_JOBS)
    backend = database_process()
    start, cpu, database = time.perf_counter(), sum(os.times()[:4]), cpu_seconds(backend)
    run = import_file(manager, "customers.customer", Path(sys.argv[1]), duplicates="create")
    spent = {
        "wall": time.perf_counter() - start,
        "cpu": sum(os.times()[:4]) - cpu,
        "database": cpu_seconds(backend) - database,
    }
    print(json.dumps({**spent, "summary": run.summary}))
