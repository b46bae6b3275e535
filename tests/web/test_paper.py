"""Documents on paper are PDF files that hold their texts, in either language, and the mark of whose they are."""

from django.utils.translation import override

from guanxi.web.paper import Column, Marked, Paper
from tests.paper import texts_of


def made(**more):
    paper = Paper("制度执行报告", mark="周建国 · 2026-11-21 10:24", author="周建国", **more)
    paper.opening("2026 年 1 月至 11 月")
    paper.heading("By area <1>")
    columns = [Column("条款"), Column("要求", 4), Column("按时", numeric=True)]
    paper.table(
        columns, [["ARC-01", "一户一档", 1234], ["WF-10", "两个工作日", Marked(3)]] * 40, total=["合计", "", 1237]
    )
    return paper.content()


def test_a_document_holds_titles_tables_and_sums_in_chinese_and_english():
    content = made()
    assert content.startswith(b"%PDF-")
    found = texts_of(content)
    for text in ("制度执行报告", "2026 年 1 月至 11 月", "By area <1>", "一户一档", "两个工作日", "1,234", "合计"):
        assert text in found, text


def test_each_sheet_says_whose_it_is_and_repeats_the_head_of_the_table():
    found = texts_of(made())
    sheets = found.count("周建国 ・ 2026-11-21 10:24") // 2  # across the sheet and at its foot
    assert sheets >= 2
    assert found.count("要求") == sheets
    with override("zh-hans"):
        assert f"第 {sheets} 页，共 {sheets} 页" in texts_of(made())


def test_a_document_lies_across_when_it_is_wide():
    assert b"841.8898 595.2756" in made(wide=True)
    assert b"595.2756 841.8898" in made()
