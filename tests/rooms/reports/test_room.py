"""Folders, the wizard, keeping, running, sharing, dashboards and scheduled files (CRM-43 to CRM-47)."""

from __future__ import annotations

import datetime
import re
from typing import Any

import pytest
from django.test import Client
from django.utils import translation

from guanxi.kernel.errors import Invalid, NotAllowed, NotFound, Refused
from guanxi.platform.access.models import PersonRole, Role
from guanxi.platform.audit.models import AuditEntry
from guanxi.platform.jobs.models import Job
from guanxi.platform.jobs.running import run as run_job
from guanxi.platform.notices.models import Notice
from guanxi.records.actions import run
from guanxi.records.reporting import running
from guanxi.records.reporting.definition import read
from guanxi.records.standard import DELETE, create, edit
from guanxi.rooms.reports.actions import DELETE_FOLDER, SHARE_REPORT, install_reports
from guanxi.rooms.reports.actions.files import written
from guanxi.rooms.reports.actions.making import start_due
from guanxi.rooms.reports.actions.shipped import REPORTS
from guanxi.rooms.reports.models import Folder, Report, Schedule
from guanxi.rooms.reports.pages import asking
from guanxi.rooms.reports.pages.charts import chart_of
from guanxi.rooms.reports.pages.department import figures, shown
from guanxi.rooms.reports.rules import may_delete_folder, next_day
from guanxi.rooms.reports.upkeep import shares
from guanxi.web.menu import GROUPS
from tests.digest import digest

REPORT, FOLDER, DASHBOARD, SCHEDULE = "reports.report", "reports.folder", "reports.dashboard", "reports.schedule"
CUSTOMER = "customers.customer"
BY_CITY = {"module": CUSTOMER, "groups": [{"field": "city"}], "figures": [{"how": "count"}]}


@pytest.fixture(autouse=True)
def english(world):
    """Words as the tests know them, on pages too."""
    for person in world.people.values():
        type(person).objects.filter(pk=person.pk).update(language="en")
    with translation.override("en"):
        yield


@pytest.fixture
def folder(world) -> Any:
    return create(world.ctx("li_wei"), FOLDER, name="我的报表")


@pytest.fixture
def cities(world, folder) -> Report:
    """李伟's own report: his customers by city, two in 成都, one in 重庆."""
    ctx = world.ctx("li_wei")
    found = {"成都锦江酒业有限公司": "成都", "成都武侯商贸有限公司": "成都", "重庆渝中糖酒有限公司": "重庆"}
    for name, city in found.items():
        create(ctx, CUSTOMER, confirmed=True, name=name, city=city)
    made: Report = create(ctx, REPORT, name="客户按城市", folder=folder, definition=BY_CITY)
    return made


def page_of(client: Client, world: Any, username: str, address: str) -> str:
    client.force_login(world[username])
    answer = client.get(address)
    assert answer.status_code == 200, (address, answer.status_code)
    return answer.content.decode()


# ---- Rules -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rhythm", "after", "then"),
    [
        ("daily", "2026-11-21", "2026-11-22"), ("weekly", "2026-11-21", "2026-11-23"),
        ("weekly", "2026-11-23", "2026-11-30"), ("monthly", "2026-12-31", "2027-01-01"),
        ("monthly", "2026-11-01", "2026-12-01"),
    ],
)  # fmt: skip
def test_when_the_next_file_comes(rhythm, after, then) -> None:
    assert next_day(rhythm, datetime.date.fromisoformat(after)).isoformat() == then


@pytest.mark.clause("CRM-46")
def test_a_folder_is_deleted_only_when_it_is_empty(world, folder, cities) -> None:
    assert may_delete_folder(0).allowed and not may_delete_folder(2).allowed
    ctx = world.ctx("li_wei")
    before = digest()
    with pytest.raises(Refused, match="still reports"):
        run(DELETE_FOLDER, ctx, FOLDER, folder)
    assert digest() == before
    other = create(ctx, FOLDER, name="空文件夹")
    run(DELETE_FOLDER, ctx, FOLDER, other)
    assert not ctx.search(FOLDER).filter(pk=other.pk).exists()
    edit(ctx, REPORT, cities, folder=Folder.objects.create(name="别处", created_at=world.now, changed_at=world.now))
    run(DELETE_FOLDER, ctx, FOLDER, folder)


