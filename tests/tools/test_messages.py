"""Updating the catalogues keeps what is translated, adds what is new and drops what is gone."""

import gettext

import pytest

from tools import messages


@pytest.fixture
def source(tmp_path, monkeypatch):
    root = tmp_path / "guanxi"
    for folder in ("kernel", "platform/people", "rooms/customers/templates", "web"):
        (root / folder).mkdir(parents=True)
    monkeypatch.setattr(messages, "SOURCE", root)
    monkeypatch.setattr(messages, "BINARY", tmp_path / "messages" / "django.mo")
    return root


def entries(path):
    return {messages.key(entry): entry.string for entry in messages.read(path) if entry.id}


def test_texts_go_to_the_catalogue_of_their_floor(source):
    (source / "kernel" / "money.py").write_text('Message("%(amount)s is too large.")')
    (source / "platform" / "people" / "models.py").write_text('_("person")')
    (source / "rooms" / "customers" / "module.py").write_text('pgettext_lazy("noun", "order")')
    (source / "rooms" / "customers" / "templates" / "page.html").write_text("<p>{{ _('Next duty') }}</p>{# _('no') #}")
    assert messages.update() == 4
    assert entries(source / "platform" / messages.CATALOGUE) == {
        (None, "%(amount)s is too large."): "",
        (None, "person"): "",
    }
    assert entries(source / "rooms" / "customers" / messages.CATALOGUE) == {
        ("noun", "order"): "",
        (None, "Next duty"): "",
    }


def test_translations_survive_a_move_and_unused_texts_go(source):
    (source / "web" / "pages.py").write_text('_("Save")')
    messages.update()
    path = source / "web" / messages.CATALOGUE
    path.write_text(path.read_text().replace('msgid "Save"\nmsgstr ""', 'msgid "Save"\nmsgstr "保存"'))
    assert messages.update() == 0
    before = path.read_bytes()
    assert messages.update() == 0
    assert path.read_bytes() == before

    (source / "web" / "pages.py").write_text("")
    (source / "rooms" / "customers" / "pages.py").write_text('_("Save")')
    assert messages.update() == 0
    assert entries(path) == {}
    assert entries(source / "rooms" / "customers" / messages.CATALOGUE) == {(None, "Save"): "保存"}


def test_compiling_writes_what_gettext_reads(source):
    (source / "web" / "pages.py").write_text('ngettext("%(n)s day", "%(n)s days", n)')
    messages.update()
    path = source / "web" / messages.CATALOGUE
    path.write_text(path.read_text().replace('msgstr[0] ""', 'msgstr[0] "%(n)s 天"'))
    assert messages.missing(messages.read(path)) == []
    assert messages.compile_all() == 1
    with messages.BINARY.open("rb") as file:
        assert gettext.GNUTranslations(file).ngettext("%(n)s day", "%(n)s days", 3) == "%(n)s 天"
