"""The table of readings that the kernel ships is what pypinyin's tables say."""

import pypinyin

from guanxi.kernel.chinese.pinyin import TABLE, pinyin, usual_reading
from tools.pinyin_tables import characters, table


def test_the_table_is_the_one_that_the_tool_makes():
    assert TABLE.read_text("utf-8") == table(pypinyin.__version__)


def test_every_character_has_its_first_reading_or_that_of_names():
    told = {character: pinyin(character) for character in characters()}
    assert told == {character: usual_reading(character) or reading for character, reading in characters().items()}