# ---- The wizard ------------------------------------------------------------------------------------------------------


@pytest.mark.clause("CRM-43")
def test_the_related_modules_follow_the_primary_one(world, client) -> None:
    first = page_of(client, world, "li_wei", "/reports/report/new/")
    assert 'name="module"' in first and 'value="sales.opportunity:customer"' in first and "Continue" in first
    headings = re.findall('<optgroup label="([^"]*)"', first)
    in_the_menu = [str(heading) for heading in GROUPS.values()]
    assert [each for each in in_the_menu if each in headings] == [each for each in headings if each in in_the_menu]
    assert len(headings) > 4 and first.count('<option value="customers.customer" selected>') == 1
    part = page_of(client, world, "li_wei", "/reports/related/?module=sales.opportunity")
    assert 'value="stage"' in part and 'value="sales.opportunity:customer"' not in part
    # A module that one may not see can be neither primary nor related.
    assert 'value="audit.' not in first


@pytest.mark.clause("CRM-44")
def test_the_settings_stand_below_each_other_in_one_form(world, client) -> None:
    second = page_of(client, world, "li_wei", f"/reports/report/new/?step=2&module={CUSTOMER}&related=owner")
    headings = ["Type of report", "Columns", "Grouping", "Calculations", "Filters", "Chart"]
    places = [second.index(f"<span>{heading}</span>") for heading in headings]
    assert places == sorted(places) and second.count("<details") >= len(headings)
    # What was set under one heading stands there still when another one was wrong.
    sent = {"module": CUSTOMER, "kind": "groups", "group0": "city", "order0": "-figure", "how0": "sum", "of0": "",
            "chart": "pie", "do": "run"}  # fmt: skip
    answer = client.post("/reports/report/new/", sent)
    shown = answer.content.decode()
    assert answer.status_code == 422 and "Choose the field" in shown
    assert '<option value="city" selected>' in shown and '<option value="pie" selected>' in shown


@pytest.mark.clause("CRM-45")
def test_save_and_run_asks_for_name_and_folder_and_runs_anew(world, client, folder, cities) -> None:
    client.force_login(world["li_wei"])
    sent = {"module": CUSTOMER, "kind": "groups", "group0": "city", "how0": "count", "do": "save",
            "description": "每城"}  # fmt: skip
    count = Report.objects.count()
    for missing in ({"name": "", "folder": str(folder.pk)}, {"name": "按城市", "folder": ""}):
        answer = client.post("/reports/report/new/", {**sent, **missing})
        assert answer.status_code == 422 and Report.objects.count() == count
    answer = client.post("/reports/report/new/", {**sent, "name": "按城市", "folder": str(folder.pk)})
    made = Report.objects.get(name="按城市")
    assert answer.url == f"/reports/report/{made.pk}/" and made.description == "每城" and made.folder == folder
    shelf = page_of(client, world, "li_wei", "/reports/all/")
    assert "按城市" in shelf and "我的报表" in shelf
    assert ">2<" in client.get(answer.url).content.decode().replace("\n", "")
    create(world.ctx("li_wei"), CUSTOMER, confirmed=True, name="成都高新酒业有限公司", city="成都")
    assert ">3<" in client.get(answer.url).content.decode().replace("\n", "")


def test_what_cannot_be_run_is_not_kept(world, folder) -> None:
    before = digest()
    for wrong in ({"module": "no.module", "groups": [{"field": "x"}]}, {"module": CUSTOMER}, {}, [1]):
        with pytest.raises(Invalid):
            create(world.ctx("li_wei"), REPORT, name="错的", folder=folder, definition=wrong)
    with pytest.raises(NotAllowed):
        create(world.ctx("clerk"), REPORT, name="看不到", folder=folder, definition=BY_CITY)
    assert digest() == before


# ---- Running ---------------------------------------------------------------------------------------------------------


@pytest.mark.clause("CRM-47")
def test_a_run_with_other_filters_leaves_the_report_as_it_is(world, client, cities) -> None:
    address = f"/reports/report/{cities.pk}/"
    assert "重庆" in page_of(client, world, "li_wei", address)
    other = page_of(client, world, "li_wei", f"{address}?run=1&f0=city&o0=equals&v0=成都&join=all")
    assert "成都" in other and ">重庆<" not in other and "Save as" in other
    cities.refresh_from_db()
    assert cities.definition["filters"] == {}
    nothing = page_of(client, world, "li_wei", f"{address}?run=1&f0=city&o0=equals&v0=拉萨&join=all")
    assert "Nothing to report" in nothing


