"""Access tokens: made by their owner, shown once, narrower than he, gone when he says so."""

import datetime

import pytest

from guanxi.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from guanxi.platform.access import tokens
from guanxi.platform.access.models import AccessToken
from guanxi.platform.access.rights import Limits
from guanxi.platform.audit.models import AuditEntry
from guanxi.platform.people.accounts import deactivate
from guanxi.records import registry, standard
from guanxi.records.actions import run
from guanxi.records.standard import action_of
from tests.digest import digest
from tests.makers import make
from tests.people import NOW, World

TOKEN = "access.accesstoken"
HERE = "203.0.113.7"


def made(world: World, username: str = "li_wei", **values: object) -> tuple[AccessToken, str]:
    ctx = world.ctx(username)
    token = standard.create(ctx, TOKEN, **{"name": "Shop", "expires_on": "2027-01-31", **values})
    return token, ctx.told[0].secret


def revoke(world: World, username: str, token: AccessToken) -> None:
    action = action_of(registry.module(TOKEN), "revoke")
    assert action is not None
    run(action, world.ctx(username), TOKEN, token.pk)


def test_the_secret_is_told_once_and_kept_nowhere(world: World) -> None:
    token, secret = made(world)
    assert secret.startswith("gx_") and len(secret) == 46
    assert token.owner == world["li_wei"] and token.read_only
    assert secret.startswith(token.hint) and token.digest == tokens.digest_of(secret)
    assert "digest" not in registry.entry(TOKEN).fields
    trail = AuditEntry.objects.get(module=TOKEN, record_id=token.pk)
    assert secret not in str(trail.changes) and token.digest not in str(trail.changes)
    found = tokens.find(secret, HERE, NOW)
    assert found == token
    assert tokens.find(secret[:-1] + "_", HERE, NOW) is None
    assert tokens.find("gx_", HERE, NOW) is None
    assert tokens.find(token.digest, HERE, NOW) is None


def test_nobody_makes_one_for_somebody_else(world: World) -> None:
    before = digest()
    for wrong in ({"owner": world["wang_fang"]}, {"digest": "0" * 64}, {"revoked_at": "2026-11-21"}):
        with pytest.raises(Invalid):
            made(world, **wrong)
    assert digest() == before


@pytest.mark.parametrize(
    "wrong",
    [
        {"expires_on": ""},
        {"expires_on": "2026-11-20"},
        {"expires_on": "2027-11-23"},
        {"modules": "customers.customers"},
        {"actions": ["fly"]},
        {"addresses": "10.0.0.0/33"},
        {"addresses": "example.org"},
    ],
)
def test_what_makes_no_sense_is_refused(world: World, wrong: dict[str, str]) -> None:
    before = digest()
    with pytest.raises(Invalid) as problem:
        made(world, **wrong)
    assert set(problem.value.errors) == set(wrong)
    assert digest() == before


def test_what_it_may_do_is_chosen_from_lists_and_shown_in_words(world: World) -> None:
    everything = registry.entry(TOKEN)
    modules, actions = everything.field("modules"), everything.field("actions")
    labels = [str(label) for _name, label in actions.choices]
    assert len(labels) == len(set(labels)), "verbs of one label are told apart"
    token, _secret = made(world, read_only=False, modules=["customers.customer", "客户意见"], actions="view, create")
    token.refresh_from_db()
    assert tokens.limits_of(token) == Limits(
        frozenset({"customers.customer", "customers.opinion"}), frozenset({"view", "create"})
    )
    assert modules.value(token) == ("customers.customer", "customers.opinion")
    assert "customers" not in modules.text(token) and "create" not in actions.text(token)
    token.modules = "customers.contact, customers.need"  # as tokens were kept before there were lists
    assert modules.value(token) == ("customers.contact", "customers.need")
    wide, _secret = made(
        world, name="Wide", modules=[name for name, _label in modules.choices],
        actions=[name for name, _label in actions.choices],
    )  # fmt: skip
    wide.full_clean(exclude=["digest", "hint"])


