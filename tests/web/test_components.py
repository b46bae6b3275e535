"""The parts that pages are made of: what they escape, what a strict content policy forbids, what everybody can read."""

import json
import re
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from jinja2 import Environment, FileSystemLoader

from guanxi.web import drawing

SOURCE = Path(__file__).resolve().parents[2] / "src" / "guanxi"
WEB = SOURCE / "web"
TEMPLATES = sorted(SOURCE.glob("**/templates/**/*.html"))
HOSTILE = '"><img src=x onerror=alert(1)>'

WIDGETS = [
    "text",
    "textarea",
    "select",
    "multiselect",
    "radio",
    "number",
    "money",
    "percent",
    "date",
    "datetime-local",
    "time",
    "month",
    "checkbox",
    "switch",
    "tel",
    "email",
    "url",
    "password",
    "search",
    "link",
    "person",
    "file",
    "tags",
    "readonly",
    "hidden",
]


def environment() -> Environment:
    env = Environment(loader=FileSystemLoader(WEB / "templates"), autoescape=True, extensions=["jinja2.ext.i18n"])
    env.install_null_translations(newstyle=True)  # type: ignore[attr-defined]
    env.globals.update(static=lambda path: f"/static/{path}", draw=drawing, clause_url=lambda clause: "")
    return env


@pytest.fixture(scope="module")
def parts() -> Any:
    return environment().get_template("web/components.html").module


def described(widget: str, **more: Any) -> dict[str, Any]:
    choices = [("a", "Alpha", False), ("b", HOSTILE, True)]
    return {"name": "city", "label": "City", "widget": widget, "value": HOSTILE, "choices": choices, **more}


@pytest.mark.parametrize("widget", WIDGETS)
def test_a_field_escapes_whatever_stands_in_it(parts: Any, widget: str) -> None:
    link = {"id": HOSTILE, "title": HOSTILE, "picker_url": HOSTILE, "new_url": HOSTILE}
    drawn = str(
        parts.field(described(widget, link=link, help=HOSTILE, errors=[HOSTILE], placeholder=HOSTILE, unit="x"))
    )
    assert "<img" not in drawn
    assert ('name="city"' in drawn) == (widget != "readonly")


@pytest.mark.parametrize("widget", [name for name in WIDGETS if name not in ("readonly", "hidden")])
def test_a_field_is_labelled_and_says_what_is_wrong(parts: Any, widget: str) -> None:
    drawn = str(parts.field(described(widget, required=True, errors=["Too long"])))
    assert 'class="must"' in drawn, "a mandatory field carries a visible mark"
    assert 'id="f-city-error"' in drawn
    assert "Too long" in drawn
    if widget in ("multiselect", "radio"):
        assert "<fieldset" in drawn
        assert "<legend>City" in drawn
    elif widget not in ("checkbox", "switch"):
        assert re.search(r"<label for=f-city>City", drawn)
        assert 'id="f-city"' in drawn
    assert 'class="must"' not in str(parts.field(described(widget)))


def test_a_link_field_works_as_plain_text_too(parts: Any) -> None:
    drawn = str(parts.field(described("link", link={"id": "7", "title": "川兴酒业", "picker_url": "/customers/pick/"})))
    assert '<input type="hidden" name="city" value="7"' in drawn
    assert 'name="city__text" value="川兴酒业"' in drawn
    assert 'data-gx-picker-url="/customers/pick/"' in drawn
    assert "data-gx-picker-url" not in str(parts.field(described("link", link={}, readonly=True)))


def test_a_kept_file_may_stay_or_go_and_is_not_asked_for_again(parts: Any) -> None:
    kept = str(parts.field(described("file", required=True, kept={"id": "9", "name": "licence.pdf"})))
    assert '<input type="checkbox" name="city__kept" value="9" checked>Keep licence.pdf' in kept
    assert not re.search(r'type="file"[^>]* required', kept)
    assert re.search(r'type="file"[^>]* required', str(parts.field(described("file", required=True))))


@pytest.mark.parametrize(
    ("percent", "hot", "fill", "late"),
    [(70, 6, "70.0%", "6.0%"), (130, 0, "100%", None), (-5, 0, "0%", None), (40, 90, "40.0%", "40.0%")],
)
def test_a_gauge_never_leaves_its_frame(parts: Any, percent: float, hot: float, fill: str, late: str | None) -> None:
    drawn = str(parts.gauge(percent, hot))
    assert f'class="fill" width="{fill}"' in drawn
    assert ('class="hot"' in drawn) == (late is not None)
    if late:
        assert f'class="hot" width="{late}"' in drawn