def test_a_file_needs_the_right_to_export_and_goes_on_record(world, client, cities) -> None:
    run(SHARE_REPORT, world.ctx("li_wei"), REPORT, cities, {"sharing": "public"})
    address = f"/reports/file/?report={cities.pk}"
    client.force_login(world["service"])
    assert client.get(address).status_code == 403
    client.force_login(world["li_wei"])
    assert client.get(address).status_code == 200
    ctx = world.ctx("li_wei")
    result = running.run(ctx, read(cities.definition))
    text = written(ctx, "csv", "城市", "", result).decode("utf-8-sig").splitlines()
    assert text[1:] == ["成都,2", "重庆,1", "Total,3"]
    assert written(ctx, "xlsx", "城市", "", result)[:2] == b"PK"
    assert written(ctx, "pdf", "城市", "", result)[:4] == b"%PDF"


def test_a_large_report_is_made_by_a_job(world, client, cities, monkeypatch) -> None:
    monkeypatch.setattr(running, "ROWS_AT_ONCE", 2)
    client.force_login(world["li_wei"])
    answer = client.get(f"/reports/report/{cities.pk}/")
    job = Job.objects.get(kind="reports.run")
    assert answer.url == f"/jobs/{job.pk}/"
    run_job(job.pk)
    made = client.get(f"/reports/made/{job.pk}/").content.decode()
    assert "成都" in made and "in the background" in made
    client.force_login(world["zhang_min"])
    assert client.get(f"/reports/made/{job.pk}/").status_code == 404


def test_what_an_address_carries_is_read_back_or_refused(world) -> None:
    definition = read(BY_CITY)
    assert asking.unpacked(asking.packed(definition)) == definition
    for wrong in ("", "x", "AAAA", asking.packed(definition)[:-8]):
        with pytest.raises(Invalid):
            asking.unpacked(wrong)


@pytest.mark.parametrize("kind", ["bar", "line", "pie", "funnel"])
def test_charts_are_drawn_of_the_first_grouping(world, cities, kind) -> None:
    definition = read({**BY_CITY, "chart": {"kind": kind, "figure": 0}})
    chart = chart_of(kind, running.run(world.ctx("li_wei"), definition))
    assert chart is not None and len(chart.marks) == 2 and chart.marks[0].told.startswith("成都: 2")
    assert chart_of(kind, running.run(world.ctx("wang_fang"), definition)) is None


# ---- Sharing ---------------------------------------------------------------------------------------------------------


def test_a_report_is_its_owners_until_it_is_shared(world, cities) -> None:
    li = world.ctx("li_wei")
    for username in ("wang_fang", "general_manager"):
        with pytest.raises(NotFound):
            world.ctx(username).get(REPORT, cities.pk)
    run(SHARE_REPORT, li, REPORT, cities, {"sharing": "chosen", "people": [str(world["wang_fang"].pk)]})
    assert world.ctx("wang_fang").get(REPORT, cities.pk) == cities
    with pytest.raises(NotAllowed):
        run(DELETE, world.ctx("wang_fang"), REPORT, cities)
    run(SHARE_REPORT, li, REPORT, cities, {"sharing": "private"})
    with pytest.raises(NotFound):
        world.ctx("wang_fang").get(REPORT, cities.pk)
    with pytest.raises(Invalid, match="at least one"):
        run(SHARE_REPORT, li, REPORT, cities, {"sharing": "chosen"})


def test_a_share_with_a_role_follows_who_holds_it(world, cities) -> None:
    role = Role.objects.get(code="service")
    run(SHARE_REPORT, world.ctx("li_wei"), REPORT, cities, {"sharing": "chosen", "roles": [str(role.pk)]})
    assert world.ctx("service").search(REPORT).filter(pk=cities.pk).exists()
    PersonRole.objects.create(person=world["clerk"], role=role, created_at=world.now, changed_at=world.now)
    PersonRole.objects.filter(person=world["service"], role=role).delete()
    shares(world.now)
    assert world.ctx("clerk").search(REPORT).filter(pk=cities.pk).exists()
    assert not world.ctx("service").search(REPORT).filter(pk=cities.pk).exists()


