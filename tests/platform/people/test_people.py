from datetime import UTC, date, datetime

import pytest
from django.contrib.auth import authenticate, get_user
from django.contrib.auth import login as django_login
from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django.test import override_settings

from guanxi.kernel.errors import Invalid
from guanxi.platform.access.rights import rights_of
from guanxi.platform.people.accounts import change_password, deactivate, end_sessions, reactivate
from guanxi.platform.people.models import Department, Deputy, Person
from guanxi.platform.people.queries import deputies_of, superior_of
from guanxi.platform.people.sessions import SessionStore

pytestmark = pytest.mark.django_db

BACKEND = "django.contrib.auth.backends.ModelBackend"
PASSWORD = "correct horse battery"


@pytest.fixture(autouse=True)
def quick_passwords():
    settings = {
        "PASSWORD_HASHERS": ["django.contrib.auth.hashers.MD5PasswordHasher"],
        "AUTHENTICATION_BACKENDS": [BACKEND],
    }
    with override_settings(**settings):
        yield


def person(username, **fields):
    return Person.objects.create_user(username, PASSWORD, **{"name": username, **fields})


def session_of(someone):
    request = HttpRequest()
    request.session = SessionStore()
    django_login(request, someone, backend=BACKEND)
    return request


def is_alive(request):
    return get_user(request).is_authenticated


def test_pinyin_and_initials_follow_the_name_with_surname_readings():
    shan = person("shan", name="单雄信")
    assert (shan.name_pinyin, shan.initials) == ("shanxiongxin", "sxx")
    shan.name = "王丽"
    shan.save(update_fields=["name"])
    shan.refresh_from_db()
    assert (shan.name_pinyin, shan.initials) == ("wangli", "wl")


def test_user_names_are_one_whatever_their_case_and_width():
    wang = person(" WangLi ")
    assert wang.username == "wangli"
    assert Person.objects.get_by_natural_key("ＷＡＮＧＬＩ") == wang
    with pytest.raises(IntegrityError), transaction.atomic():
        person("WANGLI")
    assert authenticate(username="WangLi", password=PASSWORD) == wang
    assert authenticate(username="WangLi", password="wrong") is None


def test_a_person_without_password_cannot_log_in():
    Person.objects.create_user("robot", name="robot")
    assert authenticate(username="robot", password="") is None


def test_employee_numbers_are_unique_but_may_be_missing():
    person("a", number="")
    person("b", number="")
    person("c", number="0017")
    with pytest.raises(IntegrityError), transaction.atomic():
        person("d", number="0017")


def test_deactivation_ends_sessions_for_good():
    wang = person("wang")
    request = session_of(wang)
    assert is_alive(request)
    deactivate(wang)
    assert not is_alive(request)
    assert authenticate(username="wang", password=PASSWORD) is None
    reactivate(wang)
    assert authenticate(username="wang", password=PASSWORD) == wang
    assert not is_alive(request)


def test_a_new_password_and_a_raised_epoch_end_sessions():
    wang = person("wang")
    epoch = wang.epoch
    request = session_of(wang)
    change_password(wang, "another long password")
    assert wang.epoch == epoch + 1
    assert not is_alive(request)
    assert authenticate(username="wang", password=PASSWORD) is None
    request = session_of(authenticate(username="wang", password="another long password"))
    assert is_alive(request)
    assert end_sessions([wang.pk]) == 1
    assert not is_alive(request)


def test_a_weak_password_is_refused_and_changes_nothing():
    wang = person("wang")
    request = session_of(wang)
    with pytest.raises(Invalid) as caught:
        change_password(wang, "short")
    assert "password" in caught.value.errors
    assert is_alive(request)
    assert authenticate(username="wang", password=PASSWORD) == wang


def test_who_is_in_the_recycle_bin_neither_logs_in_nor_stays_in():
    wang = person("wang")
    request = session_of(wang)
    Person.objects.filter(pk=wang.pk).update(deleted_at=datetime(2026, 1, 1, tzinfo=UTC))
    assert not is_alive(request)
    assert authenticate(username="wang", password=PASSWORD) is None


def test_the_superior_is_named_or_the_nearest_head_that_can_decide():
    boss, manager, seller, other = (person(name) for name in ("boss", "manager", "seller", "other"))
    company = Department.objects.create(name="c", code="c", head=boss)
    sales = Department.objects.create(name="s", code="s", parent=company, head=manager)
    team = Department.objects.create(name="t", code="t", parent=sales)
    for someone, department in ((boss, company), (manager, sales), (seller, team)):
        someone.department = department
        someone.save()
    assert superior_of(seller) == manager
    assert superior_of(manager) == boss
    assert superior_of(boss) is None
    seller.superior = other
    seller.save()
    assert superior_of(seller) == other
    deactivate(other)
    deactivate(manager)
    assert superior_of(Person.objects.get(pk=seller.pk)) == boss
    assert superior_of(person("nobody")) is None


def represents(deputy, day):
    """Whose rows count as the deputy's own on that day."""
    return rights_of(deputy, datetime(day.year, day.month, day.day, 4, tzinfo=UTC)).represented


def test_deputies_stand_in_on_their_days_only():
    absent, first, second = person("absent"), person("first"), person("second")
    Deputy.objects.create(person=absent, deputy=first, from_date=date(2026, 5, 4), until_date=date(2026, 5, 8))
    Deputy.objects.create(person=first, deputy=second, from_date=date(2026, 5, 4), until_date=date(2026, 5, 8))
    assert set(deputies_of(absent, date(2026, 5, 4))) == {first}
    assert set(deputies_of(absent, date(2026, 5, 8))) == {first}
    assert not deputies_of(absent, date(2026, 5, 3)).exists()
    assert not deputies_of(absent, date(2026, 5, 9)).exists()
    assert represents(first, date(2026, 5, 6)) == {absent.pk}
    assert represents(second, date(2026, 5, 6)) == {first.pk}
    assert represents(first, date(2026, 5, 9)) == set()
    Deputy.objects.filter(deputy=second).update(deleted_at=datetime(2026, 5, 1, tzinfo=UTC))
    assert represents(second, date(2026, 5, 6)) == set()
    deactivate(first)
    assert not deputies_of(absent, date(2026, 5, 6)).exists()
    assert represents(first, date(2026, 5, 6)) == set()


def test_the_database_refuses_impossible_deputies_and_superiors():
    one, two = person("one"), person("two")
    Deputy.objects.create(person=one, deputy=two, from_date=date(2026, 5, 4), until_date=date(2026, 5, 4))
    with pytest.raises(IntegrityError), transaction.atomic():
        Deputy.objects.create(person=one, deputy=one, from_date=date(2026, 5, 4), until_date=date(2026, 5, 8))
    with pytest.raises(IntegrityError), transaction.atomic():
        Deputy.objects.create(person=one, deputy=two, from_date=date(2026, 5, 4), until_date=date(2026, 5, 3))
    one.superior = one
    with pytest.raises(IntegrityError), transaction.atomic():
        one.save()
