"""Files, exports and imports through the interface, from the call to the bytes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from guanxi.platform.files.models import StoredFile
from guanxi.platform.jobs.models import Job
from guanxi.platform.jobs.running import run as run_job
from guanxi.rooms.customers.public import Customer
from tests import s3_server
from tests.api.conftest import Program
from tests.digest import digest
from tests.makers import make
from tests.people import World
from tests.platform.files import places

CUSTOMER = "customers/customer"


def upload(program: Program, path: str, name: str, content: bytes, **more: str) -> Any:
    given = {"file": SimpleUploadedFile(name, content), **more}
    return program.client.post(f"/api/v1/{path}", given, headers=program.headers)


def finish(answer: Any) -> Job:
    assert answer.status_code == 202, answer.content
    job = Job.objects.get(pk=answer.json()["id"])
    run_job(job.pk)
    job.refresh_from_db()
    assert job.state == Job.State.DONE, job.error
    return job


def test_a_file_is_given_with_a_record_and_follows_its_rights(program, world: World) -> None:
    mine, hers = program("li_wei"), program("wang_fang")
    kept = upload(mine, "files", "note.txt", b"hello")
    assert kept.status_code == 201, kept.content
    path = kept["Location"]
    assert mine.get(f"{path}/content").getvalue() == b"hello"
    assert hers.get(path).status_code == 404 and hers.get(f"{path}/content").status_code == 404
    made = mine.post("room/thing", {"name": "Box", "picture": kept.json()["id"]})
    assert made.json()["picture"] == {"id": kept.json()["id"], "title": "note.txt"}
    assert program("sales_manager").get(path).json()["sha256"] == kept.json()["sha256"]
    assert hers.get(path).status_code == 404
    before = digest()
    assert hers.post("room/thing", {"name": "X", "picture": kept.json()["id"]}).status_code == 422
    assert upload(mine, "files", "x.exe", b"MZ").status_code == 422
    assert mine.post("files", {}).status_code == 422
    assert digest() == before
    reader = program("li_wei", read_only="yes")
    before = digest()
    assert upload(reader, "files", "note.txt", b"hello").status_code == 403
    assert digest() == before


@pytest.mark.clause("SEC-04")
def test_an_export_is_its_own_right_and_its_makers_own(program, world: World) -> None:
    make(world.system, "customers.customer", world["li_wei"], name="蜀都酒行")
    make(world.system, "customers.customer", world["wang_fang"], name="别人的")
    mine, plain, clerk = program("li_wei", elevated="yes"), program("li_wei"), program("clerk", elevated="yes")
    before = digest()
    assert clerk.post(f"{CUSTOMER}/export", {"format": "csv"}).status_code == 403
    assert plain.post(f"{CUSTOMER}/export", {"format": "csv", "_reason": "test"}).json()["code"] == "unconfirmed"
    for wrong in ({"format": "pdf"}, {"columns": ["password"]}, {"filter": []}, {"rows": 1}, {"ids": "x"}):
        assert mine.post(f"{CUSTOMER}/export", {**wrong, "_reason": "test"}).status_code == 422, wrong
    assert digest() == before
    job = finish(mine.post(f"{CUSTOMER}/export", {"format": "csv", "columns": ["name"], "_reason": "test"}))
    told = mine.get(f"jobs/{job.pk}").json()
    assert told["is_finished"] and told["result"]["rows"] == 1
    content = mine.get(f"{told['file']}/content").getvalue().decode("utf-8-sig")
    assert "蜀都酒行" in content and "别人的" not in content
    assert clerk.get(f"jobs/{job.pk}").status_code == 404 and clerk.get(told["file"]).status_code == 404


def test_a_job_that_a_narrow_token_began_sees_no_more_than_the_token(program, world: World) -> None:
    customer = make(world.system, "customers.customer", world["li_wei"], name="蜀都酒行")
    make(world.system, "customers.contact", world["li_wei"], name="单立人", customer=customer)
    asked = {"format": "csv", "columns": ["name", "customer"], "_reason": "test"}
    seen = {}
    for modules in ("customers.customer, customers.contact", "customers.contact"):
        token = program("li_wei", elevated="yes", modules=modules)
        job = finish(token.post("customers/contact/export", asked))
        seen[modules] = token.get(f"files/{job.result['file']}/content").getvalue().decode("utf-8-sig")
        assert "单立人" in seen[modules]
    assert ["蜀都酒行" in text for text in seen.values()] == [True, False]


def test_an_import_by_a_narrow_token_finds_no_more_than_the_token(program, world: World) -> None:
    make(world.system, "customers.customer", world["li_wei"], name="蜀都酒行")
    states = []
    for modules in ("customers.contact", "customers.customer, customers.contact"):
        token = program("li_wei", elevated="yes", modules=modules)
        begun = upload(token, "customers/contact/import", "new.csv", "name,customer\n单立人,蜀都酒行\n".encode()).json()
        path = f"customers/contact/import/{begun['id']}"
        finish(token.post(f"{path}/check", {}))
        states.append([row["state"] for row in token.get(f"{path}/rows").json()["items"]])
    assert states == [["problem"], ["pending"]]


def test_an_import_is_checked_applied_and_undone(program, world: World) -> None:
    mine = program("li_wei", elevated="yes")
    begun = upload(mine, f"{CUSTOMER}/import", "new.csv", "name,phone\n蜀都酒行,13800138000\n,1\n".encode())
    assert begun.status_code == 201, begun.content
    run = begun.json()
    assert run["mapping"]["0"] == "name" and run["state"] == "uploaded"
    path = f"{CUSTOMER}/import/{run['id']}"
    assert program("wang_fang").get(path).status_code == 404
    finish(mine.post(f"{path}/check", {}))
    rows = mine.get(f"{path}/rows?state=problem").json()["items"]
    assert [row["line"] for row in rows] == [3]
    assert {problem["field"] for problem in rows[0]["problems"]} == {"name", "phone"}
    finish(mine.post(f"{path}/apply", {"duplicates": "skip"}))
    assert Customer.objects.get(deleted_at=None).name == "蜀都酒行"
    assert mine.get(path).json()["summary"]["created"] == 1
    finish(mine.post(f"{path}/undo"))
    assert not Customer.objects.filter(deleted_at=None).exists()
    assert mine.post(f"{path}/apply", {"duplicates": "perhaps"}).status_code == 422
    assert upload(program("clerk"), f"{CUSTOMER}/import", "new.csv", b"name\nx\n").status_code == 403


def test_with_an_object_store_nothing_waits_for_it_with_the_database_held(
    program, world: World, settings: Any, tmp_path: Path
) -> None:
    """Calls with a key act within a transaction; the store refuses to be asked there (see platform.files.depot)."""
    settings.DATA = tmp_path
    mine = program("li_wei", elevated="yes")
    with s3_server.served() as bucket:
        places.use_objects(settings, bucket.endpoint)
        sent = {"file": SimpleUploadedFile("new.csv", "name,phone\n蜀都酒行,13800138000\n".encode())}
        begun = mine.client.post(
            f"/api/v1/{CUSTOMER}/import", sent, headers={**mine.headers, "Idempotency-Key": "object-store-1"}
        ).json()
        path = f"{CUSTOMER}/import/{begun['id']}"
        finish(mine.post(f"{path}/check", {}, Idempotency_Key="object-store-2"))
        finish(mine.post(f"{path}/apply", {"duplicates": "skip"}, Idempotency_Key="object-store-3"))
        asked = {"format": "csv", "columns": ["name"], "_reason": "test"}
        exported = finish(mine.post(f"{CUSTOMER}/export", asked, Idempotency_Key="object-store-4"))
        assert len(bucket.objects) == 2
        content = mine.get(f"files/{exported.result['file']}/content")
        assert "蜀都酒行" in b"".join(content.streaming_content).decode()

        bucket.troubles = [503] * 100
        assert mine.get(f"files/{exported.result['file']}/content").status_code == 503
        waiting = Job.objects.get(pk=mine.post(f"{CUSTOMER}/export", asked).json()["id"])
        run_job(waiting.pk)
        waiting.refresh_from_db()
        assert waiting.state == Job.State.QUEUED and waiting.attempts == 1
        assert StoredFile.objects.count() == 2
        bucket.troubles = []
        run_job(waiting.pk)
        assert StoredFile.objects.count() == len(bucket.objects) == 3
