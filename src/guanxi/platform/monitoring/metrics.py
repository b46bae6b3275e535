"""Figures for Prometheus: what the processes count while they answer, and what the database says when it is asked.

Counting costs memory in every process, so this module is imported only where figures are asked for (settings.METRICS).
Several processes answer; each counts in a file of its own in PROMETHEUS_MULTIPROC_DIR, and whoever is asked adds up.
"""

import os
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import Count, Min
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest, multiprocess
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import REGISTRY, Collector

from guanxi.platform.backups import shelf
from guanxi.platform.calendar.clock import now
from guanxi.platform.jobs.models import Job, OutboxMessage
from guanxi.platform.jobs.outbox import is_quarantined
from guanxi.platform.jobs.workers import newest_sign_of_life

SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
QUERIES = (0, 1, 2, 5, 10, 20, 50, 100)
CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"

requests = Counter("guanxi_requests", "Requests answered", ["route", "method", "status"])
seconds = Histogram("guanxi_request_seconds", "Time to answer a request", ["route"], buckets=SECONDS)
queries = Histogram("guanxi_request_queries", "Statements to the database in a request", buckets=QUERIES)
sign_ins = Counter("guanxi_sign_ins", "Attempts to sign in", ["outcome"])


def observe(route: str, method: str, status: int, duration: float, statements: int) -> None:
    """Count one answered request. `route`: its name, never its address; `duration` in seconds."""
    requests.labels(route, method, str(status)).inc()
    seconds.labels(route).observe(duration)
    queries.observe(statements)


def page() -> bytes:
    """All figures in Prometheus' text format."""
    registry: CollectorRegistry = REGISTRY
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        registry = CollectorRegistry()
        multiprocess.MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    kept = CollectorRegistry()
    kept.register(_Kept())
    return generate_latest(registry) + generate_latest(kept)


class _Kept(Collector):
    """What the database and the shelf of backups say at the moment of asking."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """The gauges."""
        moment = now()
        jobs = GaugeMetricFamily("guanxi_jobs", "Jobs by state", labels=["state"])
        oldest = GaugeMetricFamily("guanxi_jobs_oldest_seconds", "Age of the oldest job by state", labels=["state"])
        found = {row["state"]: row for row in _by_state(Job)}
        for state in Job.State.values:
            jobs.add_metric([state], found[state]["count"] if state in found else 0)
        for state in (Job.State.QUEUED, Job.State.RUNNING):
            first = found[state]["first"] if state in found else None
            oldest.add_metric([state], (moment - first).total_seconds() if first else 0)
        yield jobs
        yield oldest
        messages = GaugeMetricFamily("guanxi_outbox", "Outgoing messages by state", labels=["state"])
        counts = {row["state"]: row["count"] for row in _by_state(OutboxMessage)}
        for state in OutboxMessage.State.values:
            messages.add_metric([state], counts.get(state, 0))
        yield messages
        seen = newest_sign_of_life()
        silence = (moment - seen).total_seconds() if seen else float("nan")
        yield _gauge("guanxi_worker_silence_seconds", "Time since a worker's last sign of life", silence)
        yield _gauge("guanxi_quarantined", "1 while a restored installation sends nothing", is_quarantined())
        yield _gauge("guanxi_database_bytes", "Size of the database", _database_size())
        newest = next((each for each in shelf.kept() if not each.purpose), None)
        age = (moment - newest.made_at).total_seconds() if newest else float("nan")
        yield _gauge("guanxi_backup_age_seconds", "Age of the newest backup", age)
        proof = newest.proof if newest else None
        yield _gauge("guanxi_backup_proved", "1 when the newest backup was tried out well", bool(proof and proof.ok))


def _gauge(name: str, text: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, text, value=float(value))


def _by_state(model: type[Job] | type[OutboxMessage]) -> list[dict[str, Any]]:
    rows = model._default_manager.order_by().values("state")
    found: Any = rows.annotate(count=Count("pk"), first=Min("created_at"))
    return list(found)


def _database_size() -> float:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT pg_database_size(current_database())")
            return float(cursor.fetchone()[0])
        cursor.execute("SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()")
        return float(cursor.fetchone()[0])


assert settings.METRICS, "figures are counted only where they are asked for"
