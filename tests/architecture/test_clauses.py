"""Code and tests name clauses that the regulation has."""

import ast

from tools import regulation


def test_clauses_exist():
    assert regulation.is_known("REC-45")
    assert not regulation.is_known("REC-46")
    assert not regulation.is_known("REC-00")
    assert not regulation.is_known("XYZ-01")
    assert regulation.unknown_clauses() == {}


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
