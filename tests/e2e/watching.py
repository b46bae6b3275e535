"""A browser page under watch: whatever a careful person would call broken is written down and fails the test."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

#: Told by the page itself: a window that scrolls sideways, buttons that cover or leave each other no room, those too
#: small for a thumb on a phone, and anything the content security policy stops.
SELF_REPORT = """
(() => {
  const tell = (...what) => console.error('WATCH', ...what, 'at', location.pathname);
  document.addEventListener('securitypolicyviolation', (e) => tell('policy', e.violatedDirective, e.blockedURI));
  const wide = () => {
    const root = document.documentElement;
    if (root.scrollWidth > root.clientWidth + 1) {
      const sticksOut = (e) => e.getBoundingClientRect().right > root.clientWidth + 1 && !e.closest('.scroll');
      const last = [...document.querySelectorAll('body *')].filter(sticksOut).pop();
      tell('sideways scroll of', root.scrollWidth - root.clientWidth, 'px by', last?.outerHTML.slice(0, 160));
    }
  };
  const crowded = () => {
    const box = (e) => e.getBoundingClientRect();
    const name = (e) => e.outerHTML.slice(0, 120);
    const shown = (e) => e.checkVisibility() && box(e).width > 1;
    for (const row of document.querySelectorAll('main :is(.actions, .btn-row, .save-bar, .bulk, .chips)')) {
      const all = [...row.children].filter(shown), scrolls = getComputedStyle(row).overflowX !== 'visible';
      all.forEach((e, place) => {
        const [a, b] = [box(e), all[place + 1] && box(all[place + 1])];
        const shared = (from, to) => Math.min(a[to], b[to]) - Math.max(a[from], b[from]);
        if (b && shared('left', 'right') > 2 && shared('top', 'bottom') > 2) tell('covered', name(e));
        if (!scrolls && a.right > box(row).right + 2) tell('cut', name(e));
      });
    }
    const buttons = innerWidth < 768 ? [...document.querySelectorAll('main .btn')] : [];
    buttons.filter((e) => shown(e) && box(e).height < 39.5).forEach((e) => tell('small', name(e)));
  };
  window.addEventListener('load', () => setTimeout(crowded, 60));
  window.addEventListener('load', () => setTimeout(wide, 60));
  window.addEventListener('resize', () => setTimeout(wide, 60));
})();
"""
#: A refusal answers these on purpose; a test says which it provokes (`allow`).
FAILED_LOAD = "Failed to load resource"


@dataclass
class Watch:
    """What went wrong in one browser context, and which refusals the test asks for."""

    complaints: list[str] = field(default_factory=list)
    allowed: set[int] = field(default_factory=set)
    offline: bool = False

    def allow(self, *statuses: int) -> None:
        """From now on pages may answer these statuses: the test provokes them."""
        self.allowed.update(statuses)

    def hold(self, context: Any) -> None:
        """Take the pages of this context under watch."""
        context.add_init_script(SELF_REPORT)
        context.on("console", self._console)
        context.on("weberror", lambda error: self.complaints.append(f"script error: {error.error}"))
        context.on("response", self._response)

    def _console(self, message: Any) -> None:
        if message.type == "error" and not message.text.startswith(FAILED_LOAD):
            self.complaints.append(f"console: {message.text}")
        elif message.type == "error" and "net::" in message.text and not self.offline:
            self.complaints.append(f"console: {message.text} {message.location.get('url', '')}")

    def _response(self, response: Any) -> None:
        status = response.status
        if status >= 500 or (status >= 400 and status not in self.allowed):
            path = urlsplit(response.url).path
            self.complaints.append(f"{status} for {response.request.method} {path}")

    def settle(self) -> None:
        """Fails with all complaints."""
        found, self.complaints = self.complaints, []
        assert not found, "\n".join(dict.fromkeys(found))
