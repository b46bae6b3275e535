import pytest
from hypothesis import given
from hypothesis import strategies as st

from guanxi.platform.files.names import display_name, extension_of


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("合同 2026.pdf", "合同 2026.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\li\\客户.xlsx", "客户.xlsx"),
        ("a\x00b\r\nc.txt", "abc.txt"),
        ("invoice\u202efdp.exe", "invoicefdp.exe"),
        ("zero\u200bwidth\ufeff.csv", "zerowidth.csv"),
        ("  .htaccess", "htaccess"),
        ("many   blanks .txt", "many blanks .txt"),
        ('a"b<c>|d?.txt', "a_b_c__d_.txt"),
        ("", "file"),
        ("...", "file"),
        ("folder/", "file"),
        ("长" * 300 + ".xlsx", "长" * 195 + ".xlsx"),
        ("x" * 300, "x" * 200),
    ],
)
def test_a_name_is_made_harmless(typed: str, shown: str) -> None:
    assert display_name(typed) == shown


@given(st.text())
def test_whatever_is_typed_the_name_is_short_visible_and_stays_so(typed: str) -> None:
    shown = display_name(typed)
    assert 1 <= len(shown) <= 200
    assert not set(shown) & set('/\\\r\n\x00"\u202e\u2066')
    assert display_name(shown) == shown


@pytest.mark.parametrize(
    ("name", "extension"), [("a.XLSX", "xlsx"), ("a.tar.gz", "gz"), ("a", ""), (".csv", ""), ("a.", "")]
)
def test_the_extension_is_what_follows_the_last_dot(name: str, extension: str) -> None:
    assert extension_of(name) == extension
