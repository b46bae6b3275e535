"""Drawing a process in the browser: keeping a draft, taking in a file, putting it to use, comparing."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from guanxi.kernel.errors import Conflict, Invalid, NotAllowed, Stale
from guanxi.platform.workflow import versions
from guanxi.platform.workflow.comparing import differences
from guanxi.platform.workflow.diagrams import read
from guanxi.platform.workflow.interchange import placed
from guanxi.platform.workflow.models import ProcessVersion
from guanxi.records.actions import run
from guanxi.records.standard import action_of
from guanxi.rooms.processes.module import VERSION
from guanxi.rooms.processes.public import install_processes
from tests.digest import digest
from tests.people import World
from tests.platform.workflow.drawn import ONE, TWO
from tests.web.conftest import browser

__all__ = ["browser"]

KEY = "approval.superior"


@pytest.fixture
def in_use(world: World) -> ProcessVersion:
    install_processes(world.now)
    return versions.in_use(KEY)


def act(world: World, name: str, target: Any, who: str = "system_admin", **data: Any) -> Any:
    action = action_of(VERSION, name)
    assert action is not None
    return run(action, world.ctx(who), VERSION, target, data)


def renamed(version: ProcessVersion) -> str:
    return version.diagram.replace("直接上级审批", "上级审批").replace('days="2"', 'days="3"')


def test_a_draft_is_drawn_and_put_to_use(world: World, in_use: ProcessVersion) -> None:
    draft = act(world, "new_draft", in_use)
    assert (draft.number, draft.state, draft.shipped) == (2, "draft", "")
    act(world, "draw", draft, diagram=renamed(in_use))
    draft.refresh_from_db()
    assert (draft.title, versions.diagram_of(draft).step("superior").days) == ("上级审批", 3)
    act(world, "publish", draft)
    assert versions.in_use(KEY) == draft
    in_use.refresh_from_db()
    assert (in_use.state, versions.diagram_of(in_use).step("superior").days) == ("retired", 2)
    # What the company has drawn stays, whatever later versions of the program ship.
    assert install_processes(world.now) == 0 and versions.in_use(KEY) == draft


def test_what_is_in_use_is_not_drawn_over(world: World, in_use: ProcessVersion) -> None:
    before = digest()
    with pytest.raises(Conflict):
        act(world, "draw", in_use, diagram=renamed(in_use))
    assert digest() == before


def test_a_drawing_that_somebody_else_has_saved_is_stale(world: World, in_use: ProcessVersion) -> None:
    draft = act(world, "new_draft", in_use)
    action = action_of(VERSION, "draw")
    assert action is not None
    run(action, world.ctx("system_admin"), VERSION, draft, {"diagram": renamed(in_use)}, version=1)
    before = digest()
    with pytest.raises(Stale):
        run(action, world.ctx("system_admin"), VERSION, draft, {"diagram": in_use.diagram}, version=1)
    assert digest() == before


@pytest.mark.parametrize("xml", ["<definitions", ONE, ONE.replace("</process>", "<scriptTask id='x'/></process>")])
def test_what_is_unsound_or_another_process_is_not_kept(world: World, in_use: ProcessVersion, xml: str) -> None:
    draft = act(world, "new_draft", in_use)
    before = digest()
    with pytest.raises(Invalid):
        act(world, "draw", draft, diagram=xml)
    assert digest() == before


@pytest.mark.parametrize("name", ["draw", "new_draft", "publish", "take_in"])
def test_only_who_looks_after_the_system_draws(world: World, in_use: ProcessVersion, name: str) -> None:
    for who in ("sales_manager", "li_wei", "security_admin"):
        with pytest.raises(NotAllowed):
            act(
                world,
                name,
                None if name == "take_in" else in_use,
                who,
                **({"diagram": ONE} if name != "publish" else {}),
            )


def test_a_role_without_people_cannot_be_put_to_use(world: World, in_use: ProcessVersion) -> None:
    world["risk"].is_active = False
    world["risk"].save()
    draft = act(world, "take_in", None, diagram=ONE.replace("role:sales_manager", "role:risk_control"))
    with pytest.raises(Invalid) as caught:
        act(world, "publish", draft)
    assert "role:risk_control" in caught.value.message.plain
    draft.refresh_from_db()
    assert draft.state == "draft"


def test_the_board_shows_what_is_drawn_and_says_what_is_wrong(
    browser: Any, world: World, in_use: ProcessVersion
) -> None:
    draft = act(world, "new_draft", in_use)
    admin = browser("system_admin")
    page = admin.get(f"/processes/version/{draft.pk}/draw/").content.decode()
    assert "BPMNShape" in page and "modeler.js" in page and "data-kind" in page
    bad = admin.post(
        f"/processes/version/{draft.pk}/check/", {"diagram": draft.diagram.replace("superior_of", "boss_of")}
    )
    assert [flaw["element"] for flaw in bad.json()["flaws"]] == ["superior"]
    assert admin.post(f"/processes/version/{draft.pk}/check/", {"diagram": draft.diagram}).json() == {"flaws": []}
    refused = admin.post(f"/processes/version/{draft.pk}/draw/", {"diagram": "<x/>", "version": draft.version})
    assert refused.status_code == 422 and "&lt;x/&gt;" not in refused.content.decode().split("gx-modeler")[0]
    kept = admin.post(f"/processes/version/{draft.pk}/draw/", {"diagram": renamed(in_use), "version": draft.version})
    assert kept.status_code == 302
    assert browser("li_wei").get(f"/processes/version/{draft.pk}/draw/").status_code in (403, 404)


def test_a_file_is_taken_in_and_given_out(browser: Any, world: World) -> None:
    admin = browser("system_admin")
    file = SimpleUploadedFile("a.bpmn", b"\xef\xbb\xbf" + TWO.encode())
    answer = admin.post("/processes/version/take-in/", {"file": file})
    draft = ProcessVersion.objects.get(key="test.process")
    assert answer["Location"] == f"/workflow/processversion/{draft.pk}/" and draft.state == "draft"
    given = admin.get(f"/processes/version/{draft.pk}/file/")
    assert "attachment" in given["Content-Disposition"] and read(given.content).steps == read(TWO).steps
    before = digest()
    for content in (b"", b"<definitions", "<流程/>".encode("utf-16"), b"x" * 10_000_000):
        assert admin.post("/processes/version/take-in/", {"file": SimpleUploadedFile("a", content)}).status_code == 422
    assert admin.post("/processes/version/take-in/", {}).status_code == 422
    assert digest() == before


def test_every_shipped_process_gets_a_place_on_paper_for_every_part(world: World, in_use: ProcessVersion) -> None:
    for version in ProcessVersion.objects.all():
        diagram = versions.diagram_of(version)
        again = read(placed(diagram))
        assert differences(diagram, again) == []
        assert placed(again).count("BPMNShape ") == len(diagram.nodes) + len(diagram.lanes) + bool(diagram.lanes)


def test_two_versions_compared(browser: Any, world: World, in_use: ProcessVersion) -> None:
    draft = act(world, "new_draft", in_use)
    act(world, "draw", draft, diagram=renamed(in_use))
    draft.refresh_from_db()
    found = differences(versions.diagram_of(in_use), versions.diagram_of(draft))
    assert ("2", "3") in [detail[1:] for each in found for detail in each.details]
    assert "<del>2</del>" in browser("system_admin").get(f"/processes/version/{draft.pk}/compare/").content.decode()
    assert differences(versions.diagram_of(in_use), versions.diagram_of(in_use)) == []
