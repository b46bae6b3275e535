import pytest
from hypothesis import given
from hypothesis import strategies as st

from guanxi.kernel.search import bigrams, normalise


@pytest.mark.parametrize(
    ("text", "normal"),
    [
        ("  川兴（成都）酒业\t有限公司 ", "川兴成都酒业 有限公司"),
        ("ＴＣＬ－１２３", "tcl123"),
        ("Straße_5", "strasse5"),
        ("O'Neil & Co.", "oneil co"),
        ("！？", ""),
    ],
)
def test_one_spelling(text: str, normal: str) -> None:
    assert normalise(text) == normal


@pytest.mark.parametrize(
    ("text", "pairs"),
    [
        ("川兴酒业", ["川兴", "兴酒", "酒业"]),
        ("天天天天", ["天天"]),
        ("酒 川兴", ["酒", "川兴"]),
        ("Ａ-1", ["a1"]),
        ("", []),
        ("。", []),
    ],
)
def test_pairs(text: str, pairs: list[str]) -> None:
    assert bigrams(text) == pairs


@given(st.text(max_size=40))
def test_normalising_twice_changes_nothing(text: str) -> None:
    assert normalise(normalise(text)) == normalise(text)


@given(st.text(alphabet="川兴酒业天 a1", max_size=12), st.integers(0, 10), st.integers(2, 6))
def test_pairs_of_a_part_are_pairs_of_the_whole(text: str, start: int, length: int) -> None:
    part = normalise(normalise(text)[start : start + length])
    if all(len(run) > 1 for run in part.split()):
        assert set(bigrams(part)) <= set(bigrams(text))
