"""The agents' server as an agent meets it: the real client, the real command, another process."""

from __future__ import annotations

import subprocess
from typing import Any

from mcp import Client

from guanxi.platform.access.models import AccessToken
from guanxi.platform.audit.models import AuditEntry, Disclosure
from guanxi.records import registry
from guanxi.records.actions import run
from guanxi.records.standard import action_of, create
from tests.agents.conftest import converse, server, token_of
from tests.digest import digest
from tests.people import World

CUSTOMER = "customers.customer"
TOOLS = [
    "list_record_types", "describe_record_type", "find_records", "search", "get_record", "history", "create_record",
    "edit_record", "run_action",
]  # fmt: skip


async def told(client: Client, tool: str, **arguments: Any) -> dict[str, Any]:
    """The answer of a call that must succeed."""
    answer = await client.call_tool(tool, arguments)
    assert not answer.is_error, answer.content
    return answer.structured_content


async def refused(client: Client, tool: str, **arguments: Any) -> dict[str, Any]:
    """The problem of a call that must not; nothing of the business has changed."""
    before = digest_elsewhere()
    answer = await client.call_tool(tool, arguments)
    assert answer.is_error, answer.content
    assert digest_elsewhere() == before
    return answer.structured_content or {"text": answer.content[0].text}


def digest_elsewhere() -> str:
    """The fingerprint of the database; asked from within the client's loop, which Django would not allow."""
    from concurrent.futures import ThreadPoolExecutor

    from django.db import connection

    def count() -> str:
        try:
            return digest()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(count).result()


def test_an_agent_does_a_days_work_in_its_persons_name(company: World) -> None:
    create(company.ctx("wang_fang"), CUSTOMER, name="秘密酒业有限公司")
    made: dict[str, Any] = {}

    async def work(client: Client) -> None:
        offered = (await client.list_tools()).tools
        assert [tool.name for tool in offered] == TOOLS
        assert [tool.name for tool in offered if tool.annotations.read_only_hint] == TOOLS[:6]
        assert set(offered[7].input_schema["required"]) == {"module", "id", "version", "values"}
        assert all(tool.description and "ctx" not in tool.input_schema["properties"] for tool in offered)

        types = (await told(client, "list_record_types"))["record_types"]
        may = {each["key"]: each["may"] for each in types}
        assert {"view", "create", "edit"} <= set(may[CUSTOMER]) and "assign" not in may[CUSTOMER]
        fields = (await told(client, "describe_record_type", module=CUSTOMER))["fields"]
        assert {"name", "owner"} <= {field["name"] for field in fields}

        record = (await told(client, "create_record", module=CUSTOMER, values={"name": "川兴酒业有限公司"}))["record"]
        made.update(record)
        found = await told(
            client, "find_records", module=CUSTOMER, fields=["name"],
            filter={"field": "name", "op": "contains", "value": "酒业"},
        )  # fmt: skip
        assert found["records"] == [{"id": record["id"], "version": 1, "name": "川兴酒业有限公司"}]
        assert found["next"] == ""
        hits = (await told(client, "search", query="cxjy"))["hits"]
        assert [hit["id"] for hit in hits if hit["module"] == CUSTOMER] == [record["id"]]
        read = await told(client, "get_record", module=CUSTOMER, id=record["id"])
        assert read["owner"]["title"] == "李伟"

        edited = await told(
            client, "edit_record", module=CUSTOMER, id=record["id"], version=1, values={"name": "川兴酒业"},
            reason="the person said so",
        )  # fmt: skip
        assert (edited["record"]["name"], edited["record"]["version"]) == ("川兴酒业", 2)
        past = (await told(client, "history", module=CUSTOMER, id=record["id"]))["history"]
        assert [(entry["action"], entry["by"], entry["source"], entry["token"]) for entry in past] == [
            ("edit", "李伟", "agent", "Agent"), ("create", "李伟", "agent", "Agent"),
        ]  # fmt: skip
        assert past[0]["reason"] == "the person said so"
        gone = await told(client, "run_action", module=CUSTOMER, action="delete", id=record["id"], version=2)
        assert gone == {"done": "delete"}
        binned = await told(client, "find_records", module=CUSTOMER, in_recycle_bin=True)
        assert [(row["id"], row["version"]) for row in binned["records"]] == [(record["id"], 3)]

    converse(server(token_of(company, "li_wei")), work)
    entries = AuditEntry.objects.filter(module=CUSTOMER, source="agent")
    assert {(entry.actor_name, entry.outcome, entry.token_name) for entry in entries} == {("李伟", "done", "Agent")}
    assert entries.filter(record_id=made["id"]).count() == 3
    token = AccessToken.objects.get(owner=company["li_wei"])
    looks = Disclosure.objects.filter(source="agent", actor=company["li_wei"], outcome="done", token=token.pk)
    kinds = list(looks.filter(record_id=made["id"]).values_list("kind", flat=True))
    assert len(kinds) >= 4 and set(kinds) == {"view"}  # created, read, edited, its history, found in the bin
    assert looks.filter(kind="search", detail__words="cxjy").exists() and looks.filter(kind="list").exists()


