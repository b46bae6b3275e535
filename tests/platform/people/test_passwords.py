"""What is too easy to guess is refused, in whatever way it is put together."""

import pytest
from django.core.exceptions import ValidationError

from guanxi.platform.people.passwords import GuessableValidator, remaining, words

EASY = [
    "woaini5201314", "WoAiNi1314520!", "password12345", "P@ssw0rd20260101", "qwertyuiop123", "1qaz2wsx3edc4rfv",
    "huawei@2026!!", "Maotai20261122", "guanxi-demo-2026", "aaaaaaaaaaaa", "abcabcabcabc",
    "zhangwei1990", "13800138000138",
    "mima123456789", "gongxifacai888", "xiaomingxiaohong", "poiuytrewq1234", "Admin@123456",
    "wangwei19900101", "nihaonihao666",
    "520520520520", "zxcvbnm,.1234", "Beijing2026!!", "laopolaogong520",
]  # fmt: skip
FINE = [
    "a short sentence is easy", "correct horse battery staple", "三月的雨落在锦江的桥上",
    "grüne Birnen im Korb", "tvQx-9mpL-w2Rk",
    "another sentence, also easy", "七条鱼游过了九眼桥呀", "Mein Hund frisst Kürbis",
]  # fmt: skip


@pytest.mark.parametrize("password", EASY)
def test_what_everybody_tries_is_refused(password):
    with pytest.raises(ValidationError) as refused:
        GuessableValidator().validate(password)
    assert refused.value.code == "password_guessable"


@pytest.mark.parametrize("password", FINE)
def test_a_sentence_of_ones_own_is_accepted(password):
    GuessableValidator().validate(password)


def test_temporary_passwords_are_accepted():
    from guanxi.rooms.administration.actions import temporary_password

    for _each in range(300):
        assert len(remaining(temporary_password())) >= 4


def test_the_list_holds_words_in_small_letters():
    assert len(words()) > 150 and all(word == word.casefold() for word in words())
