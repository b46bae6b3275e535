"""Imports one file of customers in a process of its own and says as JSON what that took: as the worker does it."""

import json
import os
import sys
import time
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "guanxi.config.settings")
django.setup()

from guanxi.config.memory import OF_JOBS, leave_loaded_alone  # noqa: E402
from guanxi.platform.people.models import Person  # noqa: E402
from guanxi.records.context import Context  # noqa: E402
from guanxi.records.importing.running import import_file  # noqa: E402

if __name__ == "__main__":
    manager = Context.of(Person.objects.get(username="general_manager"))
    leave_loaded_alone(OF_JOBS)
    start, cpu = time.perf_counter(), time.process_time()
    run = import_file(manager, "customers.customer", Path(sys.argv[1]), duplicates="create")
    spent = {"wall": time.perf_counter() - start, "cpu": time.process_time() - cpu, "summary": run.summary}
    print(json.dumps(spent))
