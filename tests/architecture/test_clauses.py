"""Code and tests name clauses that the regulation has, the register declares them, and declares no others."""

import ast
import json

from guanxi.kernel import clauses
from tools import regulation


def test_clauses_exist():
    assert regulation.unknown_clauses() == {}


def test_whatever_code_or_tests_name_is_declared(monkeypatch):
    """A clause that is missing here is missing in the register: add its line to rooms/compliance/clauses.py."""
    assert regulation.undeclared_clauses() == []
    monkeypatch.setattr(clauses, "_declared", {})
    assert "ARC-01" in regulation.undeclared_clauses()


def test_whatever_is_declared_is_kept_by_code_and_shown_by_tests(monkeypatch):
    """A line too many promises what nothing keeps: take it out of rooms/compliance/clauses.py."""
    assert regulation.empty_clauses() == []
    monkeypatch.setattr(regulation, "kept_clauses", dict)
    assert "ARC-01" in regulation.empty_clauses()


def test_what_the_register_shows_is_what_code_and_tests_say():
    """Run tools/regulation.py when this fails."""
    shipped = json.loads(regulation.SHIPPED.read_text("utf-8"))
    assert shipped.keys() == regulation.kept_clauses().keys()


def test_clauses_are_found_where_they_are_named(tmp_path, monkeypatch):
    source = tmp_path / "src" / "rules.py"
    source.parent.mkdir()
    source.write_text(
        'def may_release(x):\n    return refuse("REC-04", text)\nDAYS = Parameter(clause="ARC-01, ARC-02")\n'
    )
    test = tmp_path / "tests" / "test_rules.py"
    test.parent.mkdir()
    test.write_text('@pytest.mark.clause("REC-04", "WH-01")\ndef test_release():\n    pass\n')
    monkeypatch.setattr(regulation, "ROOT", tmp_path)
    kept = regulation.kept_clauses()
    assert {clause: (sorted(entry.code), sorted(entry.tests)) for clause, entry in kept.items()} == {
        "ARC-01": (["rules.py: DAYS"], []),
        "ARC-02": (["rules.py: DAYS"], []),
        "REC-04": (["rules.py: may_release"], ["tests/test_rules.py::test_release"]),
        "WH-01": ([], ["tests/test_rules.py::test_release"]),
    }


def test_ordinary_words_are_no_clauses():
    argument = ast.parse('f("REC-04 and more", "UTF-8", "KH-2026")').body[0].value.args
    assert [list(regulation.clauses_of(node)) for node in argument] == [[], [], []]
