"""The versions of each process: shipped with the program, drawn by the company, put to use one at a time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import lru_cache
from importlib import resources

from django.db import transaction

from guanxi.kernel.errors import Conflict, Invalid
from guanxi.kernel.messages import Message
from guanxi.platform.people.models import Person
from guanxi.platform.workflow import assigning, diagrams, purposes, tables
from guanxi.platform.workflow.diagrams import Diagram, Flaw, Ruling, Unsound
from guanxi.platform.workflow.models import MARK, DecisionTable, ProcessVersion
from guanxi.platform.workflow.tokens import compiled

State = ProcessVersion.State


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


def startable_by(person: Person) -> list[ProcessVersion]:
    """The processes that a person may begin by hand."""
    used = ProcessVersion.objects.filter(state=State.PUBLISHED).order_by("title")
    return [version for version in used if assigning.means(diagram_of(version).starts, person)]


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
    ruled = {node.id: node.table for node in diagram.nodes.values() if isinstance(node, Ruling)}
    known = tables.which_are_in_use(ruled.values()) if ruled else set()
    for key, table in ruled.items():
        if table not in known:
            yield Flaw(key, Message("The decision table “%(key)s” is not in use.", key=table))
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
    version.put_to_use(at)


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
        return ProcessVersion.objects.create(
            key=diagram.key, number=ProcessVersion.following(diagram.key), title=diagram.title,
            title_en=diagram.title_en, diagram=diagram.xml,
            fingerprint=diagram.fingerprint[:MARK], shipped=shipped, created_at=at, created_by=by, changed_at=at,
            changed_by=by,
        )  # fmt: skip


def install(packages: Iterable[str], at: datetime) -> int:
    """Bring the processes and decision tables that rooms ship (their folders “processes”) up to date.

    Returns how many were put to use. Safe to repeat; what the company has drawn anew stays as the company has it.
    """
    shipped = [file for package in packages for file in _shipped(package)]
    # Tables first: processes ask them.
    count = sum(_install_table(text, at) for name, text in shipped if name.endswith(".dmn"))
    return count + sum(_install(text, at) for name, text in shipped if name.endswith(".bpmn"))


def _shipped(package: str) -> Iterable[tuple[str, str]]:
    folder = resources.files(package) / "processes"
    if folder.is_dir():
        for file in sorted(folder.iterdir(), key=lambda each: each.name):
            if file.name.endswith((".bpmn", ".dmn")):
                yield file.name, file.read_text(encoding="utf-8")


def _install(xml: str, at: datetime) -> int:
    diagram = diagrams.read(xml)
    with transaction.atomic():
        if ProcessVersion.is_known(diagram.key, diagram.fingerprint):
            return 0
        publish(new_version(xml, at, shipped=diagram.fingerprint), at)
        return 1


def _install_table(text: str, at: datetime) -> int:
    shipped = tables.fingerprint_of(text)
    with transaction.atomic():
        if DecisionTable.is_known(tables.read(text).key, shipped):
            return 0
        tables.new_version(text, at, shipped=shipped).put_to_use(at)
        return 1
