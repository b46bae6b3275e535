"""Companies, people and numbers of the demo look like those in China, and occur once."""

from __future__ import annotations

import re
from random import Random

from stdnum.cn import uscc

from guanxi.demo.clientele import BLOCKS
from guanxi.demo.company_names import Companies, places
from guanxi.demo.people_names import Telephones, person_name
from guanxi.demo.sentences import sentence, stock
from guanxi.kernel.chinese.company import company_key
from guanxi.kernel.chinese.phone import normalise_phone
from guanxi.kernel.chinese.regions import PROVINCE_OF


def test_credit_codes_are_valid_and_of_the_right_district():
    made = Companies(Random(7))
    found = [made.company() for _company in range(300)]
    for company in found:
        assert uscc.is_valid(company.credit_code), company.credit_code
        assert company.credit_code[2:8] == company.place.district_code
    spoiled = found[0].credit_code[:-1] + ("0" if found[0].credit_code[-1] != "0" else "1")
    assert not uscc.is_valid(spoiled)
    assert len({company.credit_code for company in found}) == 300


def test_no_two_companies_would_be_taken_for_one():
    made = Companies(Random(7))
    names = [made.company().name for _company in range(2000)]
    assert len({company_key(name) for name in names}) == 2000
    assert all(re.fullmatch(r"[\u4e00-\u9fff]{7,22}", name) for name in names)


def test_cities_lie_in_their_provinces():
    assert len(places()) == 48
    assert {place.city for place in places() if PROVINCE_OF[place.city] != place.province} == set()
    assert {place.region for place in places()} == {"southwest", "east", "north", "south"}


def test_numbers_are_telephone_numbers_and_occur_once():
    phones = Telephones(Random(3))
    mobiles = [phones.mobile() for _number in range(500)]
    assert {normalise_phone(number).kind for number in mobiles} == {"mobile"}
    assert len(set(mobiles)) == 500
    for place in places():
        number = phones.landline(place.area)
        assert normalise_phone(number).kind == "landline"
        assert number.startswith(place.area)


def test_people_have_chinese_names():
    chance = Random(5)
    names = [person_name(chance) for _person in range(200)]
    assert all(re.fullmatch(r"[\u4e00-\u9fff]{2,3}", name) for name, _gender in names)
    assert {gender for _name, gender in names} == {"male", "female"}


def test_sentences_are_many_and_complete():
    facts = {"city": "成都", "short": "锦源酒业", "product": "川兴六年", "competitor": "泸江酒", "person": "王伟"}
    from_blocks = {name: len(heads) * max(1, len(tails)) for name, (heads, tails) in stock().items()}
    assert from_blocks["outlook"] == 36
    assert min(from_blocks[name] for name in (*BLOCKS, "talk", "visit", "opinion", "intelligence")) >= 30
    chance = Random(1)
    for name in stock():
        for _time in range(40):
            text = sentence(chance, name, **facts)
            assert "{" not in text
            assert text == text.strip() != ""
