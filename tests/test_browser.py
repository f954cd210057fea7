"""The tests' own browser finds what is wrong with a page; if it did not, no test that uses it could fail."""

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from browser import Browser

POLICY = """<meta http-equiv="Content-Security-Policy"
content="default-src 'none'; style-src 'unsafe-inline'">"""
FAULTY = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Faulty</title>{head}
<link rel="preconnect" href="https://looked-up.example/">
<main><h1>Faulty</h1><img src="https://asked.example/a.png">
<p style="color: #ccc; background: #fff" id="faint">faint</p>
<script>alert("a box"); fetch("https://fetched.example/"); none.such</script></main>"""
SOUND = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Sound</title>{head}
<style>@media (prefers-color-scheme: dark) {{ body {{ background: #000; color: #fff }} }}</style>
<main><h1>Sound</h1><p>Nothing is wrong.</p></main>"""


def write(path: Path, html: str, head: str = "") -> Path:
    path.write_text(html.format(head=head), "utf-8")
    return path


def test_whatever_a_page_asks_for_and_gets_wrong_is_kept(browser: "Browser", tmp_path: Path) -> None:
    from browser import check_accessibility  # noqa: PLC0415

    page = browser.open(write(tmp_path / "open.html", FAULTY))
    assert sorted(page.requests) == [
        "https://asked.example/a.png",
        "https://fetched.example/",
        "https://looked-up.example/",
    ]
    assert page.violations == []
    said = "\n".join(page.errors)
    assert re.search(r"^alert: a box$", said, re.MULTILINE)
    assert "none is not defined" in said
    assert "net::ERR_PROXY_CONNECTION_FAILED" in said
    faults = check_accessibility(page)
    assert [fault.split(" ")[0] for fault in faults] == ["color-contrast", "image-alt"]
    assert 'id="faint"' in faults[0]


def test_what_a_policy_stops_is_kept(browser: "Browser", tmp_path: Path) -> None:
    page = browser.open(write(tmp_path / "closed.html", FAULTY, POLICY))
    stopped = ["img-src https://asked.example/a.png", "script-src-elem kInlineViolation"]
    assert sorted(page.violations) == stopped
    assert not any("a box" in error for error in page.errors)


def test_a_page_whose_scripts_are_off_is_watched_as_closely_also_when_it_leaves(
    browser: "Browser", tmp_path: Path
) -> None:
    leave = '<meta http-equiv="refresh" content="0; url=https://elsewhere.example/">'
    page = browser.open(write(tmp_path / "leaving.html", FAULTY, POLICY + leave), javascript=False)
    page.settle()
    assert "https://elsewhere.example/" in page.requests
    assert page.violations == ["img-src https://asked.example/a.png"]


def test_a_sound_page_is_pictured_printed_and_found_faultless(browser: "Browser", tmp_path: Path) -> None:
    from browser import check_accessibility  # noqa: PLC0415

    page = browser.open(write(tmp_path / "sound.html", SOUND, POLICY), width=390, scheme="dark")
    picture = page.take_picture()
    assert picture[:8] == b"\x89PNG\r\n\x1a\n"
    assert int.from_bytes(picture[16:20]) == 390
    assert page.page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(0, 0, 0)"
    assert page.print_pdf()[:5] == b"%PDF-"
    assert check_accessibility(page) == []
    assert (page.requests, page.violations, page.errors) == ([], [], [])
    # Other tests fork, which Python warns of in a process that has threads.
    child = os.fork()
    if child == 0:
        os._exit(3)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 3
