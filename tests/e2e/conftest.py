"""Fixtures of the tests in the browser: one installation and one Chromium for all, a fresh context for each visitor."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.e2e.installation import PASSWORD, Installation, installed
from tests.e2e.watching import Watch

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or "chromium"
ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
DESK = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}
LANGUAGES = {"zh": "zh-CN", "en": "en-US"}
PICTURES = Path(__file__).parents[2] / "build" / "screenshots"
#: Longer than any answer takes on a busy machine, shorter than patience.
TIMEOUT_MS = 20_000

Visit = Callable[..., Page]
#: user name → (cookies, language)
Sessions = dict[str, tuple[Any, str]]


@pytest.fixture(scope="session")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """The demo company, served."""
    with installed(tmp_path_factory.mktemp("e2e")) as here:
        yield here


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for the whole run."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def sessions() -> Sessions:
    """Cookies and language of those who have logged in: hashing a password is slow by intention."""
    return {}


@pytest.fixture
def watch() -> Iterator[Watch]:
    """What goes wrong on any page of this test; it fails at its end by it."""
    watching = Watch()
    yield watching
    watching.settle()


@pytest.fixture
def visit(
    request: pytest.FixtureRequest,
    installation: Installation,
    browser: Browser,
    sessions: Sessions,
    watch: Watch,
) -> Iterator[Visit]:
    """visit("li_wei", "/customers/customer/", language="zh", viewport=DESK) — a page, logged in as that person.

    Without a name nobody is logged in. `script=False` is a browser without JavaScript.
    """
    contexts = []

    def open_page(
        username: str = "",
        path: str = "/",
        *,
        language: str = "zh",
        viewport: dict[str, int] = DESK,
        script: bool = True,
    ) -> Page:
        if username and sessions.get(username, (None, ""))[1] != language:
            sessions[username] = (_speaking(browser, installation, username, language, sessions), language)
        context = browser.new_context(
            base_url=installation.url, viewport=viewport, locale=LANGUAGES[language], java_script_enabled=script,
            timezone_id="Asia/Shanghai", reduced_motion="reduce", has_touch=viewport == PHONE,
            storage_state=sessions[username][0] if username else None,
        )  # fmt: skip
        contexts.append(context)
        context.set_default_timeout(TIMEOUT_MS)
        watch.hold(context)
        page = context.new_page()
        page.goto(path)
        return page

    yield open_page
    failed = getattr(request.node, "broke", False)
    for context in contexts:
        for number, page in enumerate(context.pages):
            if failed:
                _take(page, PICTURES / "failed" / f"{request.node.name}-{number}.png")
        context.close()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Any:
    """Remember that a test broke, so that its last page is kept as a picture."""
    report = yield
    if report.when == "call" and report.failed:
        item.broke = True  # type: ignore[attr-defined]
    return report


def _speaking(browser: Browser, installation: Installation, username: str, language: str, sessions: Sessions) -> Any:
    """The cookies of that person, logged in and with that language chosen in the settings."""
    known = sessions.get(username, (None, ""))[0]
    context = browser.new_context(base_url=installation.url, locale=LANGUAGES["zh"], storage_state=known)
    page = context.new_page()
    if known is None:
        page.goto("/login/")
        page.locator("[name=username]").fill(username)
        page.locator("[name=password]").fill(PASSWORD)
        page.locator("[name=password]").press("Enter")
        page.wait_for_url(lambda url: "/login/" not in url)
    page.goto("/settings/")
    page.locator("[name=language]:not(button)").select_option({"zh": "zh-hans", "en": "en"}[language])
    with page.expect_navigation():
        page.locator("form[action='/settings/save/'] button:not([type=button])").click()
    state = context.storage_state()
    context.close()
    return state


def _take(page: Page, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=path)


@pytest.fixture
def picture() -> Callable[..., None]:
    """picture(page, "customer") keeps what the page looks like; `readme` names the picture of docs/images it becomes.

    The pictures of the documents change only when GUANXI_UPDATE_IMAGES=1.
    """

    def take(page: Page, name: str, *, readme: str = "") -> None:
        _take(page, PICTURES / f"{name}.png")
        if readme and os.environ.get("GUANXI_UPDATE_IMAGES") == "1":
            _take(page, Path(__file__).parents[2] / "docs" / "images" / readme)

    return take
