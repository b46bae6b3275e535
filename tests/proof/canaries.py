"""Canary words: one in every field of a customer's family, and a walk through every door to look for them.

A canary begins with what all of them have in common, so that one can ask for them without knowing one.
"""

from __future__ import annotations

import itertools
import re
import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from django.test import Client

from guanxi.agents import tools
from guanxi.kernel.errors import Invalid, Problem
from guanxi.platform.files.models import StoredFile
from guanxi.platform.files.storage import store
from guanxi.platform.jobs.models import Job
from guanxi.platform.notices.models import Notice
from guanxi.records import batches, registry
from guanxi.records.exporting import export_file
from guanxi.records.fields import FieldSpec
from guanxi.records.importing.running import import_file
from guanxi.records.models import SavedView
from guanxi.records.module import Module
from guanxi.records.standard import EDIT, create
from guanxi.rooms.customers.pages.reports import REPORTS
from guanxi.rooms.integrations.models import Delivery, Webhook
from guanxi.rooms.integrations.queries import body_of
from tests.digest import undone
from tests.makers import values_for
from tests.people import World
from tests.proof.conftest import Company, readable, text_of

WORD, DIGITS = "quokka", "139555"
FOUND = re.compile(rf"{WORD}[a-z]{{4}}|{DIGITS}\d{{5}}")
_TAGS = re.compile(r"<[^>]*>")
_count = itertools.count(1)
#: Fields that take a value only together with another one, whose field it then goes into: none is planted there.
_COUPLED = {"customers.changeevent": {"new_value"}}


@dataclass
class Planted:
    """The records of the family, and where each canary was put: canary → "module.field"."""

    records: list[tuple[Module, Any]] = field(default_factory=list)
    places: dict[str, str] = field(default_factory=dict)
    #: Of these, the ones in personal columns.
    personal: set[str] = field(default_factory=set)
    #: Of these, the ones that are encrypted, and that no door shows to anybody.
    sealed: set[str] = field(default_factory=set)
    #: Of these, the ones in things that are their maker's alone, and the pages of those things.
    private: set[str] = field(default_factory=set)
    pages: list[str] = field(default_factory=list)

    def put(self, place: str, *, private: bool = False) -> str:
        """A new canary for a place outside the fields of records."""
        canary = f"{WORD}{_letters(next(_count))}"
        self.places[canary] = place
        if private:
            self.private.add(canary)
        return canary


def word_for(spec: FieldSpec) -> str | None:
    """A canary that the field takes, None for a field that takes no text."""
    number = next(_count)
    if spec.choices:
        return None
    letters = _letters(number)
    digits = f"{DIGITS}{number:05}"
    kinds = {"phone": digits, "sealed": digits, "email": f"{WORD}{letters}@example.com", "tags": f"{WORD}{letters}"}
    plain = f"{WORD}{letters}" if spec.kind.name in ("text", "long_text", "address") else None
    found = kinds.get(spec.kind.name, plain)
    return found if found is None or not spec.max_length or len(found) <= spec.max_length else None


