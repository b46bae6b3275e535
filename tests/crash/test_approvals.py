"""kill -9 under approvals and timers: what was asked and decided is there, once, and everything agrees on it."""

from __future__ import annotations

import json
import time
from urllib.parse import quote

from tests.config.installations import Installation
from tests.crash.clients import TROUBLE, Client, Program
from tests.crash.conftest import IS_LONG
from tests.crash.group import Group
from tests.crash.test_jobs import kill, watching, worker

KILLS = 20 if IS_LONG else 2
#: So many decisions are confirmed between two kills, if the machine gets that far in the time.
DECIDED_BETWEEN, SECONDS_BETWEEN = 8, 15.0
TIMERS, WORKERS_KILLED = (400, 10) if IS_LONG else (80, 1)

#: Whoever writes a memo asks his superior first: of eight writers the second four are those of the first.
RULED = """
import datetime
from guanxi.platform.people.models import Person
from guanxi.records.context import system_context
from guanxi.records.standard import create
for number in range(4):
    Person.objects.filter(username=f"writer{number}").update(
        superior=Person.objects.get(username=f"writer{number + 4}"))
ctx = system_context(Person.objects.get(username="writer0"))
create(ctx, "approvals.approvalrule", name="备忘录须批准", module="engagement.memo", action="create",
       process="approval.superior", valid_from=datetime.date(2026, 1, 1), asks_reason=False)
"""
STANDING = """
import json
from guanxi.platform.audit.models import AuditEntry
from guanxi.platform.workflow.models import WorkItem
from guanxi.records.approvals.models import PendingAction
from guanxi.rooms.engagement.models import Memo
asked = [
    [row.title, row.state, row.process.state, row.process.outcome,
     row.process.items.filter(state="open").count(), row.process.trail.filter(deed="decided").count(),
     row.process.trail.filter(deed="ended").count()]
    for row in PendingAction.objects.select_related("process")
]
print(json.dumps({
    "asked": asked,
    "written": list(Memo.objects.values_list("subject", flat=True)),
    "entries": AuditEntry.objects.filter(module="engagement.memo", action="create").count(),
    "outcomes": {str(item.pk): item.outcome for item in WorkItem.objects.all()},
}))
"""
#: What a request, its process and its work look like together: (request, process, outcome, open, decided, ended).
WHOLE = {
    ("waiting", "running", "", 1, 0, 0),
    ("done", "ended", "approved", 0, 1, 1),
    ("refused", "ended", "refused", 0, 1, 1),
}


class Asker(Program):
    """Asks for one memo after the other: each is accepted and waits."""

    def write(self, subject: str) -> bool:
        headers = {**self.headers, "Idempotency-Key": subject.replace(" ", "-")}
        status, text, _headers = self.send(
            "POST", "/api/v1/engagement/memo", json.dumps({"subject": subject}), headers
        )  # fmt: skip
        if status in (201, 400, 401, 403, 404, 405, 415, 422):
            self.refused.append(f"{status} {text}")
            self.stop.set()
            return True
        return status == 202


class Decider(Program):
    """Decides what waits for him, every fourth time against it. `decided`: what the server confirmed, by work item."""

    waiting = quote(json.dumps({"all": [
        {"field": "state", "op": "in", "value": ["open"]}, {"field": "owner", "op": "in", "value": ["me"]},
    ]}))  # fmt: skip

    def __init__(self, port: int, name: str, secret: str) -> None:
        super().__init__(port, name, secret)
        self.decided: dict[str, str] = {}

    def run(self) -> None:
        while not self.stop.is_set():
            for item in self.items():
                verb = "refuse" if len(self.decided) % 4 == 3 else "approve"
                self._insist(lambda item=item, verb=verb: self.decide(item, verb))
                if self.stop.is_set():
                    return

    def items(self) -> list[str]:
        try:
            status, text, _headers = self.send(
                "GET", f"/api/v1/workflow/workitem?filter={self.waiting}", "", self.headers
            )  # fmt: skip
        except TROUBLE:
            status = 0
        if status != 200:
            time.sleep(0.05)
            return []
        return [item["id"] for item in json.loads(text)["items"]]

    def decide(self, item: str, verb: str) -> bool:
        headers = {**self.headers, "Idempotency-Key": f"{verb}-{item}", "If-Match": "*"}
        address = f"/api/v1/workflow/workitem/{item}/actions/{verb}"
        status, text, _headers = self.send("POST", address, json.dumps({"comment": "试"}), headers)
        if status in (400, 401, 403, 404, 405, 409, 412, 415, 422):
            self.refused.append(f"{status} {text}")
            self.stop.set()
            return True
        if status == 200:
            self.decided[item] = verb
        return status == 200


def await_decisions(deciders: list[Decider]) -> None:
    before, end = sum(len(each.decided) for each in deciders), time.monotonic() + SECONDS_BETWEEN
    while sum(len(each.decided) for each in deciders) < before + DECIDED_BETWEEN and time.monotonic() < end:
        time.sleep(0.01)


