"""The register of clauses: what can be declared, and how ids are read out of texts."""

import pytest

from guanxi.kernel import clauses
from guanxi.kernel.clauses import Clause, Kind


def test_the_regulation_knows_its_areas_and_their_last_clauses():
    assert clauses.is_known("REC-45")
    assert not clauses.is_known("REC-46")
    assert not clauses.is_known("REC-00")
    assert not clauses.is_known("XYZ-01")
    assert not clauses.is_known("REC-4")
    assert not clauses.is_known("")
    assert sum(area.last for area in clauses.AREAS.values()) == 400


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("ARC-01", ("ARC-01",)),
        ("ARC-01, ARC-02", ("ARC-01", "ARC-02")),
        (" WF-10 ", ("WF-10",)),
        ("", ()),
        ("KH-2026", ()),
        ("ARC-01 and more", ()),
    ],
)
def test_ids_are_read_out_of_what_declarations_say(text, ids):
    assert clauses.ids_in(text) == ids


def test_a_clause_needs_a_place_in_the_regulation_and_a_title_in_both_languages():
    with pytest.raises(ValueError, match="no clause"):
        Clause("ARC-46", Kind.RULE, "无此条", "No such clause")
    for zh, en in (("", "A title"), ("标题", " ")):
        with pytest.raises(ValueError, match="both languages"):
            Clause("ARC-01", Kind.RULE, zh, en)


def test_a_clause_is_declared_once_and_found_by_its_id(monkeypatch):
    monkeypatch.setattr(clauses, "_declared", {})
    visit = Clause("WF-17", Kind.DEADLINE, "一周内联系", "Contact within a week")
    archive = Clause("ARC-01", Kind.RECORD, "一户一档", "One file")
    clauses.declare(visit, archive)
    assert clauses.declared() == (archive, visit)
    assert clauses.find("WF-17") is visit
    assert clauses.find("ARC-02") is None
    assert clauses.find("WF-17").area.zh == "销售工作流程"
    with pytest.raises(ValueError, match="declared twice"):
        clauses.declare(visit)


def test_declarations_are_gathered():
    assert clauses.named(["ARC-01, WF-10", "", "WF-10", "none"]) == {"ARC-01", "WF-10"}