def _letters(number: int) -> str:
    return "".join(chr(97 + number // 26**place % 26) for place in (3, 2, 1, 0))


def plant(world: World, owner: str, modules: Sequence[Module] = ()) -> Planted:
    """A record of somebody's of each type, a canary in every text: a customer first, and all that belongs to it."""
    planted = Planted()
    person = world[owner]
    made: dict[str, Any] = {}
    kin = {module.key for module in family()}
    for module in modules or family():
        known = registry.entry(module)
        values = {
            **values_for(world.system, module, person),
            **{
                spec.name: made[spec.target] for spec in known.form_fields if spec.target in kin and spec.target in made
            },
        }
        plantable = (spec for spec in known.form_fields if spec.name not in _COUPLED.get(module.key, ()))
        words = {spec.name: word for spec in plantable if (word := word_for(spec))}
        record = _created(world, module, values, words)
        if module.has_owner and record.owner_id != person.pk:
            record.owner, record.department = person, person.department
            record.save(update_fields=["owner", "department"])
        made[module.key] = record
        planted.records.append((module, record))
        for name, word in words.items():
            canary = word.partition("@")[0]
            planted.places[canary] = f"{module.key}.{name}"
            if name in module.personal:
                planted.personal.add(canary)
            if name in known.sealed:
                planted.sealed.add(canary)
    return planted


def plant_things(world: World, owner: str, planted: Planted, folder: Path) -> None:
    """What somebody's work leaves beside records: jobs, files, imports, views, notices, bulk actions, an attachment."""
    ctx, person, now = world.ctx(owner), world[owner], world.now
    module, customer = planted.records[0]
    base = f"/{module.app}/{module.noun}/"

    def mine(place: str) -> str:
        return planted.put(place, private=True)

    job = Job.objects.create(
        kind="export", title=mine("job.title"), message=mine("job.message"), actor=person, state=Job.State.DONE,
        result={"rows": 1, "note": mine("job.result")},
    )  # fmt: skip
    file = store(mine("file.content").encode(), f"{mine('file.name')}.txt", person, now, StoredFile.Kind.EXPORT)
    content, name = planted.put("attachment.content"), planted.put("attachment.name")
    attached = store(content.encode(), f"{name}.txt", person, now, module=module.key, record_id=customer.pk)
    rows = folder / f"{planted.put('import.file')}.csv"
    rows.write_text(f"name,phone\n{mine('import.cell')},no telephone\n", encoding="utf-8-sig")
    run = import_file(ctx, module, rows)
    view = SavedView.objects.create(module=module.key, name=mine("view.name"), person=person, created_at=now)
    Notice.objects.create(person=person, title=mine("notice.title"), body=mine("notice.body"), created_at=now)
    entry = registry.entry(module)
    batch = batches.begin(ctx, entry, EDIT, [customer.pk], {batches.SET: {"short_name": planted.put("batch.value")}})
    planted.pages += [
        *(f"/jobs/{job.pk}/{page}" for page in ("", "stop/", "again/")), f"/api/v1/jobs/{job.pk}",
        *(f"/files/{each.pk}/" for each in (file, attached)),
        *(f"/api/v1/files/{each.pk}{page}" for each in (file, attached) for page in ("", "/content")),
        *(f"{base}import/{run.pk}/{page}" for page in ("", "columns/", "refused/", "apply/", "undo/", "stop/")),
        *(f"/api/v1/{module.app}/{module.noun}/import/{run.pk}{page}" for page in ("", "/rows")),
        f"{base}import/", f"{base}?view={view.pk}", f"{base}views/{view.pk}/", "/notices/", "/jobs/", "/batches/",
        *(f"/batches/{batch.pk}/{page}" for page in ("", "undo/", "confirm/", "failures/")),
    ]  # fmt: skip


def family() -> list[Module]:
    """The customer's record type and, after it, those whose rights follow the customer or that belong to an owner."""
    first = registry.module("customers.customer")
    rest = [
        module
        for module in registry.modules()
        if module.key != first.key and module.can("create") and module.app in ("customers", "engagement")
        and module.profile in ("customer", "activity") and module.scope_through in ("", "customer")
        and module.key != "customers.datacheck"
    ]  # fmt: skip
    return [first, *rest]


def _created(world: World, module: Module, values: dict[str, Any], words: dict[str, str]) -> Any:
    """Created with as many canaries as the fields take; `words` keeps those that were taken."""
    for _attempt in range(4):
        try:
            with_words = {**values, **words}
            return create(world.system, module, confirmed=True, **with_words)
        except Invalid as problem:
            refused = set(problem.errors) & set(words)
            if not refused:
                raise
            for name in refused:
                del words[name]
    raise AssertionError(module.key)


# ---- The walk --------------------------------------------------------------------------------------------------------

#: A door: its name, what was sent through it, and what came back.
Door = tuple[str, str, str]


def seen(doors: Iterator[Door], planted: Planted) -> dict[str, str]:
    """The canaries that come out of the doors, each with the first that showed it; not what one sent oneself."""
    found: dict[str, str] = {}
    for door, asked, text in doors:
        for canary in FOUND.findall(text) + FOUND.findall(_TAGS.sub("", text)):
            if canary in planted.places and canary not in asked:
                found.setdefault(canary, door)
    return found


def walk(company: Company, username: str, planted: Planted, folder: Path) -> Iterator[Door]:
    """Every door that shows something, as this person tries them, whether he may or not."""
    browser, token = company.browser(username), company.token(username)
    for address in addresses(planted):
        yield opened(browser, address)
    yield from things(browser, token, planted)
    yield from programs(browser, token, planted)
    yield from posted(browser, planted)
    yield from agents(company.world, username, planted)
    yield from files(company.world, username, folder)
    yield from webhooks(company.world, username, planted)


def things(browser: Client, token: dict[str, str], planted: Planted) -> Iterator[Door]:
    """What work leaves beside records, looked at, called for, and acted upon."""
    for address in planted.pages:
        yield opened(browser, address)
        if address.startswith("/api/"):
            yield opened(browser, address, headers=token)
        else:
            yield answered(browser, address, {"what": "rename", "name": "X"})


def answered(browser: Client, address: str, data: dict[str, Any], **more: Any) -> Door:
    """What comes back for something sent, and where that leads."""
    with undone():
        answer = browser.post(address, data, **more)
        text = text_of(answer)
        if answer.status_code in (302, 303):
            text += text_of(browser.get(answer["Location"]))
        return f"POST {address}", urlencode(data, doseq=True), text


def opened(browser: Client, address: str, **more: Any) -> Door:
    with undone():
        answer = browser.get(address, **more)
        return f"GET {address}", address, text_of(answer)


def addresses(planted: Planted) -> Iterator[str]:
    """The pages, those of hidden records by their ids included."""
    yield from ("/", "/jobs/", "/batches/", "/notices/", "/administration/", "/administration/audit/")
    yield from ("/administration/disclosures/", "/administration/layout/", "/administration/parameters/")
    yield from (f"{path}?q={text}" for path in ("/search/", "/palette/") for text in (WORD, DIGITS))
    for report in REPORTS:
        yield f"/customers/reports/{report}/"
    yield "/customers/archive/"
    customer = planted.records[0][1]
    yield from (f"/administration/{log}/?record={customer.pk}" for log in ("audit", "disclosures"))
    asked = f"person={customer.owner_id}&record=/customers/customer/{customer.pk}/"
    yield from ("/administration/why/", f"/administration/why/?{asked}")
    for module, record in planted.records:
        known, base = registry.entry(module), f"/{module.app}/{module.noun}/"
        every = ",".join(known.fields)
        yield f"{base}?{urlencode({'columns': every})}"
        yield from (f"{base}?q={WORD}", f"{base}pick/?q={WORD}", f"{base}bin/?q={WORD}")
        yield from (f"{base}same/", f"{base}merge/?pk={record.pk}", f"{base}new/?copy={record.pk}")
        yield f"{base}merge/?{urlencode({'other': getattr(record, module.title, ''), 'pk': record.pk})}"
        yield f"{base}new/?customer={customer.pk}"
        yield from (f"{base}{record.pk}/{page}" for page in ("", "edit/", "history/", "looks/", "subject/"))
        yield from (f"{base}{record.pk}/do/{action}/" for action in ("delete", "restore", "reveal", "assign"))
        if known.form_fields:
            yield f"{base}{record.pk}/field/{known.form_fields[0].name}/"
    yield from (f"/customers/customer/{customer.pk}/books/{book}/" for book in ("visits", "dealings", "directory"))


def programs(browser: Client, token: dict[str, str], planted: Planted) -> Iterator[Door]:
    """The same through the interface."""
    yield opened(browser, f"/api/v1/search?q={WORD}", headers=token)
    yield opened(browser, "/api/v1/jobs", headers=token)
    for module, record in planted.records:
        base = f"/api/v1/{module.app}/{module.noun}"
        for query in ("", f"?q={WORD}", "?binned=true"):
            yield opened(browser, f"{base}{query}", headers=token)
        for page in ("", "/history"):
            yield opened(browser, f"{base}/{record.pk}{page}", headers=token)
        sent = {"content_type": "application/json", "headers": {**token, "If-Match": "*"}}
        for verb in ("delete", "restore", "merge", "reveal", "assign"):
            yield answered(browser, f"{base}/{record.pk}/actions/{verb}", {"_confirmed": True}, **sent)


def posted(browser: Client, planted: Planted) -> Iterator[Door]:
    """What answers to something sent: the warning while typing, bulk actions, the export of a report."""
    for module, record in planted.records:
        base = f"/{module.app}/{module.noun}/"
        typed = {rule.field: str(getattr(record, rule.field, "") or "") for rule in module.same_as}
        asked = urlencode(typed)
        for method, path, data in (
            ("get", f"{base}duplicates/", typed),
            ("post", f"{base}new/", typed),
            ("post", f"{base}bulk/delete/", {"pk": str(record.pk)}),
            ("post", f"{base}bulk/edit/", {"pk": str(record.pk)}),
            ("post", f"{base}export/", {"pk": str(record.pk)}),
        ):
            with undone():
                answer = getattr(browser, method)(path, data)
                yield f"{method.upper()} {path}", asked, text_of(answer)
    for report in REPORTS:
        yield answered(browser, f"/customers/reports/{report}/export/", {"reason": "proof"})


def agents(world: World, username: str, planted: Planted) -> Iterator[Door]:
    """The tools that software agents have."""
    ctx = world.ctx(username)
    calls: list[tuple[str, Callable[[], Any]]] = [("search", lambda: tools.search(ctx, WORD, limit=20))]
    for module, record in planted.records:
        key, pk = module.key, str(record.pk)
        calls += [
            (f"find {key}", lambda key=key: tools.find_records(ctx, key, text=WORD)),
            (f"list {key}", lambda key=key: tools.find_records(ctx, key)),
            (f"get {key}", lambda key=key, pk=pk: tools.get_record(ctx, key, pk)),
            (f"history {key}", lambda key=key, pk=pk: tools.history(ctx, key, pk)),
            (f"delete {key}", lambda key=key, pk=pk: tools.run_action(ctx, key, "delete", pk, 99)),
            (f"edit {key}", lambda key=key, pk=pk: tools.edit_record(ctx, key, pk, 99, {})),
        ]
    for name, call in calls:
        with undone():
            try:
                yield f"agent {name}", "", repr(call())
            except Problem as problem:
                yield f"agent {name}", "", repr(problem) + str(problem)


def files(world: World, username: str, folder: Path) -> Iterator[Door]:
    """Exports, in both formats."""
    ctx = world.ctx(username)
    for module in family():
        for ending in ("csv", "xlsx"):
            path = folder / f"{uuid.uuid4()}.{ending}"
            with undone():
                try:
                    export_file(ctx, module, path)
                    yield f"export {module.key}.{ending}", "", readable(path.read_bytes())
                except Problem as problem:
                    yield f"export {module.key}.{ending}", "", str(problem)


def webhooks(world: World, username: str, planted: Planted) -> Iterator[Door]:
    """What another system is told in this person's name."""
    hook = Webhook(name="Proof", owner=world[username], url="https://hooks.example.com/")
    for module, record in planted.records:
        delivery = Delivery(
            webhook=hook, happened_at=world.now, module=module.key, action="edit", records=[str(record.pk)]
        )
        body, _told = body_of(hook, delivery, world.now)
        yield f"webhook {module.key}", "", body.decode()
