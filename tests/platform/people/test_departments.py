import pytest
from django.db import transaction
from django.utils.translation import override

from guanxi.kernel.errors import Invalid
from guanxi.platform.people.departments import MAX_DEPTH
from guanxi.platform.people.models import Department
from guanxi.platform.people.queries import department_ids_from, descendants

pytestmark = pytest.mark.django_db


def place(code, parent=None):
    return Department.objects.create(name=code, code=code, parent=parent)


def paths():
    codes = {department.pk.hex: department.code for department in Department.objects.all()}
    return {
        department.code: "/".join(codes[part] for part in department.path.strip("/").split("/"))
        for department in Department.objects.all()
    }


def test_the_path_leads_from_the_top_and_moves_with_its_subtree():
    company = place("c")
    sales, service = place("sales", company), place("service", company)
    east = place("east", sales)
    team = place("team", east)
    assert paths() == {
        "c": "c", "sales": "c/sales", "service": "c/service", "east": "c/sales/east", "team": "c/sales/east/team",
    }  # fmt: skip
    assert team.depth == 3
    east.parent = service
    east.save()
    assert paths() == {
        "c": "c", "sales": "c/sales", "service": "c/service", "east": "c/service/east", "team": "c/service/east/team",
    }  # fmt: skip
    assert {d.code for d in descendants(Department.objects.get(code="service"))} == {"service", "east", "team"}
    assert department_ids_from(service.pk) == {service.pk, east.pk, team.pk}
    assert department_ids_from(sales.pk) == {sales.pk}
    assert department_ids_from(None) == frozenset()


def test_a_partial_save_keeps_the_path_right():
    company = place("c")
    sales, service = place("sales", company), place("service", company)
    sales.parent = service
    sales.name = "renamed"
    sales.save(update_fields=["name"])
    assert paths()["sales"] == "c/sales"
    sales.save(update_fields=["parent"])
    assert paths()["sales"] == "c/service/sales"
    with pytest.raises(NotImplementedError):
        Department.objects.bulk_create([Department(name="x", code="x")])


def test_a_stale_copy_does_not_tear_the_tree():
    company = place("c")
    sales, service = place("sales", company), place("service", company)
    east = place("east", sales)
    stale = Department.objects.get(code="east")
    sales.parent = service
    sales.save()
    stale.name = "east again"
    stale.save()
    assert paths()["east"] == "c/service/sales/east"
    assert east.pk in department_ids_from(service.pk)


def test_no_department_below_itself():
    company = place("c")
    sales = place("sales", company)
    east = place("east", sales)
    before = paths()
    for parent in (sales, east):
        sales.parent = parent
        with pytest.raises(Invalid) as caught, transaction.atomic():
            sales.save()
        assert list(caught.value.errors) == ["parent"]
    assert paths() == before


def test_the_tree_has_a_deepest_level_also_for_those_moved_along():
    department = None
    for level in range(MAX_DEPTH):
        department = place(f"d{level:02}", department)
    with pytest.raises(Invalid, match="20"), transaction.atomic():
        place("too-deep", department)
    top, below = place("top"), None
    below = place("below", top)
    top.parent = Department.objects.get(code="d18")
    with pytest.raises(Invalid, match="20"), transaction.atomic():
        top.save()
    assert paths()["below"] == "top/below"
    top.parent = Department.objects.get(code="d17")
    top.save()
    below.refresh_from_db()
    assert below.depth == 19


def test_the_department_above_must_exist():
    with override("en"), pytest.raises(Invalid, match="does not exist"), transaction.atomic():
        place("sales", Department(name="never saved", code="x"))
    assert paths() == {}
