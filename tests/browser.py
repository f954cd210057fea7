"""Opens pages of files in the system's Chromium, and keeps what they asked for, broke or failed in.

Tests use the fixture `browser`. A process starts Chromium when its first test needs it, and ends it with its
last, so keep such tests together in few modules. Nothing is sent anywhere: Chromium has a proxy that does not
answer.
"""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright import sync_api
from playwright.sync_api import ConsoleMessage, Dialog, Error, Page, Request, sync_playwright

Chromium = sync_api.Browser
_NOWHERE = "http://127.0.0.1:9"
"""The address of the proxy: the port `discard`, at which nothing has answered for decades."""
_QUIET = ["--disable-domain-reliability", "--no-pings"]
"""What keeps Chromium from writing to its maker, beside the options that playwright gives it anyway."""
_HINTS = "Array.from(document.querySelectorAll('[rel~=preconnect], [rel~=dns-prefetch]'), link => link.href)"


@dataclass
class Opened:
    """A page that is open: playwright's own `page`, and what has come of it so far.

    `requests` are the addresses that it asked for, refused or not, but for its own when it was opened: also
    where it went, what it opened and the hosts to look up early. `violations` of its content security policy
    are each a directive and what that stopped. `errors` are those of the console and of scripts, and boxes
    that scripts opened.
    """

    page: Page
    has_scripts: bool
    requests: list[str] = field(default_factory=list)
    violations: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def settle(self) -> None:
        """Wait until the page has asked for nothing for half a second."""
        self.page.wait_for_load_state("networkidle")

    def take_picture(self) -> bytes:
        """Return a PNG of the whole page, at the width that it was opened with."""
        return self.page.screenshot(full_page=True)

    def print_pdf(self) -> bytes:
        """Return a PDF of the page, printed on A4."""
        return self.page.pdf(format="A4", print_background=True)

    def _keep_request(self, request: Request) -> None:
        self.requests.append(request.url)

    def _keep_message(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.errors.append(message.text)

    def _keep_box(self, box: Dialog) -> None:
        self.errors.append(f"{box.type}: {box.message}")
        box.dismiss()

    def _keep_issue(self, event: dict[str, Any]) -> None:
        if violation := event["issue"]["details"].get("contentSecurityPolicyIssueDetails"):
            stopped = violation.get("blockedURL") or violation["contentSecurityPolicyViolationType"]
            self.violations.append(f"{violation['violatedDirective']} {stopped}")


class Browser:
    """Opens pages, each in a profile of its own."""

    def __init__(self, chromium: Chromium) -> None:
        self._chromium = chromium

    def open(
        self,
        path: Path,
        *,
        width: int = 1000,
        scheme: Literal["light", "dark"] = "light",
        javascript: bool = True,
    ) -> Opened:
        """Open a file in a window so many pixels wide and 800 high, and wait until it is loaded.

        Without `javascript` none of the page runs, but the methods of `page` still look into it.
        """
        context = self._chromium.new_context(
            color_scheme=scheme, java_script_enabled=javascript, viewport={"width": width, "height": 800}
        )
        page = context.new_page()
        opened = Opened(page, javascript)
        context.on("request", opened._keep_request)  # noqa: SLF001
        context.on("console", opened._keep_message)  # noqa: SLF001
        context.on("dialog", opened._keep_box)  # noqa: SLF001
        context.on("weberror", lambda error: opened.errors.append(str(error.error)))
        page.on("websocket", lambda socket: opened.requests.append(socket.url))
        # The event `securitypolicyviolation` does not reach a page whose scripts are off.
        session = context.new_cdp_session(page)
        session.on("Audits.issueAdded", opened._keep_issue)  # noqa: SLF001
        session.send("Audits.enable")
        page.goto(path.resolve().as_uri())
        del opened.requests[0]
        with suppress(Error):  # A page that has left at once is asked too late; where it went is kept.
            opened.requests += page.evaluate(_HINTS)
        return opened

    def close(self) -> None:
        """Close every page that is open."""
        for context in self._chromium.contexts:
            context.close()


def check_accessibility(opened: Opened) -> list[str]:
    """Return what axe finds wrong with a page as it is, a sentence an element.

    Needs scripts: axe waits for timers of the page.
    """
    assert opened.has_scripts, "axe never ends in a page without JavaScript"
    # With `preload`, axe asks for the page's style sheets once more.
    options = {"resultTypes": ["violations"], "preload": False}
    found = Axe().run(opened.page, options=options).response["violations"]
    return [
        f"{fault['id']} ({fault['impact']}): {fault['help']}: {node['html']}"
        for fault in found
        for node in fault["nodes"]
    ]


@contextmanager
def start_chromium() -> Iterator[Chromium]:
    """Start the system's Chromium without a window, and end it."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=shutil.which("chromium"),
            proxy={"server": _NOWHERE, "bypass": "<-loopback>"},
            args=_QUIET,
        )
        yield chromium
        chromium.close()
