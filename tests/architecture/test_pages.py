"""Templates keep to the content security policy, and text becomes markup only where it was made by us."""

import re

from tests.architecture.tree import calls, name_of, python_files, templates

FORBIDDEN_IN_TEMPLATES = {
    "inline style": re.compile(r"<style[\s>]|\sstyle\s*=", re.IGNORECASE),
    "inline script": re.compile(r"<script(?![^>]*\s(?:src\s*=|type=\"application/json\"))[^>]*>", re.IGNORECASE),
    "event attribute": re.compile(r"<[^>]*\son[a-z]+\s*=", re.IGNORECASE),
    "javascript link": re.compile(r"javascript:", re.IGNORECASE),
    "script evaluated by htmx": re.compile(r"\shx-(?:on|vals\s*=\s*[\"']js:)", re.IGNORECASE),
    "foreign host": re.compile(r"(?:src|href|action)\s*=\s*[\"'](?:https?:)?//", re.IGNORECASE),
    "unescaped output": re.compile(r"\|\s*safe\b|\{%-?\s*autoescape\s+false", re.IGNORECASE),
}
# Where markup is put together: file (below src/guanxi) → why it is safe there.
MARKUP_MAKERS: dict[str, str] = {
    "web/drawing.py": "rows of lists and small pieces: every text from outside passes markupsafe.escape",
    "web/environment.py": "the texts of our own catalogues, as Jinja's gettext gives them: values put in are escaped",
}


def template_findings(text: str) -> list[str]:
    """The names of the rules that a template breaks."""
    without_comments = re.sub(r"\{#.*?#\}", "", text, flags=re.DOTALL)
    return [name for name, pattern in FORBIDDEN_IN_TEMPLATES.items() if pattern.search(without_comments)]


def test_templates_carry_no_inline_style_or_script():
    assert template_findings('<p style="color:red">') == ["inline style"]
    assert template_findings("<script>alert(1)</script>") == ["inline script"]
    assert template_findings('<a href="#" onclick="go()">') == ["event attribute"]
    assert template_findings('<script src="https://cdn.example/x.js"></script>') == ["foreign host"]
    assert template_findings("{{ name|safe }}") == ["unescaped output"]
    assert template_findings("<script src=\"{{ static('build/app.js') }}\" defer></script>") == []
    assert template_findings('<script type="application/json" id="texts">{}</script>') == []
    assert template_findings("{# never style= here #}<p data-on='x' class='w-37'>") == []
    found = {name_of(path): template_findings(path.read_text("utf-8")) for path in templates()}
    assert {name: rules for name, rules in found.items() if rules} == {}


def marks_safe(source: str) -> bool:
    """Whether a Python source declares text to be markup (`format_html` escapes and is free)."""
    return any(call.name.rpartition(".")[2] in {"mark_safe", "Markup", "SafeString"} for call in calls(source))


def test_markup_is_made_in_few_places_only():
    assert marks_safe("from markupsafe import Markup\nMarkup(name)")
    assert not marks_safe("from django.utils.html import format_html\nformat_html('<b>{}</b>', name)")
    makers = {name_of(path).removeprefix("src/guanxi/") for path in python_files() if marks_safe(path.read_text())}
    assert makers - set(MARKUP_MAKERS) == set()
