import os
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guanxi.kernel.chinese.company import (
    brand,
    company_key,
    initials_core,
    likely_same,
    normalise,
    parse_company,
)


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("四川省川兴酒业有限责任公司", (("四川",), "川兴", "酒业", "有限责任公司", "")),
        ("川兴酒业（四川）有限公司", (("四川",), "川兴", "酒业", "有限公司", "")),
        ("广州市天河区棠下丹妮贸易商行", (("广州", "天河区"), "棠下丹妮", "贸易商行", "", "")),
        ("朝阳县大山苗圃", (("朝阳",), "大山", "苗圃", "", "")),
        ("四川川兴酒业有限公司成都分公司", (("四川",), "川兴", "酒业", "有限公司", "成都分公司")),
        ("广州区块链科技有限公司", (("广州",), "区块链", "科技", "有限公司", "")),
        ("成都智慧城市科技有限公司", (("成都",), "智慧", "城市科技", "有限公司", "")),
        ("广州国际货运公司", (("广州",), "", "国际货运", "公司", "")),
        ("广西壮族自治区浩腾投资中心(有限合伙)", (("广西",), "浩腾", "投资中心", "有限合伙", "")),
        ("公司", ((), "公司", "", "", "")),
        ("", ((), "", "", "", "")),
    ],
)
def test_a_name_taken_apart(name: str, parts: tuple[tuple[str, ...], str, str, str, str]) -> None:
    parsed = parse_company(name)
    assert (parsed.regions, parsed.brand, parsed.trade, parsed.legal_form, parsed.branch) == parts


def test_normalising_folds_width_brackets_and_spaces() -> None:
    assert normalise(" 川兴 【集团】·ＡＢ有限公司。") == "川兴(集团)ab有限公司"


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("川兴酒业有限公司", "四川省川兴酒业有限责任公司", True),
        ("川兴酒业（集团）有限公司", "川兴酒业集团", True),
        ("川兴酒业 股份有限公司", "川興酒業有限公司", False),
        ("成都川兴酒业有限公司", "成都川兴贸易有限公司", False),
        ("川兴酒业有限公司", "川兴酒业有限公司成都分公司", False),
        ("川兴酒业有限公司", "川兴酒业集团有限公司", False),
        ("招商银行股份有限公司成都分行", "招商银行成都分行", True),
        ("广州国际货运公司", "上海国际货运公司", False),
    ],
)
def test_keys(one: str, other: str, same: bool) -> None:
    assert (company_key(one) == company_key(other)) is same


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("四川川兴酒业有限公司", "成都市川兴酒业有限责任公司", True),
        ("川兴酒业", "重庆川兴酒业有限公司", True),
        ("成都川兴酒业有限公司", "重庆川兴酒业有限公司", False),
        ("成都川兴酒业有限公司", "绵阳川兴酒业有限公司", False),
        ("科丝美诗(中国)化妆品有限公司", "科丝美诗(广州)化妆品有限公司", False),
        ("", "", False),
    ],
)
def test_places_that_contradict_make_two_companies(one: str, other: str, same: bool) -> None:
    assert likely_same(one, other) is likely_same(other, one) is same


def test_initials_leave_out_the_legal_form() -> None:
    assert initials_core("四川川兴酒业有限公司") == "sccxjy"
    assert initials_core("川兴小店（个体工商户）") == "cxxd"
    assert initials_core("川兴酒业有限公司成都分公司") == "cxjycdfgs"


def test_brands_of_real_companies() -> None:
    folder = os.environ.get("GUANXI_ORACLES")
    if not folder:
        pytest.skip("GUANXI_ORACLES names no folder with reference data")
    lines = Path(folder, "cn_company_name_parts.txt").read_text("utf-8").splitlines()
    labelled = [line.split() for line in lines if len(line.split()) == 2]
    assert len(labelled) == 456
    wrong = [(name, expected, brand(name)) for name, expected in labelled if brand(name) != expected]
    assert len(wrong) <= 456 // 10, wrong


def test_ten_thousand_keys_take_less_than_a_second() -> None:
    started = time.perf_counter()
    for number in range(10_000):
        company_key(f"四川省成都市高新区川兴{number}酒业贸易有限责任公司")
    assert time.perf_counter() - started < 1


@given(st.text(alphabet="川兴四川成都北京市县区镇酒科技有限公司集团分行()（） a·", max_size=24))
def test_any_text_is_taken_apart_without_loss_of_the_core(name: str) -> None:
    parsed = parse_company(name)
    assert parsed.core in normalise(name).replace("(", "").replace(")", "") or "(" in normalise(name)
    assert company_key(name) == company_key(f" {name.upper()} ")
    assert bool(parsed.key) or not any(character.isalnum() for character in name) or parsed.regions or parsed.legal_form
