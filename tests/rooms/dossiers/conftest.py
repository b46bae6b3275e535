"""A customer, papers about him, and who signs them."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

import pytest

from guanxi.platform.files.models import StoredFile
from guanxi.platform.workflow import running
from guanxi.platform.workflow.models import WorkItem
from guanxi.records.actions import run
from guanxi.records.approvals.models import PendingAction
from guanxi.records.approvals.shipping import install_rules
from guanxi.records.standard import create
from guanxi.rooms.dossiers.actions import APPROVE_DOCUMENT, FILE_DOCUMENT, NOTE_CUSTOMER_SIGNATURE, SUBMIT_DOCUMENT
from guanxi.rooms.dossiers.models import Document
from guanxi.rooms.processes.public import install_processes
from tests.people import World

TODAY = datetime.date(2026, 11, 21)
DOCUMENT, ORIGINAL, VOLUME = "dossiers.document", "dossiers.original", "dossiers.volume"


@pytest.fixture
def consent_needed(world: World) -> None:
    """The processes and approval rules that an installation starts with."""
    install_processes(world.now)
    install_rules(world.now)


@pytest.fixture
def customer_of(world: World) -> Callable[..., Any]:
    """A customer of an account manager."""

    def make(username: str = "li_wei", name: str = "重庆渝中糖酒有限公司") -> Any:
        return create(world.ctx(username), "customers.customer", confirmed=True, name=name)

    return make


def page_of(world: World, username: str = "li_wei") -> StoredFile:
    """A scanned page that somebody has handed in."""
    number = StoredFile.objects.count()
    return StoredFile.objects.create(
        name="签字页.pdf", content_type="application/pdf", size=9, sha256=f"{number:064}", path=f"page-{number}",
        created_by=world[username],
    )  # fmt: skip


@pytest.fixture
def paper(world: World, customer_of: Callable[..., Any]) -> Callable[..., Document]:
    """A document being prepared by an account manager."""

    def make(username: str = "li_wei", **values: Any) -> Document:
        given = {
            "title": "入会登记表", "dossier_class": "1", "kind": "registration_form", "signed_on": "2026-11-20",
            **values,
        }  # fmt: skip
        if "customer" not in given:
            given["customer"] = customer_of(username, f"成都第{Document.objects.count() + 1}百货有限公司")
        made: Document = create(world.ctx(username), DOCUMENT, **given)
        return made

    return make


@pytest.fixture
def sign(world: World) -> Callable[..., Document]:
    """The three signatures of a document, or all but those named."""

    def signed(document: Document, *missing: str) -> Document:
        handler = document.owner.username if document.owner else ""
        if "handler" not in missing:
            run(SUBMIT_DOCUMENT, world.ctx(handler), DOCUMENT, document, {"is_true": True})
        if "customer" not in missing and document.customer_id:
            page = page_of(world, handler)
            given = {"customer_signer": "王经理", "customer_signed_on": TODAY, "customer_page": page}
            run(NOTE_CUSTOMER_SIGNATURE, world.ctx(handler), DOCUMENT, document, given)
        if "superior" not in missing:
            run(APPROVE_DOCUMENT, world.ctx("sales_manager"), DOCUMENT, document)
        document.refresh_from_db()
        return document

    return signed


@pytest.fixture
def filed(world: World, paper: Callable[..., Document], sign: Callable[..., Document]) -> Callable[..., Document]:
    """A document that lies in the archive; `behind` inserts it."""

    def make(username: str = "li_wei", *, behind: Document | None = None, **values: Any) -> Document:
        document = sign(paper(username, **values))
        run(FILE_DOCUMENT, world.ctx("archivist"), DOCUMENT, document, {"behind": behind})
        document.refresh_from_db()
        return document

    return make


def decide(world: World, pending: PendingAction, outcome: str = "approve", comment: str = "同意") -> None:
    """Whoever is asked decides."""
    item = WorkItem.objects.get(instance=pending.process, state=WorkItem.State.OPEN)
    running.decide(item, item.owner, outcome, comment, world.now)
    pending.refresh_from_db()
