"""What is logged: a line for people, an object for programs, never a secret."""

import json
import logging
import sys

import pytest

from guanxi.platform.monitoring.logs import JsonFormatter, PlainFormatter, known_secrets, request_id, scrubbed

SECRETS = [
    "password=hunter2hunter2", 'password": "hunter2hunter2"', "PASSWORD='hunter2hunter2'",
    "Authorization: Bearer hunter2hunter2", "Cookie: guanxi_session=hunter2hunter2", "token=hunter2hunter2&x=1",
    "csrfmiddlewaretoken=hunter2hunter2", "postgresql://guanxi:hunter2hunter2@db:5432/guanxi",
    "gx_hunter2hunter2hunter2", "sessionid=hunter2hunter2;", "secret_key: hunter2hunter2", "Basic hunter2hunter2",
]  # fmt: skip
PERSONAL = [
    ("called 13812345678 today", "13812345678"),
    ("id 51010619900307423X given", "51010619900307423X"),
    ("card 6222021234567890123", "6222021234567890123"),
    ("DETAIL:  Key (phone)=(02888886666) already exists.", "02888886666"),
    ("DETAIL:  Failing row contains (1, 成都川兴酒业, 2026).", "成都川兴酒业"),
]


def record(text: str, **more: object) -> logging.LogRecord:
    made = logging.LogRecord("guanxi.x", logging.WARNING, __file__, 1, text, None, None)
    made.__dict__.update(more)
    return made


@pytest.mark.parametrize("text", SECRETS)
def test_no_secret_is_logged(text):
    for formatter in (PlainFormatter(), JsonFormatter()):
        assert "hunter2" not in formatter.format(record(f"before {text} after"))
    assert scrubbed(text) != text


@pytest.mark.parametrize(("text", "value"), PERSONAL)
def test_nor_what_a_database_or_a_person_lets_slip(text, value):
    assert value not in scrubbed(text)


def test_secrets_of_the_environment_are_known_by_value():
    secrets = known_secrets([("GUANXI_AUDIT_KEY", "abcdefgh-1234"), ("HOME", "somewhere-long"), ("A_TOKEN", "short")])
    assert secrets == ("abcdefgh-1234",)
    assert "abcdefgh-1234" not in PlainFormatter(["abcdefgh-1234"]).format(record("it was abcdefgh-1234 indeed"))


def test_ordinary_words_stay():
    text = "job 01930000-0000-7000-8000-000000000001: run 3 gave no sign of life at 2026-11-21 10:24:00; 120000 rows"
    assert scrubbed(text) == text


def test_secrets_in_an_error_do_not_come_out_in_its_trace():
    try:
        raise ValueError("password=hunter2hunter2 for 13812345678")
    except ValueError:
        made = record("failed", exc_info=sys.exc_info())
    for formatter in (PlainFormatter(), JsonFormatter()):
        line = formatter.format(made)
        assert "hunter2" not in line and "13812345678" not in line and "ValueError" in line


def test_one_line_whatever_is_logged():
    line = PlainFormatter().format(record("one\nWARNING forged line\r\n"))
    assert "\n" not in line and "\\n" in line
    assert json.loads(JsonFormatter().format(record("one\ntwo")))["message"] == "one\ntwo"
    assert "\n" not in JsonFormatter().format(record("one\ntwo"))


def test_facts_and_the_request_are_fields():
    token = request_id.set("abc123")
    try:
        made = record("answered", facts={"route": "list", "status": 200})
        told = json.loads(JsonFormatter().format(made))
        assert told["route"] == "list" and told["status"] == 200 and told["request"] == "abc123"
        assert told["time"].endswith("+00:00") and told["level"] == "warning"
        assert "route=list status=200 request=abc123" in PlainFormatter().format(made)
    finally:
        request_id.reset(token)
