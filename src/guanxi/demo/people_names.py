"""Names of people, and their telephone numbers and addresses, as they are common in China."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

SURNAMES = tuple(
    "王王王王李李李李张张张张刘刘刘陈陈陈杨杨赵赵黄黄周周吴吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕"
    "苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文"
)
MALE = (
    "建国", "志强", "伟", "勇", "军", "海涛", "文斌", "国栋", "明辉", "俊杰", "浩然", "立新", "永康", "德胜", "宏伟",
    "晓东", "振华", "家豪", "鹏飞", "春生", "正国", "向阳", "培林", "学文", "昌明", "启航", "世杰", "光荣", "云飞",
    "天佑", "磊", "涛",
)  # fmt: skip
FEMALE = (
    "芳", "秀英", "丽华", "静", "敏", "雪梅", "晓燕", "玉兰", "婷婷", "佳怡", "春霞", "红梅", "慧", "文静", "丹",
    "淑珍", "雅琴", "梦洁", "月娥", "思雨", "彩云", "桂花", "晨曦", "欣悦", "美玲", "莉", "小凤", "诗涵",
    "洁", "倩", "冬梅", "若兰",
)  # fmt: skip
MOBILE_PREFIXES = (
    "133",
    "135",
    "136",
    "137",
    "138",
    "139",
    "150",
    "151",
    "152",
    "158",
    "159",
    "177",
    "180",
    "186",
    "187",
    "189",
)


def person_name(chance: Random) -> tuple[str, str]:
    """A name and the gender it suggests ("male" or "female")."""
    male = chance.random() < 0.62
    return chance.choice(SURNAMES) + chance.choice(MALE if male else FEMALE), "male" if male else "female"


class Telephones:
    """Telephone numbers, each given out once: two customers with one number would be the same customer."""

    def __init__(self, chance: Random) -> None:
        self._chance = chance
        self._given: set[str] = set()

    def mobile(self) -> str:
        """A mobile number of eleven digits."""
        return self._once(lambda: f"{self._chance.choice(MOBILE_PREFIXES)}{self._chance.randrange(10**8):08}")

    def landline(self, area: str) -> str:
        """A number of the city: eight digits, seven where the city's numbers have seven."""
        digits = 8 if len(area) == 3 or area in _EIGHT_DIGITS else 7
        return self._once(
            lambda: f"{area}{self._chance.randint(2, 8)}{self._chance.randrange(10 ** (digits - 1)):0{digits - 1}}"
        )

    def _once(self, make: Callable[[], str]) -> str:
        while (number := make()) in self._given:
            pass
        self._given.add(number)
        return number


#: Cities with a four-digit area code whose numbers have eight digits.
_EIGHT_DIGITS = frozenset(
    {"0512", "0510", "0516", "0571", "0574", "0577", "0551", "0591", "0311", "0315", "0351", "0531", "0532", "0371",
     "0451", "0411", "0755", "0757", "0769", "0731", "0851", "0791"}
)  # fmt: skip
