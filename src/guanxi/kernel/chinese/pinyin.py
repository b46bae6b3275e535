"""Pinyin without tones, for finding and sorting by what people type: 川兴酒业 is chuanxingjiuye, its initials cxjy.

Readings come from a table that tools/pinyin_tables.py makes of pypinyin's. A character is read as usual unless it
stands in a word that reads otherwise; words of the trade and place names that the tables lack or read wrongly are
listed here. ü is written v, as it is typed.
"""

import unicodedata
from bisect import bisect_right
from collections.abc import Sequence
from functools import cache, lru_cache
from itertools import accumulate
from pathlib import Path

_WORDS = """
重庆 chong qing|厦门 xia men|六安 lu an|六合 lu he|长沙 chang sha|长春 chang chun|长江 chang jiang
长城 chang cheng|长安 chang an|长治 chang zhi|长兴 chang xing|长宁 chang ning|长乐 chang le|长葛 chang ge
长垣 chang yuan|长虹 chang hong|长远 chang yuan|长丰 chang feng|长青 chang qing|长期 chang qi|长途 chang tu
乐清 yue qing|乐亭 lao ting|乐山 le shan|台州 tai zhou|丽水 li shui|蚌埠 beng bu|番禺 pan yu|东阿 dong e
大埔 da bu|黄埔 huang pu|莘县 shen xian|莘庄 xin zhuang|单县 shan xian|铅山 yan shan|亳州 bo zhou|泌阳 bi yang
渑池 mian chi|浚县 xun xian|蔚县 yu xian|井陉 jing xing|尉犁 yu li|大城县 dai cheng xian|洪洞 hong tong
繁峙 fan shi|盱眙 xu yi|涡阳 guo yang|枞阳 zong yang|歙县 she xian|黟县 yi xian|牟平 mu ping|中牟 zhong mu
济南 ji nan|济宁 ji ning|什邡 shi fang|犍为 qian wei|筠连 jun lian|荥经 ying jing|荥阳 xing yang|阆中 lang zhong
吐鲁番 tu lu fan|巴音郭楞 ba yin guo leng|喀什 ka shi|宕昌 tan chang|监利 jian li|黄陂 huang pi|猇亭 xiao ting
秭归 zi gui|耒阳 lei yang|汨罗 mi luo|儋州 dan zhou|任丘 ren qiu|任县 ren xian|新都 xin du|成都 cheng du
都江堰 du jiang yan|都匀 du yun|首都 shou du|朝阳 chao yang|朝天 chao tian|曾都 zeng du|解州 hai zhou
东莞 dong guan|莞城 guan cheng|郫都 pi du|邛崃 qiong lai|郯城 tan cheng|鄄城 juan cheng|隰县 xi xian
砀山 dang shan|无为 wu wei|栖霞 qi xia|华山 hua shan|华县 hua xian|万载 wan zai|婺源 wu yuan|会昌 hui chang
会理 hui li|会稽 kuai ji|会计 kuai ji|财会 cai kuai|商行 shang hang|银行 yin hang|车行 che hang|行业 hang ye
分行 fen hang|支行 zhi hang|洋行 yang hang|花行 hua hang|鞋行 xie hang|茶行 cha hang|酒行 jiu hang|米行 mi hang
粮行 liang hang|药行 yao hang|布行 bu hang|灯行 deng hang|五金行 wu jin hang|电器行 dian qi hang
家具行 jia ju hang|百货行 bai huo hang|贸易行 mao yi hang|经营行 jing ying hang|农商行 nong shang hang
央行 yang hang|总行 zong hang|行长 hang zhang|处长 chu zhang|店长 dian zhang|董事长 dong shi zhang
成长 cheng zhang|生长 sheng zhang|增长 zeng zhang|厂长 chang zhang|校长 xiao zhang|部长 bu zhang|音乐 yin yue
乐器 yue qi|乐队 yue dui|空调 kong tiao|调味 tiao wei|调料 tiao liao|广厦 guang sha|大厦 da sha|人参 ren shen
海参 hai shen|参茸 shen rong|参行 shen hang|便宜 pian yi|重组 chong zu|重阳 chong yang|重新 chong xin
传记 zhuan ji|调查 diao cha|大夫 dai fu|的士 di shi|的确 di que|石头 shi tou|降压 jiang ya|弹簧 tan huang
子弹 zi dan|种植 zhong zhi|种养 zhong yang|种业 zhong ye|种子 zhong zi|率先 shuai xian|效率 xiao lv
藏品 cang pin|收藏 shou cang|珍藏 zhen cang|西藏 xi zang|宝藏 bao zang|典藏 dian cang|窖藏 jiao cang
冷藏 leng cang|仓储 cang chu|供应 gong ying|供给 gong ji|血液 xue ye|地铁 di tie|车辆 che liang|校验 jiao yan
模具 mu ju|模板 mu ban|模型 mo xing|中铁 zhong tie|高兴 gao xing|给水 ji shui|薄膜 bo mo|量具 liang ju
测量 ce liang|计量 ji liang|质量 zhi liang|数码 shu ma|数据 shu ju|数控 shu kong|少儿 shao er|还款 huan kuan
教育 jiao yu|教学 jiao xue|相册 xiang ce|担保 dan bao|处理 chu li|尽善 jin shan|美发 mei fa|理发 li fa
发型 fa xing|佛山 fo shan|仿佛 fang fu
"""