def test_what_the_person_may_not_the_agent_may_not(company: World) -> None:
    others = create(company.ctx("wang_fang"), CUSTOMER, name="秘密酒业有限公司")
    mine = create(company.ctx("li_wei"), CUSTOMER, name="川兴酒业有限公司")
    thing = create(company.ctx("li_wei"), "room.thing", name="Bottle")
    key, other, bottle = str(mine.pk), str(others.pk), str(thing.pk)

    async def work(client: Client) -> None:
        found = await told(client, "find_records", module=CUSTOMER)
        assert [row["id"] for row in found["records"]] == [key]
        assert (await told(client, "search", query="秘密"))["hits"] == []
        for tool, more in (
            ("get_record", {}), ("history", {}), ("edit_record", {"version": 1, "values": {"name": "x"}}),
            ("run_action", {"action": "delete", "version": 1}),
        ):  # fmt: skip
            assert (await refused(client, tool, module=CUSTOMER, id=other, **more))["problem"] == "not_found"
        assign = {"module": CUSTOMER, "action": "assign", "id": key, "version": 1, "values": {"owner": "王芳"}}
        assert (await refused(client, "run_action", **assign))["problem"] == "not_allowed"
        assert (await refused(client, "find_records", module="access.role"))["problem"] == "not_allowed"
        assert (await refused(client, "find_records", module="no.such"))["problem"] == "not_found"

        wrong = await refused(client, "create_record", module=CUSTOMER, values={"name": "", "no_such": 1})
        assert wrong["problem"] == "invalid" and set(wrong["errors"]) == {"name", "no_such"}
        stale = await refused(client, "edit_record", module=CUSTOMER, id=key, version=7, values={"name": "x"})
        assert (stale["problem"], stale["current_version"]) == ("stale", 1)
        blind = await refused(client, "run_action", module=CUSTOMER, action="delete", id=key)
        assert blind["errors"].keys() == {"version"}
        filtered = await refused(client, "find_records", module=CUSTOMER, filter={"field": "password", "op": "filled"})
        assert filtered["problem"] == "invalid"

        change = {"module": "room.thing", "id": bottle, "version": 1}
        no = await refused(client, "edit_record", **change, values={"pieces": 5000})
        assert no["problem"] == "refused"
        assert no["reasons"] == [
            {
                "clause": "X-01", "message": "5000 pieces are too many.", "remedy": "At most 1000.", "figures": {},
                "blocking": True,
            }
        ]  # fmt: skip
        careful = await refused(client, "edit_record", **change, values={"pieces": 500})
        assert "confirmed=true" in careful["to_go_on"]
        done = await told(client, "edit_record", **change, values={"pieces": 500}, confirmed=True)
        assert done["record"]["pieces"] == 500

    converse(server(token_of(company, "li_wei")), work)
    assert AuditEntry.objects.filter(source="agent", outcome="refused", actor=company["li_wei"]).count() >= 3
    assert Disclosure.objects.filter(source="agent", outcome="refused", record_id=others.pk).exists()


def test_a_token_narrows_its_person_and_ends_when_it_is_revoked(company: World) -> None:
    create(company.ctx("li_wei"), CUSTOMER, name="川兴酒业有限公司")
    secret = token_of(company, "li_wei", read_only=True, modules=CUSTOMER)

    def revoke() -> None:
        from django.db import connection

        action = action_of(registry.module("access.accesstoken"), "revoke")
        assert action is not None
        ctx = company.ctx("li_wei")
        run(action, ctx, "access.accesstoken", ctx.search("access.accesstoken").get().pk)
        connection.close()

    async def work(client: Client) -> None:
        from anyio import to_thread

        assert [each["key"] for each in (await told(client, "list_record_types"))["record_types"]] == [CUSTOMER]
        assert len((await told(client, "find_records", module=CUSTOMER))["records"]) == 1
        no = await refused(client, "create_record", module=CUSTOMER, values={"name": "锦江酒店"})
        assert no["problem"] == "not_allowed"
        await to_thread.run_sync(revoke)
        gone = await refused(client, "find_records", module=CUSTOMER)
        assert gone == {"problem": "not_allowed", "message": "访问令牌无效或已失效。"}

    converse(server(secret), work)


def test_secrets_are_not_told_to_agents(company: World) -> None:
    key = str(company["li_wei"].pk)

    async def work(client: Client) -> None:
        person = await told(client, "get_record", module="people.person", id=key)
        reset = {"module": "people.person", "action": "reset_password", "id": key, "version": person["version"]}
        answer = await client.call_tool("run_action", reset)
        assert answer.is_error or "withheld" in answer.structured_content

    converse(server(token_of(company, "system_admin")), work)


def test_a_command_without_a_valid_token_does_not_begin(company: World) -> None:
    for secret, words, said in (
        ("", (), "GUANXI_ACCESS_TOKEN"),
        ("gx_nonsense", (), "not valid"),
        (token_of(company, "li_wei"), ("--person", "wang_fang"), "wang_fang"),
    ):
        parameters = server(secret, *words)
        ended = subprocess.run(
            [parameters.command, *parameters.args], env=parameters.env, cwd=parameters.cwd, capture_output=True,
            text=True, timeout=60, stdin=subprocess.DEVNULL, check=False,
        )  # fmt: skip
        assert ended.returncode == 1 and said in ended.stderr and ended.stdout == "", (said, ended)