def test_it_ends_by_its_day_by_revocation_and_with_its_owner(world: World) -> None:
    token, secret = made(world, expires_on="2026-11-21")
    tonight = datetime.datetime(2026, 11, 21, 15, 59, tzinfo=datetime.UTC)  # 23:59 in Shanghai
    assert tokens.find(secret, HERE, tonight)
    assert tokens.find(secret, HERE, tonight + datetime.timedelta(minutes=1)) is None

    with pytest.raises(NotFound):
        revoke(world, "wang_fang", token)
    revoke(world, "li_wei", token)
    assert tokens.find(secret, HERE, NOW) is None
    with pytest.raises(Conflict):
        revoke(world, "li_wei", token)

    other, secret = made(world, "wang_fang")
    revoke(world, "security_admin", other)
    assert tokens.find(secret, HERE, NOW) is None

    _third, secret = made(world, "clerk")
    deactivate(world["clerk"])
    assert tokens.find(secret, HERE, NOW) is None


@pytest.mark.parametrize(
    ("addresses", "caller", "admitted"),
    [
        ("", "anything", True),
        ("203.0.113.7", HERE, True),
        ("203.0.113.8", HERE, False),
        ("10.1.0.0/16，203.0.113.0/24", HERE, True),
        ("203.0.113.0/24", "::ffff:203.0.113.7", True),
        ("2001:db8::/32", "2001:db8::1", True),
        ("2001:db8::/32", HERE, False),
        ("203.0.113.0/24", "", False),
    ],
)
def test_it_is_valid_from_its_addresses_only(world: World, addresses: str, caller: str, admitted: bool) -> None:
    _token, secret = made(world, addresses=addresses)
    assert bool(tokens.find(secret, caller, NOW)) is admitted


def test_it_may_never_more_than_its_owner(world: World) -> None:
    mine = make(world.system, "customers.customer", world["li_wei"])
    hers = make(world.system, "customers.customer", world["wang_fang"])
    reading, _secret = made(world)
    ctx = world.ctx("li_wei", source="api", limits=tokens.limits_of(reading))
    assert ctx.get("customers.customer", mine.pk)
    with pytest.raises(NotFound):
        ctx.get("customers.customer", hers.pk)
    before = digest()
    for action, module, target in (
        ("edit", "customers.customer", mine),
        ("delete", "customers.customer", mine),
        ("create", "customers.contact", None),
    ):
        verb = action_of(registry.module(module), action)
        assert verb is not None
        with pytest.raises(NotAllowed):
            run(verb, ctx, module, target, {"name": "X"})
    assert digest() == before

    narrow, _secret = made(world, read_only="no", modules="customers.contact", actions="create")
    limits = tokens.limits_of(narrow)
    assert limits == Limits(frozenset({"customers.contact"}), frozenset({"create", "view"}))
    ctx = world.ctx("li_wei", limits=limits)
    assert ctx.may("customers.contact", "create") and not ctx.may("customers.contact", "edit")
    assert not ctx.may("customers.customer") and not ctx.search("customers.customer").exists()
    assert not world.ctx("clerk", limits=Limits()).may("customers.customer")


def test_a_token_makes_no_token(world: World) -> None:
    token, _secret = made(world)
    before = digest()
    with pytest.raises(NotAllowed):
        standard.create(
            world.ctx("li_wei", token=tokens.UsedToken(token.pk, token.name)),
            TOKEN,
            name="More",
            expires_on="2027-01-31",
        )
    assert digest() == before


def test_its_use_is_noted_at_most_once_a_minute(world: World, django_assert_num_queries) -> None:
    token, _secret = made(world)
    tokens.mark_used(token, HERE, NOW)
    token.refresh_from_db()
    assert (token.last_used_at, token.last_used_from, token.version) == (NOW, HERE, 1)
    with django_assert_num_queries(0):
        tokens.mark_used(token, "203.0.113.9", NOW + datetime.timedelta(seconds=59))
    tokens.mark_used(token, "203.0.113.9", NOW + datetime.timedelta(seconds=61))
    token.refresh_from_db()
    assert token.last_used_from == "203.0.113.9"
