"""Names of Chinese companies: 行政区划 + 字号 + 行业 + 组织形式, taken apart so that two spellings of one company meet.

Registered names follow the pattern 四川省 + 川兴 + 酒业 + 有限责任公司; people leave out the first and the last part,
move the place into brackets, and write brackets and spaces as they please.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from guanxi.kernel.chinese.pinyin import initials
from guanxi.kernel.chinese.regions import PROVINCE_OF, SPELLINGS

_LEGAL_FORM = (
    r"股份有限责任公司|有限责任公司|股份有限公司|有限公司|股份公司|总公司|公司|"
    r"(?:特殊)?(?:普通|有限)合伙企业|合伙企业|(?:特殊)?(?:普通|有限)合伙|个人独资企业|个体工商户|个体户|"
    r"农民专业合作社|专业合作社|股份合作社|合作社|联合社"
)
_OUTLET = (
    "分公司|子公司|办事处|代表处|营业部|营业厅|项目部|分行|支行|分店|分社|分院|分校|分厂|分所|"
    "分理处|储蓄所|旗舰店|直营店|加盟店"
)
_PLAIN_SUFFIX = re.compile(rf"(?P<group>集团)?(?P<form>{_LEGAL_FORM})$|(?P<only_group>集团)$")
_NUMBERED = r"(?:第[一二三四五六七八九十\d]+)?"
_BRANCH = re.compile(
    r"^(?P<head>.{2,}?(?:公司|集团|银行|企业|合作社))"
    rf"(?P<branch>[^公司]{{0,20}}?{_NUMBERED}(?:{_OUTLET}))$"
)
_BARE_BRANCH = re.compile(rf"^(?P<head>.{{4,}}?)(?P<branch>{_NUMBERED}(?:分公司|办事处|代表处|分行|支行|分店))$")
_BRACKETS = re.compile(r"\(([^()]*)\)")
_FORM_IN_BRACKETS = re.compile(r"(?:特殊)?(?:普通|有限)合伙|个体工商户|个人独资|股份|筹|集团")
_DROPPED = re.compile(r"[^\w()]|_")

# What may follow a province or city: a district, a county, a town, a zone.
_ZONE = re.compile(
    r"(?:[\u4e00-\u9fff]{2}(?=(?:高新|保税|开发|经济)))?(?:国家级?|综合|自由贸易试验|自贸试验|自贸|保税(?:港|物流园)?|"
    r"(?:经济|高新)?(?:技术)?(?:产业)?开发|高新(?:技术)?(?:产业)?(?:开发)?|工业园|产业园|科技园)区"
)
_COUNTY = re.compile(
    r"[\u4e00-\u9fff]{1,10}?自治县|[\u4e00-\u9fff]{1,3}县(?!域)|[\u4e00-\u9fff]{2,4}?(?<!城)市(?![场政民值])"
)
_DISTRICT = re.compile(
    r"(?!小区|社区|园区|景区|山区|校区|街区|特区)[\u4e00-\u9fff]{2,3}?(?<![小社园景校街])区(?![块域间])"
)
_TOWN = re.compile(r"[\u4e00-\u9fff]{2,4}?(?:街道(?:办事处)?|镇|乡)")

_TRADES = frozenset((Path(__file__).parent / "data" / "trade_words.txt").read_text("utf-8").split())


def _lengths(words: Iterable[str]) -> dict[str, tuple[int, ...]]:
    """By first character, the lengths of the words that begin with it, longest first: few slices to look up."""
    found: dict[str, set[int]] = {}
    for word in words:
        found.setdefault(word[0], set()).add(len(word))
    return {first: tuple(sorted(lengths, reverse=True)) for first, lengths in found.items()}


_TRADE_LENGTHS = _lengths(_TRADES)
_PLACE_LENGTHS = _lengths(SPELLINGS)


@dataclass(frozen=True)
class CompanyName:
    """A company's name taken apart.

    `regions`: places in short form, in front or in brackets (四川, 成都); `brand`: 字号, "" if the name has none;
    `trade`: 行业 and the rest of the name; `group`: whether it calls itself 集团; `legal_form`: 组织形式 as written;
    `branch`: 成都分公司 and the like, "" for the company itself; `national`: whether it bears 中国 in brackets.
    """

    regions: tuple[str, ...]
    brand: str
    trade: str
    group: bool
    legal_form: str
    branch: str
    national: bool = False

    @property
    def core(self) -> str:
        """Brand and trade: what is left without place, legal form and branch."""
        return self.brand + self.trade

    @property
    def key(self) -> str:
        """The comparable core: equal for two spellings of one company, different for its group and its branches."""
        place = "" if self.brand else "".join(self.regions)
        return f"{place}{self.core}{'集团' if self.group else ''}{'/' + self.branch if self.branch else ''}"


def normalise(name: str) -> str:
    """`name` with full-width letters and brackets made plain, lower case, without spaces and punctuation."""
    plain = unicodedata.normalize("NFKC", name).casefold()
    if plain.isalnum():
        return plain
    for pair in ("[]", "【】", "〔〕", "{}", "〈〉"):
        plain = plain.replace(pair[0], "(").replace(pair[1], ")")
    return _DROPPED.sub("", plain)


def parse_company(name: str) -> CompanyName:
    """`name` taken apart. Any text is accepted; what follows no pattern becomes the brand."""
    head, branch = _without_branch(normalise(name))
    bracketed: list[str] = []
    national = group = False
    form = ""

    def judged(match: re.Match[str]) -> str:
        nonlocal national, group, form
        content = match[1]
        if content == "中国":
            national = True
        elif content in SPELLINGS:
            bracketed.append(SPELLINGS[content])
        elif _FORM_IN_BRACKETS.fullmatch(content):
            group = group or content == "集团"
            form = form if content in ("集团", "筹") else content
        else:
            return content
        return ""

    head = _BRACKETS.sub(judged, head).replace("(", "").replace(")", "")
    places, rest = _without_places(head)
    rest, found_form, found_group = _without_form(rest)
    if len(rest) > 4 and rest[-2:] in PROVINCE_OF and found_form:
        places, rest = (*places, rest[-2:]), rest[:-2]
    brand_length = _brand_length(rest)
    return CompanyName(
        regions=tuple(dict.fromkeys((*places, *bracketed))),
        brand=rest[:brand_length],
        trade=rest[brand_length:],
        group=group or found_group,
        legal_form=found_form or form,
        branch=branch,
        national=national,
    )


#: As many as a usual file of customers has rows: its check asks for each, and so does who writes them, several times.
@lru_cache(maxsize=1 << 14)
def company_key(name: str) -> str:
    """The comparable core of a name: 川兴酒业有限公司 and 四川省川兴酒业有限责任公司 have the same."""
    return parse_company(name).key


def brand(name: str) -> str:
    """The brand part (字号): 川兴 of 四川省川兴酒业有限责任公司; "" when the name has none."""
    return parse_company(name).brand


def initials_core(name: str) -> str:
    """Initials of the name without its legal form: 四川川兴酒业有限公司 is sccxjy."""
    head, branch = _without_branch(normalise(name))
    plain = _BRACKETS.sub(lambda match: "" if _FORM_IN_BRACKETS.fullmatch(match[1]) else match[1], head)
    return initials(_without_form(plain)[0] + branch)


def likely_same(first: str, second: str) -> bool:
    """Whether two names probably mean one company: the same key, and places that do not contradict each other.

    四川川兴酒业 and 成都川兴酒业 may be one, 重庆川兴酒业 is another; a name without place fits every place.
    """
    one, other = parse_company(first), parse_company(second)
    return bool(one.core) and one.key == other.key and one.national == other.national and _compatible(one, other)


def _compatible(one: CompanyName, other: CompanyName) -> bool:
    if not one.regions or not other.regions:
        return True
    provinces = {PROVINCE_OF.get(place, place) for place in one.regions}
    if provinces.isdisjoint(PROVINCE_OF.get(place, place) for place in other.regions):
        return False
    cities = [{place for place in name.regions if PROVINCE_OF.get(place) != place} for name in (one, other)]
    return not (cities[0] and cities[1]) or not cities[0].isdisjoint(cities[1])


def _without_branch(whole: str) -> tuple[str, str]:
    if match := _BRANCH.match(whole) or _BARE_BRANCH.match(whole):
        return match["head"], match["branch"].replace("(", "").replace(")", "")
    return whole, ""


def _without_form(rest: str) -> tuple[str, str, bool]:
    """The name without its legal form, the form, and whether it is a group."""
    match = _PLAIN_SUFFIX.search(rest)
    if match is None or match.start() == 0:
        return rest, "", False
    stem = rest[: match.start()]
    group = bool(match["group"] or match["only_group"])
    return stem, match["form"] or "", group


def _without_places(name: str) -> tuple[tuple[str, ...], str]:
    """The places at the front of a name in short form, and the rest, which keeps at least two characters."""
    places: list[str] = []
    rest = name
    while len(places) < _MOST_PLACES:
        length, place = _place(rest, bool(places))
        if not length or len(rest) - length < _SHORTEST_NAME:
            break
        places.append(place)
        rest = rest[length:]
    return tuple(places), rest


_MOST_PLACES = 5
_SHORTEST_NAME = 2


def _place(rest: str, within: bool) -> tuple[int, str]:
    """Length and short name of the place at the front of `rest`; `within`: a larger place has been read."""
    for length in _PLACE_LENGTHS.get(rest[:1], ()):
        if place := SPELLINGS.get(rest[:length]):
            return length + _district_mark(rest, length), place
    patterns = (_ZONE, _COUNTY, _DISTRICT, _TOWN) if within else (_COUNTY, _DISTRICT)
    for pattern in patterns:
        if match := pattern.match(rest):
            return match.end(), match[0]
    return 0, ""


def _district_mark(rest: str, length: int) -> int:
    """1 if the place is a district written with its 区 (朝阳区), which 区块链 and 区域 are not."""
    return int(rest[length : length + 1] == "区" and rest[length + 1 : length + 2] not in tuple("块域间"))


def _brand_length(core: str) -> int:
    """Where the trade begins: where words of trade fill the name to its end, else at the first such word."""
    fills = [False] * len(core) + [True]
    begins = [False] * len(core)
    for start in range(len(core) - 1, -1, -1):
        for length in _TRADE_LENGTHS.get(core[start], ()):
            if core[start : start + length] in _TRADES:
                begins[start] = begins[start] or length > 1
                fills[start] = fills[start] or fills[min(start + length, len(core))]
    for trade_starts in (fills, begins):
        for start, is_trade in enumerate(trade_starts[: len(core)]):
            # A brand of one character is next to unknown; before it stands nothing or two.
            if is_trade and start != 1 and (start or trade_starts is fills):
                return start
    return len(core)