@pytest.mark.parametrize(("name", "letters"), [("陈慧敏", "敏"), ("Huimin Chen", "HC"), ("", "?"), (None, "?")])
def test_an_avatar_shows_how_a_person_is_called(parts: Any, name: str | None, letters: str) -> None:
    assert f">{letters}</span>" in str(parts.avatar(name))


def test_a_seal_is_cut_as_seals_are(parts: Any) -> None:
    assert "对账\n相符" in str(parts.seal("对账相符"))
    dated = str(parts.seal("已建档", "ro", True, "王芳", "2026-11-18"))
    assert "<b>已建档</b><time>2026-11-18</time><em>王芳</em>" in dated
    assert "<time>" not in str(parts.seal("已建档", "ro", True, "王芳"))


def test_a_refusal_shows_clause_numbers_and_what_lifts_it(parts: Any) -> None:
    reason = {
        "clause": "REC-04",
        "message": "2 invoices overdue",
        "numbers": [("oldest", "12 days")],
        "lift": "Collect",
    }
    drawn = str(parts.problem("Held", [reason]))
    assert 'role="alert"' in drawn
    for shown in ("REC-04", "2 invoices overdue", "oldest <b>12 days</b>", '<span class="lift">Collect</span>'):
        assert shown in drawn


def test_a_running_job_asks_on_and_a_finished_one_does_not(parts: Any) -> None:
    job = {"title": "Import", "percent": 40, "state": "running", "url": "/jobs/7/", "next": "/imports/7/"}
    assert 'data-gx-progress="/jobs/7/"' in str(parts.progress(job))
    done = str(parts.progress({**job, "percent": 100, "state": "done"}))
    assert "data-gx-progress" not in done
    assert 'href="/imports/7/"' in done


@pytest.mark.parametrize("path", sorted((WEB / "templates/web/errors").glob("*.html")), ids=lambda path: path.stem)
def test_error_pages_need_nothing_from_the_request(path: Path) -> None:
    env = environment()
    bare = env.get_template(f"web/errors/{path.name}").render()
    assert re.search(r"<h1>[^<]+</h1>", bare)
    told = env.get_template(f"web/errors/{path.name}").render(title="T-1", message=HOSTILE, reference="E-7f3a91")
    assert "<h1>T-1</h1>" in told
    assert "E-7f3a91" in told
    assert "<img" not in told


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_templates_keep_the_content_policy(path: Path) -> None:
    text = re.sub(r"\{#.*?#\}", "", path.read_text(), flags=re.DOTALL)
    assert not re.search(r"\sstyle\s*=", text), "no inline style"
    assert not re.search(r"<[^>]*\son[a-z]+\s*=\s*[\"']", text), "no inline handler"
    assert not re.search(r"hx-(on|vals=.js:)", text), "no script in htmx attributes"
    assert not re.search(r"(src|href)\s*=\s*[\"']?(https?:)?//", text), "nothing from elsewhere"
    for script in re.findall(r"<script[^>]*>", text):
        assert "src=" in script or 'type="application/json"' in script


def test_every_icon_that_is_named_is_in_the_sprite() -> None:
    icons = set(json.loads((WEB / "assets" / "icons.json").read_text()))
    named: dict[str, str] = {}
    for path in TEMPLATES:
        text = re.sub(r"\{#.*?#\}", "", path.read_text(), flags=re.DOTALL)
        for name in re.findall(r"\bicon\(\s*[\"']([a-z0-9-]+)[\"']", text) + re.findall(
            r"\bicon=[\"']([a-z0-9-]+)[\"']", text
        ):
            named[name] = path.name
    for path in SOURCE.glob("rooms/**/*.py"):
        for name in re.findall(r"\bicon=\"([a-z0-9-]+)\"", path.read_text()):
            named[name] = str(path.relative_to(SOURCE))
    assert len(named) > 10
    assert {name: where for name, where in named.items() if name not in icons} == {}


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_contrast_is_measured_right() -> None:
    assert round(contrast("#000000", "#ffffff"), 1) == 21.0
    assert round(contrast("#777777", "#ffffff"), 2) == 4.48  # the well-known grey that just fails


def test_text_can_be_read_on_every_ground() -> None:
    """WCAG 2.1 AA, 1.4.3: 4.5 to 1."""
    tokens = dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{6})", (WEB / "assets/css/tokens.css").read_text()))
    pairs = [
        *product(("ink", "ink-2", "ink-3", "seal", "link", "ok", "warn"), ("paper", "paper-2", "sheet")),
        ("seal", "seal-soft"),
        ("ok", "ok-soft"),
        ("warn", "warn-soft"),
        ("link", "info-soft"),
    ]
    assert {
        pair: contrast(tokens[pair[0]], tokens[pair[1]])
        for pair in pairs
        if contrast(tokens[pair[0]], tokens[pair[1]]) < 4.5
    } == {}
