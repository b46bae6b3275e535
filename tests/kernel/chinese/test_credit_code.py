import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import uscc

from guanxi.kernel.chinese.credit_code import ALPHABET, check, make
from guanxi.kernel.errors import Invalid

VALID = "91110000600037341L"


@pytest.mark.parametrize(
    "written", [VALID, VALID.lower(), " 9111 0000 6000 3734 1L ", "９１１１００００－６０００３７３４１Ｌ"]
)
def test_a_code_is_taken_as_written(written: str) -> None:
    assert check(written) == VALID


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("91110000600037341", "has 18 characters; this one has 17"),
        ("", "this one has 0"),
        ("9111000060003734IL", "“I” in place 17"),
        ("O1110000600037341L", "“O” in place 1"),
        ("91110000600037341K", "should be L, not K"),
        ("91110000600037314L", "last character"),
        ("9111A000600037341L", "3 to 8"),
        ("9111000060003734１中", "“中” in place 18"),
    ],
)
def test_a_wrong_code_is_refused_with_what_is_wrong(code: str, words: str) -> None:
    with pytest.raises(Invalid, match=words):
        check(code)


BODIES = st.builds(
    lambda head, region, rest: head + region + rest,
    st.text(ALPHABET[:10], min_size=2, max_size=2),
    st.text("0123456789", min_size=6, max_size=6),
    st.text(ALPHABET, min_size=9, max_size=9),
)


@given(BODIES)
def test_made_codes_pass_here_and_elsewhere(body: str) -> None:
    code = make(body)
    assert check(code) == code
    assert uscc.is_valid(code)


@given(BODIES, st.integers(8, 16), st.sampled_from(ALPHABET))
def test_one_mistyped_character_is_found(body: str, place: int, other: str) -> None:
    code = make(body)
    mistyped = code[:place] + other + code[place + 1 :]
    if mistyped != code:
        with pytest.raises(Invalid):
            check(mistyped)


def test_a_body_of_another_length_is_refused() -> None:
    assert make(VALID[:-1]) == VALID
    with pytest.raises(Invalid, match="17 characters"):
        make(VALID)