# ---- Shipped, dashboards, schedules ----------------------------------------------------------------------------------


@pytest.mark.clause("CRM-47")
def test_every_shipped_report_runs_for_the_manager(world) -> None:
    assert install_reports(world.now) == len(REPORTS) >= 20 and install_reports(world.now) == 0
    ctx = world.ctx("sales_manager")
    for report in ctx.search(REPORT):
        assert running.run(ctx, read(report.definition)).gone == (), report.name


def test_each_role_finds_its_dashboard_first(world, client) -> None:
    install_reports(world.now)
    page = page_of(client, world, "sales_manager", "/reports/dashboards/")
    assert "<h1>销售管理</h1>" in page and page.count('hx-get="/reports/tile/') == 5
    assert "<h1>我的业务</h1>" in page_of(client, world, "li_wei", "/reports/dashboards/")


def test_a_tile_shows_a_report_only_to_whom_it_is_shared_with(world, client, cities) -> None:
    board = create(world.ctx("li_wei"), DASHBOARD, name="我的", is_public=True,
                   lines=[{"report": cities, "show": "table", "size": "half", "place": 10}])  # fmt: skip
    tile = board.tiles.get()
    assert "成都" in page_of(client, world, "li_wei", f"/reports/tile/{tile.pk}/")
    assert "not shared with you" in page_of(client, world, "wang_fang", f"/reports/tile/{tile.pk}/")


def test_a_scheduled_file_comes_with_the_recipients_rights(world, cities, client) -> None:
    li = world.ctx("li_wei")
    run(SHARE_REPORT, li, REPORT, cities, {"sharing": "public"})
    people = [{"person": world[name]} for name in ("wang_fang", "clerk")]
    schedule = create(li, SCHEDULE, name="每周城市", report=cities, rhythm="weekly", form="csv", lines=people)
    assert schedule.next_on == datetime.date(2026, 11, 23)
    assert start_due(world.now) == 0
    monday = world.now + datetime.timedelta(days=2)
    assert start_due(monday) == 2 and start_due(monday) == 0
    assert Schedule.objects.get().next_on == datetime.date(2026, 11, 30)
    jobs = {job.actor.username: job for job in Job.objects.filter(kind="reports.file").select_related("actor")}
    run_job(jobs["wang_fang"].pk)
    jobs["wang_fang"].refresh_from_db()
    # 王芳 has no customers: her file has no rows of 李伟's.
    assert jobs["wang_fang"].result["rows"] == 0
    assert Notice.objects.filter(person=world["wang_fang"], title__contains="is ready").exists()
    assert AuditEntry.objects.filter(action="export", actor=world["wang_fang"]).exists()
    run_job(jobs["clerk"].pk)
    assert Notice.objects.filter(person=world["clerk"], title__contains="could not be made").exists()


# ---- The department --------------------------------------------------------------------------------------------------


@pytest.mark.clause("RPT-10")
def test_a_manager_sees_each_salesperson_and_a_salesperson_does_not(world, client, cities) -> None:
    """李伟 has three customers, one task overdue; 张敏 one customer and nothing late."""
    create(world.ctx("zhang_min"), CUSTOMER, confirmed=True, name="杭州西湖酒业有限公司")
    early = world.ctx("li_wei", now=world.now - datetime.timedelta(days=9))
    create(early, "engagement.task", subject="补签合同", due_on="2026-11-13")
    ctx = world.ctx("sales_manager")
    columns = {each.module: each for each in shown(ctx)}
    people = {str(world[name].pk): name for name in ("li_wei", "zhang_min")}

    def counted(module: str) -> dict[str, Any]:
        _heading, found = figures(ctx, columns[module], "this_month")
        return {people[key]: line.cells[1] for key, line in found.items()}

    assert counted(CUSTOMER) == {"li_wei": 3, "zhang_min": 1}
    assert counted("engagement.task") == {"li_wei": 1}
    page = page_of(client, world, "sales_manager", "/reports/department/")
    assert "李伟" in page and "张敏" in page and "Tasks overdue" in page
    client.force_login(world["li_wei"])
    assert client.get("/reports/department/").status_code == 403