# The first reading in the tables is not the one that names of companies and places usually have.
_CHARACTERS = {
    "长": "chang",
    "单": "dan",
    "厦": "xia",
    "参": "can",
    "都": "du",
    "乐": "le",
    "重": "zhong",
    "行": "xing",
    "藏": "cang",
    "嘉": "jia",
    "和": "he",
    "曾": "ceng",
    "石": "shi",
    "莞": "guan",
    "朝": "chao",
    "浙": "zhe",
    "调": "tiao",
    "车": "che",
    "晟": "sheng",
    "盛": "sheng",
    "铭": "ming",
    "冠": "guan",
    "大": "da",
    "柏": "bai",
    "隆": "long",
    "尉": "wei",
    "合": "he",
}

_COMPOUND_SURNAMES = {
    "尉迟": "yu chi",
    "万俟": "mo qi",
    "令狐": "ling hu",
    "澹台": "tan tai",
    "长孙": "zhang sun",
    "单于": "chan yu",
    "宰父": "zai fu",
    "皇甫": "huang fu",
    "夏侯": "xia hou",
    "呼延": "hu yan",
    "拓跋": "tuo ba",
    "赫连": "he lian",
    "独孤": "du gu",
    "宇文": "yu wen",
    "欧阳": "ou yang",
    "上官": "shang guan",
    "诸葛": "zhu ge",
    "司马": "si ma",
    "司徒": "si tu",
    "司空": "si kong",
    "慕容": "mu rong",
    "公孙": "gong sun",
    "东方": "dong fang",
    "端木": "duan mu",
    "钟离": "zhong li",
    "淳于": "chun yu",
    "申屠": "shen tu",
    "濮阳": "pu yang",
    "轩辕": "xuan yuan",
    "南宫": "nan gong",
    "百里": "bai li",
    "亓官": "qi guan",
    "鲜于": "xian yu",
    "闾丘": "lv qiu",
    "第五": "di wu",
    "哥舒": "ge shu",
    "纳兰": "na lan",
}

_SURNAMES = {
    "单": "shan",
    "仇": "qiu",
    "曾": "zeng",
    "解": "xie",
    "朴": "piao",
    "区": "ou",
    "查": "zha",
    "盖": "ge",
    "任": "ren",
    "华": "hua",
    "缪": "miao",
    "乐": "yue",
    "覃": "qin",
    "尉": "wei",
    "翟": "zhai",
    "洗": "xian",
    "冼": "xian",
    "折": "she",
    "繁": "po",
    "种": "chong",
    "员": "yun",
    "秘": "bi",
    "黑": "he",
    "逄": "pang",
    "牟": "mou",
    "宓": "mi",
    "召": "shao",
    "粘": "nian",
    "柏": "bai",
    "佴": "nai",
    "那": "na",
    "哈": "ha",
    "訾": "zi",
    "车": "che",
    "相": "xiang",
    "燕": "yan",
    "应": "ying",
    "宁": "ning",
    "祭": "zhai",
    "郇": "xun",
    "晁": "chao",
    "郗": "xi",
    "隗": "wei",
    "谌": "chen",
    "阚": "kan",
    "郝": "hao",
    "卜": "bu",
    "石": "shi",
    "曲": "qu",
    "宿": "su",
    "贾": "jia",
    "葛": "ge",
    "万": "wan",
    "俞": "yu",
    "藏": "zang",
    "臧": "zang",
    "干": "gan",
    "冯": "feng",
    "纪": "ji",
    "尹": "yin",
    "强": "qiang",
    "重": "chong",
    "占": "zhan",
    "盛": "sheng",
    "邵": "shao",
    "行": "xing",
    "过": "guo",
    "乜": "nie",
    "厍": "she",
    "沈": "shen",
    "长": "chang",
    "都": "du",
    "适": "kuo",
    "句": "gou",
    "芮": "rui",
    "殷": "yin",
    "於": "yu",
    "褚": "chu",
    "莘": "shen",
    "能": "nai",
    "谷": "gu",
    "费": "fei",
    "乘": "sheng",
    "弗": "fei",
    "晟": "cheng",
}