def test_approvals_survive_every_kill_whole(company, capsys):
    installation, secrets = company
    installation.python(RULED)
    group = Group(installation)
    group.start()
    askers = [Asker(group.port, f"asker{n}", secrets[n]) for n in range(4)]
    deciders = [Decider(group.port, f"decider{n}", secrets[n]) for n in range(4, 8)]
    clients: list[Client] = [*askers, *deciders]
    for client in clients:
        client.start()
    for _kill in range(KILLS):
        await_decisions(deciders)
        group.kill()
        group.start()
    await_decisions(deciders)
    for client in clients:
        client.stop.set()
    for client in clients:
        client.join(120)
        assert not client.is_alive(), client.name
    group.kill()
    assert [refusal for client in clients for refusal in client.refused] == []

    found = json.loads(installation.python(STANDING))
    acknowledged = [subject for asker in askers for subject in asker.acknowledged]
    # Asked once each, whole each, and done exactly where it was approved: with its entry in the sealed trail.
    assert sorted(title for title, *_rest in found["asked"]) == sorted(acknowledged)
    assert {tuple(rest) for _title, *rest in found["asked"]} <= WHOLE
    assert sorted(found["written"]) == sorted(title for title, state, *_rest in found["asked"] if state == "done")
    assert found["entries"] == len(found["written"])
    decided = {item: verb for decider in deciders for item, verb in decider.decided.items()}
    assert len(decided) >= KILLS * 4
    assert {item: found["outcomes"][item] for item in decided} == decided
    assert_verified(installation)
    with capsys.disabled():
        print(
            f"\n{KILLS} kills, {len(acknowledged)} asked, {len(decided)} decided, 0 lost, 0 doubled, "
            f"{len(found['written'])} carried out"
        )  # fmt: skip


def assert_verified(installation: Installation) -> None:
    """Seal, inbox, search and everything else that the program can check of itself."""
    report = json.loads(installation.run("verify", "--json").stdout)
    assert report["ok"], [check for check in report["checks"] if not check["ok"]]


# ---- Timers ----------------------------------------------------------------------------------------------------------

STARTED = """
import datetime
from guanxi.platform.access.models import Role
from guanxi.platform.access.roles import give_role
from guanxi.platform.calendar import now
from guanxi.platform.people.models import Person
from guanxi.platform.workflow import running, versions
from guanxi.platform.workflow.models import Timer
writer = {person.username: person for person in Person.objects.all()}
Person.objects.filter(username="writer0").update(superior=writer["writer4"])
give_role(writer["writer7"], Role.objects.get(code="general_manager"))
for number in range(TIMERS):
    running.start(versions.in_use("approval.escalating"), writer["writer0"], f"申请 {number:04}", now())
Timer.objects.update(due_at=now() - datetime.timedelta(minutes=1))
"""
RUNG = """
import json
from collections import Counter
from guanxi.platform.workflow.models import Timer, TrailEntry, WorkItem
rang = Counter(TrailEntry.objects.filter(deed="rang").values_list("instance", flat=True))
above = Counter(WorkItem.objects.filter(node="general_manager", state="open").values_list("instance", flat=True))
left = WorkItem.objects.filter(node="superior", state="open").count()
print(json.dumps([
    Timer.objects.filter(state="rung").count(), sorted(rang.values()), sorted(above.values()), left,
]))
"""
#: What the minute of silence does, without waiting for the minute.
RELEASED = """
from guanxi.platform.calendar import now
from guanxi.platform.jobs.models import ScheduledRun
ScheduledRun.objects.update(claimed_until=None, next_run_at=now())
"""
RINGING = """
from guanxi.platform.workflow.models import Timer
count = Timer.objects.filter(state="rung").count
"""


def test_a_timer_whose_worker_is_killed_rings_once(company, capsys):
    found, _secrets = company
    found.python(f"TIMERS = {TIMERS}\n{STARTED}")
    counts = []
    for _kill in range(WORKERS_KILLED):
        watcher = watching(found, RINGING, more=3)
        process = worker(found)
        watcher.wait()
        kill(process)
        counts.append(json.loads(found.python(RUNG))[0])
        found.python(RELEASED)
    last = worker(found)
    try:
        end = time.monotonic() + 120
        while int(found.python(f"{RINGING}print(count())")) < TIMERS:
            assert time.monotonic() < end, (found.folder / "worker.log").read_text()[-3000:]
    finally:
        last.terminate()
        last.wait(30)
    # Each rang once, asked the general manager once, and asks nobody else any more.
    assert json.loads(found.python(RUNG)) == [TIMERS, [1] * TIMERS, [1] * TIMERS, 0]
    assert_verified(found)
    assert any(0 < count < TIMERS for count in counts), counts
    with capsys.disabled():
        print(f"\n{WORKERS_KILLED} kills of a worker, after {counts} of {TIMERS} timers: each rang once")
