"""Provinces, prefectures and the better-known county-level cities, in the short form of company names."""

from pathlib import Path

_ENDINGS = ("", "市", "县", "地区", "自治州", "州", "盟")


def _table() -> tuple[dict[str, str], dict[str, str]]:
    province_of: dict[str, str] = {}
    spelled: dict[str, str] = {}
    for line in (Path(__file__).parent / "data" / "regions.txt").read_text("utf-8").splitlines()[1:]:
        head, *below = line.split("|")
        province, suffix = head.split(" ")
        province_of[province] = province
        spelled.update({province: province, province + suffix: province, province + "省": province})
        for place in " ".join(below).split():
            province_of.setdefault(place, province)
            for ending in _ENDINGS:
                spelled.setdefault(place + ending, place)
    return province_of, spelled


PROVINCE_OF, SPELLINGS = _table()
"""PROVINCE_OF: short name of a place -> its province; SPELLINGS: each way to write a place -> its short name."""