def pinyin(text: str) -> str:
    """The syllables in lower case, joined: 重庆 is chongqing. Letters and digits stay, the rest is dropped."""
    return "".join(_syllables(text))


def initials(text: str) -> str:
    """The first letter of each character: 重庆 is cq; letters and digits stay whole: TCL科技 is tclkj."""
    return "".join([syllable[0] for syllable in _syllables(text)])


def person_pinyin(name: str) -> str:
    """Like `pinyin` for a person, whose surname may read differently from the word: 单小丽 is shanxiaoli."""
    return "".join(_person_syllables(name))


def person_initials(name: str) -> str:
    """The initials of a person's name: 尉迟恭 is ycg, 仇英 is qy."""
    return "".join([syllable[0] for syllable in _person_syllables(name)])


def _person_syllables(name: str) -> Sequence[str]:
    name = unicodedata.normalize("NFKC", name).strip()
    if compound := _COMPOUND_SURNAMES.get(name[:2]):
        return [*compound.split(), *_syllables(name[2:])]
    if len(name) > 1 and (surname := _SURNAMES.get(name[0])):
        return [surname, *_syllables(name[1:])]
    return _syllables(name)


@lru_cache(maxsize=256)  # the reading and the initials of one name are asked for one after the other
def _syllables(text: str) -> tuple[str, ...]:
    """One entry for each Chinese character, letter and digit."""
    words = _words()
    found: list[str] = []
    position, end = 0, len(text)
    while position < end:
        character = text[position]
        for length in words.lengths.get(character, ()):
            if reading := words.readings.get(text[position : position + length]):
                found.extend(reading)
                position += length
                break
        else:
            found.extend(words.characters[character])
            position += 1
    return tuple(found)


TABLE = Path(__file__).parent / "data" / "pinyin.txt"


def usual_reading(character: str) -> str:
    """How a character is read in names where that is not what the tables say first; empty for all others."""
    return _CHARACTERS.get(character, "")


class _Characters(dict[str, tuple[str, ...]]):
    """The usual reading of each character met so far; nothing for punctuation."""

    def __init__(self, lines: Sequence[str]) -> None:
        super().__init__({character: (reading,) for character, reading in _CHARACTERS.items()})
        # All characters in one text, by syllable: sought there when one is met for the first time. As a mapping they
        # would take a hundred times as long to load.
        read = [line.split(" ", 1) for line in lines]
        self._syllables = [syllable for syllable, _characters in read]
        self._all = "".join(characters for _syllable, characters in read)
        self._starts = [0, *accumulate(len(characters) for _syllable, characters in read)]

    def __missing__(self, character: str) -> tuple[str, ...]:
        place = self._all.find(character)
        if place >= 0:
            reading: tuple[str, ...] = (self._syllables[bisect_right(self._starts, place) - 1],)
        else:
            reading = tuple(letter for letter in unicodedata.normalize("NFKC", character).lower() if letter.isalnum())
        if len(self) < _MOST_CHARACTERS:
            self[character] = reading
        return reading


_MOST_CHARACTERS = 60_000


class _Words:
    """The words that read otherwise than their characters: by word, and by first character the lengths to try."""

    def __init__(self) -> None:
        text = TABLE.read_text("utf-8")
        characters, words = text[text.index("\n", text.rindex("# ")) + 1 :].split("\n\n")
        self.characters = _Characters(characters.split("\n"))
        self.readings: dict[str, tuple[str, ...]] = {}
        for entry in [*words.strip().split("\n"), *_WORDS.replace("\n", "|").strip("|").split("|")]:
            word, *reading = entry.split(" ")
            self.readings[word] = tuple(reading)
        lengths: dict[str, set[int]] = {}
        for word in self.readings:
            lengths.setdefault(word[0], set()).add(len(word))
        self.lengths = {first: sorted(found, reverse=True) for first, found in lengths.items()}


@cache
def _words() -> _Words:
    return _Words()
