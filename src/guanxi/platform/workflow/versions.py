"""The versions of each process: shipped with the program, drawn by the company, put to use one at a time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import lru_cache
from importlib import resources

from django.db import transaction
from django.db.models import Max

from guanxi.kernel.errors import Conflict, Invalid
from guanxi.kernel.messages import Message
from guanxi.platform.people.models import Person
from guanxi.platform.workflow import assigning, diagrams, purposes
from guanxi.platform.workflow.diagrams import Diagram, Flaw, Unsound
from guanxi.platform.workflow.models import ProcessVersion
from guanxi.platform.workflow.tokens import compiled

State = ProcessVersion.State
#: How much of a fingerprint is kept to tell drawings apart.
MARK = 12


@lru_cache(maxsize=64)
def _read(xml: str) -> Diagram:
    return diagrams.read(xml)


def diagram_of(version: ProcessVersion) -> Diagram:
    """What was drawn, read once."""
    return _read(version.diagram)


def in_use(key: str) -> ProcessVersion:
    """The version of a process that is begun now; raises Conflict when the process is not in use."""
    version = ProcessVersion.objects.filter(key=key, state=State.PUBLISHED).first()
    if version is None:
        raise Conflict(Message("The process “%(key)s” is not in use.", key=key))
    return version


def require_usable(diagram: Diagram) -> None:
    """Raise Invalid when what was drawn could not run here: whom it asks is nobody, or the engine refuses it."""
    wrong = list(_unusable(diagram))
    if wrong:
        raise Unsound(wrong)
    compiled(diagram)


def _unusable(diagram: Diagram) -> Iterator[Flaw]:
    for node in diagram.nodes.values():
        for asked in (*getattr(node, "ask", ()), *node.copy):
            if problem := assigning.wrong_with(asked):
                text = Message("%(step)s: %(problem)s", step=node.label or node.id, problem=problem)
                yield Flaw(node.id, text)
    for asked in diagram.starts:
        if asked != assigning.EVERYBODY and (problem := assigning.wrong_with(asked)):
            yield Flaw("", problem)


def serves(diagram: Diagram, purpose: str) -> bool:
    """Whether a process can be used for a purpose: it has the ends that are asked for, and none without a step."""
    wanted = purposes.of(purpose)
    return wanted is None or (wanted.ends <= diagram.outcomes and diagram.always_asks)


def publish(version: ProcessVersion, at: datetime) -> None:
    """Put a version to use instead of the former one. Raises Invalid for one that could not run."""
    require_usable(diagram_of(version))
    with transaction.atomic():
        former = ProcessVersion.objects.select_for_update().filter(key=version.key, state=State.PUBLISHED)
        former.exclude(pk=version.pk).update(state=State.RETIRED, changed_at=at)
        version.state, version.published_at, version.changed_at = State.PUBLISHED, at, at
        version.save(update_fields=["state", "published_at", "changed_at"])


def redraw(version: ProcessVersion, xml: str) -> None:
    """A draft is drawn differently from now on. Its name and fingerprint change; the caller saves them.

    Raises Invalid for what is unsound, and for the drawing of another process.
    """
    diagram = diagrams.read(xml)
    if diagram.key != version.key:
        raise Invalid({"diagram": Message("The id of the process is %(key)s, and stays so.", key=version.key)})
    # Not among the columns that the pipeline writes and tells of: the trail would hold the whole file, twice.
    ProcessVersion.objects.filter(pk=version.pk).update(diagram=diagram.xml)
    version.diagram, version.fingerprint = diagram.xml, diagram.fingerprint[:MARK]
    version.title, version.title_en = diagram.title, diagram.title_en


def require_staffed(diagram: Diagram) -> None:
    """Raise Invalid when a step asks a role, a position or a person of whom nobody can log in now."""
    wrong = [
        Flaw(step.id, Message("%(step)s: nobody who can log in is %(asked)s.", step=step.label, asked=asked))
        for step in diagram.steps
        for asked in step.ask
        if asked.partition(":")[0] in assigning.NAMED and not assigning.people_asked([asked], {})
    ]
    if wrong:
        raise Unsound(wrong)


def new_version(xml: str | bytes, at: datetime, by: Person | None = None, shipped: str = "") -> ProcessVersion:
    """Keep what was drawn as the next version of its process, not yet in use. Raises Invalid for what is unsound."""
    diagram = diagrams.read(xml)
    with transaction.atomic():
        last = ProcessVersion.objects.filter(key=diagram.key).aggregate(last=Max("number"))["last"] or 0
        return ProcessVersion.objects.create(
            key=diagram.key, number=last + 1, title=diagram.title, title_en=diagram.title_en, diagram=diagram.xml,
            fingerprint=diagram.fingerprint[:MARK], shipped=shipped, created_at=at, created_by=by, changed_at=at,
            changed_by=by,
        )  # fmt: skip


def install(packages: Iterable[str], at: datetime) -> int:
    """Bring the processes that rooms ship (their folders “processes”) up to date; returns how many were put to use.

    Safe to repeat. A process that the company has drawn anew stays as the company has it.
    """
    return sum(_install(xml, at) for package in packages for xml in _shipped(package))


def _shipped(package: str) -> Iterable[str]:
    folder = resources.files(package) / "processes"
    if folder.is_dir():
        for file in sorted(folder.iterdir(), key=lambda each: each.name):
            if file.name.endswith(".bpmn"):
                yield file.read_text(encoding="utf-8")


def _install(xml: str, at: datetime) -> int:
    diagram = diagrams.read(xml)
    with transaction.atomic():
        standing = ProcessVersion.objects.filter(key=diagram.key)
        known = standing.filter(shipped=diagram.fingerprint).exists()
        drawn_here = standing.filter(shipped="", state__in=(State.PUBLISHED, State.RETIRED)).exists()
        if known or drawn_here:
            return 0
        publish(new_version(xml, at, shipped=diagram.fingerprint), at)
        return 1
