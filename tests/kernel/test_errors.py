import pytest

from guanxi.kernel.decision import refuse, warn
from guanxi.kernel.errors import Conflict, Invalid, NotAllowed, NotFound, Problem, Refused, Stale, TooLarge
from guanxi.kernel.messages import Message


@pytest.mark.parametrize(
    ("problem", "status", "words"),
    [
        (NotAllowed(), 403, "right"),
        (NotFound(), 404, "may not see"),
        (Conflict(), 409, "clashes"),
        (TooLarge(), 413, "too large"),
        (Stale(7, {"name": ("甲", "乙")}), 409, "Somebody else"),
    ],
)
def test_each_problem_has_a_status_and_a_clear_default(problem: Problem, status: int, words: str) -> None:
    assert problem.status == status
    assert words in str(problem)
    assert str(type(problem)(3, message="own words") if isinstance(problem, Stale) else type(problem)("own words")) == (
        "own words"
    )


def test_stale_tells_what_somebody_else_changed() -> None:
    problem = Stale(7, {"name": ("甲", "乙")})
    assert problem.current_version == 7
    assert problem.changes == {"name": ("甲", "乙")}


def test_invalid_summarises_its_errors() -> None:
    name, whole = Message("Enter a name."), Message("Too late.")
    one = Invalid({"name": [name]})
    both = Invalid({"name": name, "": [whole, "third"]})
    assert (one.message, one.errors) == (name, {"name": [name]})
    assert str(both) == "3 entries need correction."
    assert both.errors == {"name": [name], "": [whole, Message.of("third")]}
    assert Invalid(whole).errors == {"": [whole]}
    assert str(Invalid({})) == "Please correct what was entered."


def test_refused_names_the_clauses_and_grounds_that_block() -> None:
    decision = refuse("REC-04", Message("2 overdue")) & warn("WH-01", Message("low stock")) & refuse("", Message("no"))
    problem = Refused(decision)
    assert problem.decision is decision
    assert str(problem) == "Refused under REC-04: 2 overdue, no"
    assert str(Refused(refuse("", Message("no")))) == "Refused: no"
    assert str(Refused(warn("X", Message("w")))) == "The regulation does not allow this."
