"""A document's file keeps its versions: another one by consent, the old one still read by who may (ARC-24)."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from guanxi.kernel.errors import NotFound
from guanxi.platform.files.models import StoredFile
from guanxi.platform.files.storage import discard, store
from guanxi.records import attachments
from guanxi.records.actions import run
from guanxi.records.approvals.asking import AwaitsApproval
from guanxi.records.approvals.models import PendingAction
from guanxi.records.standard import EDIT
from guanxi.rooms.dossiers.models import Document
from guanxi.rooms.dossiers.queries.versions import versions_of
from tests.people import World
from tests.rooms.dossiers.conftest import DOCUMENT, decide

Make = Callable[..., Document]
pytestmark = pytest.mark.usefixtures("consent_needed")


def scan(world: World, name: str) -> StoredFile:
    return store(b"%PDF-1.4 " + name.encode(), name, world["li_wei"], world.now)


def replace(world: World, document: Document, file: StoredFile, outcome: str = "approve") -> PendingAction:
    with pytest.raises(AwaitsApproval) as caught:
        run(EDIT, world.ctx("li_wei").because("扫描件缺页"), DOCUMENT, document, {"file": file})
    decide(world, caught.value.pending, outcome)
    document.refresh_from_db()
    return caught.value.pending


@pytest.mark.clause("ARC-24")
def test_another_version_by_consent_and_the_old_one_stays(world: World, filed: Make) -> None:
    first, second = scan(world, "合同.pdf"), scan(world, "合同（补页）.pdf")
    document = filed(dossier_class="2", title="经销合同", file=first)
    replace(world, document, second)
    assert document.file == second
    new, old = versions_of(document)
    assert (new.number, new.file_id, new.is_current, new.actor, new.reason, new.approved_by) == (
        2, second.pk, True, "李伟", "扫描件缺页", ("陈慧敏",),
    )  # fmt: skip
    assert (old.number, old.file_id, old.name, old.is_current, old.approved_by) == (1, first.pk, "合同.pdf", False, ())
    for file in (first, second):
        for who in ("li_wei", "archivist", "sales_manager"):
            assert attachments.get(world.ctx(who), file.pk) == file
        for who in ("wang_fang", "clerk"):
            with pytest.raises(NotFound):
                attachments.get(world.ctx(who), file.pk)


@pytest.mark.clause("ARC-24")
def test_a_refused_version_is_none(world: World, filed: Make) -> None:
    first, second = scan(world, "合同.pdf"), scan(world, "别的.pdf")
    document = filed(dossier_class="2", file=first)
    replace(world, document, second, "refuse")
    assert document.file == first
    assert [(each.number, each.file_id) for each in versions_of(document)] == [(1, first.pk)]
    with pytest.raises(NotFound):
        attachments.get(world.ctx("sales_manager"), second.pk)


def test_the_page_shows_them_and_tells_when_bytes_are_gone(world: World, filed: Make) -> None:
    first, second = scan(world, "合同.pdf"), scan(world, "合同（补页）.pdf")
    document = filed(dossier_class="2", file=first)
    replace(world, document, second)
    client = Client()
    client.force_login(world["archivist"], backend="django.contrib.auth.backends.ModelBackend")

    def told() -> str:
        answer = client.get(f"/dossiers/document/{document.pk}/")
        assert answer.status_code == 200
        return answer.content.decode()

    shown = told()
    for text in ("第2版 合同（补页）.pdf", "第1版 合同.pdf", f"/files/{first.pk}/", f"/files/{second.pk}/", "陈慧敏"):
        assert text in shown, text
    discard(StoredFile.objects.filter(pk=first.pk), world.now)
    shown = told()
    assert f"/files/{first.pk}/" not in shown and "已销毁" in shown


def test_a_document_without_a_file_has_no_versions(world: World, filed: Make) -> None:
    assert versions_of(filed()) == []
