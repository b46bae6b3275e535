"""Labels and catalogue sheets of volumes: what they say, whose they are, and that their barcode opens the volume."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.utils.translation import override

from guanxi.platform.audit.models import Disclosure
from guanxi.records import registry
from guanxi.records.standard import create
from guanxi.rooms.dossiers.models import Document
from tests.paper import texts_of
from tests.people import World
from tests.rooms.dossiers.conftest import ORIGINAL

Make = Callable[..., Document]
LABELS, SHEETS = "/dossiers/volumes/labels/", "/dossiers/volumes/sheets/"


def client_of(world: World, who: str) -> Client:
    client = Client()
    client.force_login(world[who], backend="django.contrib.auth.backends.ModelBackend")
    return client


def content_of(answer: object) -> bytes:
    return b"".join(answer.streaming_content)  # type: ignore[attr-defined]


@pytest.mark.clause("ARC-18", "ARC-20")
def test_a_label_names_class_manager_year_and_number(world: World, filed: Make) -> None:
    ours, theirs = filed(), filed("zhang_min", dossier_class="2")
    chosen = {"pk": [str(ours.volume_id), str(theirs.volume_id)]}
    answer = client_of(world, "archivist").post(LABELS, chosen)
    assert answer.headers["Content-Disposition"].startswith("attachment")
    found = texts_of(content_of(answer))
    for text in ("1-2026-001", "2-2026-001", "李伟", "张敏", "基础资料", "合同协议", "2026年"):
        assert text in found, text
    note = Disclosure.objects.latest("id")
    assert (note.kind, note.actor, note.module, note.detail["rows"]) == (
        "print", world["archivist"], "dossiers.volume", 2,
    )  # fmt: skip


@pytest.mark.clause("ARC-18", "ARC-31")
def test_a_sheet_lists_every_leaf_with_its_twin_and_who_printed_it(world: World, filed: Make) -> None:
    first, second = filed(title="入会登记表"), filed(title="身份证复印件")
    filed("zhang_min", title="别人的登记表")
    between = filed(title="补充说明", behind=first)
    create(world.ctx("archivist"), ORIGINAL, document=second, paper_number="HT-018", place="甲柜三层")
    answer = client_of(world, "archivist").get(SHEETS, {"pk": str(first.volume_id)})
    found = texts_of(content_of(answer))
    assert [found.index(each.title) for each in (first, between, second)] == sorted(
        found.index(each.title) for each in (first, between, second)
    )
    for text in ("0001", "0001-01", "0002", "HT-018", "甲柜三层", str(first.customer), world["archivist"].name):
        assert text in found, text
    assert "别人的登记表" not in found
    note = Disclosure.objects.latest("id")
    assert (note.kind, note.module, note.detail["rows"]) == ("print", "dossiers.document", 3)


@pytest.mark.clause("ARC-18")
def test_a_sheet_shows_nobody_more_than_he_sees(world: World, filed: Make) -> None:
    theirs = filed("zhang_min", title="别人的登记表")
    for address in (LABELS, SHEETS):
        assert client_of(world, "li_wei").get(address, {"pk": str(theirs.volume_id)}).status_code == 404
        assert client_of(world, "clerk").get(address, {"pk": str(theirs.volume_id)}).status_code == 403
        assert client_of(world, "archivist").get(address).status_code == 409  # none is chosen
        assert client_of(world, "archivist").get(address, {"pk": "x"}).status_code == 409
    assert not Disclosure.objects.filter(kind="print", outcome="done").exists()


def test_papers_are_made_in_english_too(world: World, filed: Make) -> None:
    volume = filed().volume
    type(world["archivist"]).objects.filter(pk=world["archivist"].pk).update(language="en")
    found = texts_of(content_of(client_of(world, "archivist").get(LABELS, {"pk": str(volume and volume.pk)})))
    assert "Basic papers" in found and "Year 2026" in found


@pytest.mark.clause("ARC-18")
def test_the_number_read_from_a_label_opens_the_volume(world: World, filed: Make) -> None:
    document = filed()
    archivist = client_of(world, "archivist")
    for number, target in (
        ("1-2026-001", f"/dossiers/volume/{document.volume_id}/"),
        ("1-2026-001/0001", f"/dossiers/document/{document.pk}/"),
    ):
        answer = archivist.get("/search/", {"q": number})
        assert (answer.status_code, answer.headers.get("Location")) == (302, target)
    assert archivist.get("/search/", {"q": "1-2026-00"}).status_code == 200  # a part of a number is a search
    with override("zh-hans"):
        assert client_of(world, "wang_fang").get("/search/", {"q": "1-2026-001"}).status_code == 200


def test_the_year_of_a_volume_is_written_without_a_comma(world: World, filed: Make) -> None:
    assert registry.entry("dossiers.volume").field("year").text(filed().volume) == "2026"
