from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guanxi.kernel.errors import Invalid
from guanxi.platform.numbering.patterns import NumberPattern

DAY = date(2026, 3, 9)


@pytest.mark.parametrize(
    ("pattern", "sequence", "number", "period"),
    [
        ("KH-{year}-{seq:05}", 42, "KH-2026-00042", "2026"),
        ("KH-{year}-{seq:05}", 123456, "KH-2026-123456", "2026"),
        ("{seq}", 7, "7", ""),
        ("DH{year}{month:02}{seq:04}", 1, "DH2026030001", "2026-03"),
        ("{year}{month:02}{day:02}/{seq:03}", 12, "20260309/012", "2026-03-09"),
        ("川合〔{year}〕{seq}号", 5, "川合〔2026〕5号", "2026"),
        ("{seq:012}", 1, "000000000001", ""),
    ],
)
def test_a_pattern_shows_its_number_and_its_period(pattern: str, sequence: int, number: str, period: str) -> None:
    shape = NumberPattern.parse(pattern)
    assert (shape.number(sequence, DAY), shape.period(DAY)) == (number, period)


@pytest.mark.parametrize(
    "pattern",
    [
        "",
        "KH",
        "KH-{year}",
        "{seq}{seq}",
        "{year}{year}{seq}",
        "{seq:5}",
        "{seq:00}",
        "{seq:013}",
        "{month}{year}{seq}",
        "{month:02}-{seq}",
        "{year}{day:02}-{seq}",
        "{seq.__class__}",
        "{seq!r}",
        "{0}{seq}",
        "{{seq}}",
        "{year:%Y}{seq}",
        "{seq}{",
        "a%s{seq}",
        "{seq}\n",
        "{seq}" + "x" * 56,
    ],
)
def test_anything_else_is_refused(pattern: str) -> None:
    with pytest.raises(Invalid):
        NumberPattern.parse(pattern)


@given(
    days=st.tuples(st.dates(date(2000, 1, 1)), st.dates(date(2000, 1, 1))),
    sequences=st.tuples(st.integers(1, 10**7), st.integers(1, 10**7)),
    pattern=st.sampled_from(
        ["{seq:03}", "A{year}{seq:03}", "{seq}{year}", "{year}{month:02}{seq}", "{year}{month:02}{day:02}{seq:02}"]
    ),
)
def test_two_documents_never_share_a_number(days: tuple[date, date], sequences: tuple[int, int], pattern: str) -> None:
    shape = NumberPattern.parse(pattern)
    places = [(shape.period(day), sequence) for day, sequence in zip(days, sequences, strict=True)]
    numbers = [shape.number(sequence, day) for day, sequence in zip(days, sequences, strict=True)]
    assert (places[0] == places[1]) == (numbers[0] == numbers[1])
