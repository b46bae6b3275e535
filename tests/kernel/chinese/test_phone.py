import pytest
from hypothesis import given
from hypothesis import strategies as st

from guanxi.kernel.chinese.phone import Phone, format_phone, normalise_phone
from guanxi.kernel.errors import Invalid


@pytest.mark.parametrize(
    ("written", "phone", "shown"),
    [
        ("13800138000", Phone("mobile", "13800138000"), "138 0013 8000"),
        ("+86 138-0013-8000", Phone("mobile", "13800138000"), "138 0013 8000"),
        ("8613800138000", Phone("mobile", "13800138000"), "138 0013 8000"),
        ("0086 138 0013 8000", Phone("mobile", "13800138000"), "138 0013 8000"),
        ("013800138000", Phone("mobile", "13800138000"), "138 0013 8000"),
        ("１３８００１３８０００", Phone("mobile", "13800138000"), "138 0013 8000"),
        ("028-8675 4321", Phone("landline", "02886754321"), "028-86754321"),
        ("+86 28 86754321", Phone("landline", "02886754321"), "028-86754321"),
        ("+86 (0)28 86754321", Phone("landline", "02886754321"), "028-86754321"),
        ("（028）86754321转801", Phone("landline", "02886754321", "801"), "028-86754321-801"),
        ("0755-12345678-801", Phone("landline", "075512345678", "801"), "0755-12345678-801"),
        ("0817-2345678 ext. 5", Phone("landline", "08172345678", "5"), "0817-2345678-5"),
        ("400-800-1234", Phone("service", "4008001234"), "400-800-1234"),
        ("95588", Phone("service", "95588"), "95588"),
        ("+852 2345 6789", Phone("foreign", "+85223456789"), "+85223456789"),
        ("00852 23456789", Phone("foreign", "+85223456789"), "+85223456789"),
    ],
)
def test_numbers_as_people_write_them(written: str, phone: Phone, shown: str) -> None:
    assert normalise_phone(written) == phone
    assert str(phone) == format_phone(phone) == shown
    assert normalise_phone(shown) == phone


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("", "Enter a telephone number"),
        ("abc", "not a telephone number"),
        ("--", "not a telephone number"),
        ("86754321", "area code is missing"),
        ("1380013800", "11 digits; .* has 10"),
        ("138001380001", "has 12"),
        ("028-1234", "not a telephone number"),
        ("+1 23", "7 to 15 digits"),
        ("+" + "1" * 16, "7 to 15 digits"),
        ("call 13800138000", "not a telephone number"),
    ],
)
def test_what_is_no_number_is_refused(written: str, words: str) -> None:
    with pytest.raises(Invalid, match=words):
        normalise_phone(written)


@given(st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True), st.sampled_from(["", "+86", "86", "+86 ", "0086-"]))
def test_a_mobile_number_is_the_same_with_every_prefix(digits: str, prefix: str) -> None:
    assert normalise_phone(prefix + digits) == Phone("mobile", digits)
