"""What remains to be seen of a value that is not to be read."""

import pytest

from guanxi.kernel.masks import mask_address, mask_email, mask_number, mask_text


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("13812341234", "138****1234"),
        ("+8613812341234", "+86****1234"),
        ("51010219900307123X", "510****123X"),
        ("6222021234567890123", "622****0123"),
        ("86541234", "86****34"),
        ("12", "****"),
        ("", "****"),
    ],
)
def test_a_number_keeps_its_ends(number: str, shown: str):
    assert mask_number(number) == shown


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("zhangsan@corp.cn", "zh***@corp.cn"),
        ("li@corp.cn", "l***@corp.cn"),
        ("a@corp.cn", "***@corp.cn"),
        ("no address", "n****"),
    ],
)
def test_an_email_address_keeps_its_domain(address: str, shown: str):
    assert mask_email(address) == shown


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("四川省成都市武侯区天府大道1号", "四川省成都市****"),
        ("成都市武侯区天府大道1号", "成都市****"),
        ("新疆维吾尔自治区喀什地区疏附县", "新疆维吾尔自治区喀什地区****"),
        ("内蒙古呼伦贝尔市海拉尔区", "内蒙古呼伦贝尔市****"),
        ("天府大道1号", "****"),
    ],
)
def test_an_address_keeps_province_and_city(address: str, shown: str):
    assert mask_address(address) == shown


def test_a_text_keeps_its_first_character():
    assert (mask_text("abc"), mask_text("a"), mask_text("")) == ("a****", "****", "****")
