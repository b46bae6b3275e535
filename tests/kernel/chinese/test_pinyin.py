import time

import pytest

from guanxi.kernel.chinese.pinyin import initials, person_initials, person_pinyin, pinyin


@pytest.mark.parametrize(
    ("text", "full", "short"),
    [
        ("川兴酒业", "chuanxingjiuye", "cxjy"),
        ("重庆长安汽车", "chongqingchanganqiche", "cqcaqc"),
        ("六安瓜片", "luanguapian", "lagp"),
        ("厦门建发", "xiamenjianfa", "xmjf"),
        ("成都银行", "chengduyinhang", "cdyh"),
        ("长沙贸易商行", "changshamaoyishanghang", "csmysh"),
        ("乐清音乐厅", "yueqingyinyueting", "yqyyt"),
        ("绿地", "lvdi", "ld"),
        ("ＴＣＬ 科技（北京）", "tclkejibeijing", "tclkjbj"),
        ("会计师", "kuaijishi", "kjs"),
        ("", "", ""),
        ("，。", "", ""),
    ],
)
def test_readings(text: str, full: str, short: str) -> None:
    assert (pinyin(text), initials(text)) == (full, short)


@pytest.mark.parametrize(
    ("name", "full", "short"),
    [
        ("单小丽", "shanxiaoli", "sxl"),
        ("仇英", "qiuying", "qy"),
        ("曾国藩", "zengguofan", "zgf"),
        ("解晓东", "xiexiaodong", "xxd"),
        ("朴树", "piaoshu", "ps"),
        ("尉迟恭", "yuchigong", "ycg"),
        ("区大强", "oudaqiang", "odq"),
        ("查良镛", "zhaliangyong", "zly"),
        ("盖叫天", "gejiaotian", "gjt"),
        ("任长霞", "renchangxia", "rcx"),
        ("华罗庚", "hualuogeng", "hlg"),
        ("缪昌文", "miaochangwen", "mcw"),
        ("乐毅", "yueyi", "yy"),
        ("覃辉", "qinhui", "qh"),
        ("令狐冲", "linghuchong", "lhc"),
        ("万俟卨", "moqixie", "mqx"),
        ("澹台明", "tantaiming", "ttm"),
        (" John ", "john", "john"),
    ],
)
def test_surnames_read_differently(name: str, full: str, short: str) -> None:
    assert (person_pinyin(name), person_initials(name)) == (full, short)


def test_a_character_alone_is_a_word_not_a_surname() -> None:
    assert person_pinyin("单") == pinyin("单") == "dan"


def test_twenty_thousand_names_take_less_than_a_second() -> None:
    pinyin("一")
    started = time.perf_counter()
    for number in range(20_000):
        pinyin(f"四川省川兴{number}酒业有限责任公司")
    assert time.perf_counter() - started < 1
