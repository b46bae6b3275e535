"""What is sent twice acts once; what was refused may be sent again."""

import pytest

from guanxi.kernel.decision import refuse
from guanxi.kernel.errors import Conflict, Refused
from guanxi.kernel.messages import Message
from guanxi.platform.calendar import now
from guanxi.platform.once.models import Submission
from guanxi.platform.once.sending import OtherContent, UnderWay, once
from guanxi.platform.once.upkeep import KEPT, forget_submissions
from tests.concurrency.conftest import at_once
from tests.people import NOW, World, build_world
from tests.room.models import Thing


def test_the_second_sending_gets_the_first_answer(world: World) -> None:
    done: list[int] = []

    def act() -> dict[str, int]:
        done.append(1)
        return {"made": len(done)}

    li_wei = world["li_wei"]
    first, again = (once(li_wei, "a", act, NOW, digest="x") for _time in range(2))
    assert (first.value, first.replayed) == ({"made": 1}, False)
    assert (again.value, again.replayed) == ({"made": 1}, True)
    assert once(world["wang_fang"], "a", act, NOW, digest="x").value == {"made": 2}
    with pytest.raises(OtherContent):
        once(li_wei, "a", act, NOW, digest="y")
    assert len(done) == 2


def test_a_refusal_leaves_the_key_free_and_a_defect_leaves_nothing(world: World) -> None:
    def refused() -> None:
        raise Refused(refuse("SEC-04", Message("No.")))

    def broken() -> None:
        world["li_wei"].__class__.objects.filter(pk=world["li_wei"].pk).update(name="X")
        raise ZeroDivisionError

    with pytest.raises(Refused):
        once(world["li_wei"], "b", refused, NOW)
    with pytest.raises(ZeroDivisionError):
        once(world["li_wei"], "b", broken, NOW)
    world["li_wei"].refresh_from_db()
    assert world["li_wei"].name == "李伟" and not Submission.objects.exists()
    assert once(world["li_wei"], "b", lambda: 1, NOW).value == 1


def test_old_submissions_are_forgotten(world: World) -> None:
    once(world["li_wei"], "old", lambda: 1, NOW - KEPT * 2)
    once(world["li_wei"], "new", lambda: 1, NOW)
    forget_submissions(NOW)
    assert [submission.key for submission in Submission.objects.all()] == ["new"]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("wait", [True, False])
def test_of_many_at_once_one_acts(transactional_db: None, wait: bool) -> None:
    """Everybody else gets the same answer, or is told that it is under way."""
    world = build_world()

    def send(number: int) -> object:
        try:
            return once(world["li_wei"], "same", lambda: str(Thing.objects.create(name="x").pk), now(), wait=wait).value
        except UnderWay as problem:
            assert isinstance(problem, Conflict)
            return None

    answers = at_once(send, 8)
    made = str(Thing.objects.get().pk)
    assert set(answers) <= {made, None} and made in answers
    assert not wait or set(answers) == {made}
