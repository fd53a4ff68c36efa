"""The page in a real Chromium: by keyboard, on a phone, in the dark, without scripts, live."""

from __future__ import annotations

import shutil
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from millpond.definitions import DatasetKind, FlowKind
from millpond.events import Event, Metrics, Origin, Recorder
from millpond.events.journal import Journal
from millpond.events.reader import LogReader
from millpond.report.html.gather import gather
from millpond.report.html.render import render
from millpond.report.html.server import PageServer

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_BROWSER = next(filter(None, map(shutil.which, _NAMES)), None)
_OPTIONS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
_SALES = "main.silver.sales"
_PARTS = ("main > section:visible", ".problem:visible", ".cards tbody tr:visible")

pytestmark = pytest.mark.skipif(_BROWSER is None, reason="there is no Chromium on this machine")

OpenPage = Callable[..., Any]


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Chromium without a window."""
    playwright = pytest.importorskip("playwright.sync_api")
    with playwright.sync_playwright() as started:
        running = started.chromium.launch(executable_path=_BROWSER, args=_OPTIONS)
        yield running
        running.close()


@pytest.fixture
def open_page(browser: Any, tmp_path: Path) -> Iterator[OpenPage]:
    """`open_page(html_or_url, **of_the_context)`: a tab with it; what it asked for and said."""
    contexts = []

    def opened(document: str, **options: Any) -> Any:
        context = browser.new_context(**options)
        contexts.append(context)
        tab = context.new_page()
        tab.set_default_timeout(20_000)
        tab.asked, tab.said = [], []
        tab.on("request", lambda request: tab.asked.append(request.url))
        tab.on("console", lambda message: tab.said.append(message.text))
        tab.on("pageerror", lambda error: tab.said.append(str(error)))
        tab.on("dialog", lambda dialog: (tab.said.append("dialog"), dialog.dismiss()))
        if not document.startswith("http"):
            (tmp_path / "report.html").write_text(document, encoding="utf-8")
            document = (tmp_path / "report.html").as_uri()
        tab.goto(document)
        return tab

    yield opened
    for context in contexts:
        context.close()


@pytest.fixture
def document(page: Callable[..., Any], make_update: Callable[..., Any]) -> str:
    """The report of a second update that failed."""
    earlier = make_update("u1")
    failed = make_update("u2", failed=1, message="division by zero", end="FAILED")
    return render(page(earlier, failed))


def test_a_dataset_opens_and_closes_by_keyboard(open_page: OpenPage, document: str) -> None:
    tab = open_page(document)
    tab.locator("a.node", has_text="sales").focus()
    tab.keyboard.press("Enter")
    panel = tab.locator(".drawer.open")
    assert panel.locator("h2").inner_text() == "sales"
    assert "return rows" in panel.inner_text()
    assert "id" in panel.locator("table", has_text="bigint").inner_text()
    assert tab.evaluate("document.activeElement.classList.contains('drawer')")
    tab.keyboard.press("Escape")
    assert tab.locator(".drawer.open").count() == 0
    assert tab.evaluate("document.activeElement.textContent").strip().startswith(_SALES)
    assert len(tab.asked) == 1
    assert tab.said == []


def test_events_are_filtered(open_page: OpenPage, document: str) -> None:
    tab = open_page(document)
    rows = tab.locator("#log tr:visible")
    every = rows.count()
    tab.locator("#of-type").select_option("flow_progress")
    assert 0 < rows.count() < every
    tab.locator("#of-text").fill("division")
    assert rows.count() == 1
    tab.locator("#lv-METRICS").check()
    assert rows.count() == 0
    assert tab.locator("#log-count").inner_text() == "0 shown"


def test_datasets_are_found(open_page: OpenPage, document: str) -> None:
    tab = open_page(document)
    tab.locator("#find").fill("FAILED")
    assert tab.locator("#list tbody tr:visible").count() == 1
    tab.locator("#find").fill("nothing like that")
    assert tab.locator("#nothing-found").is_visible()


def test_without_scripts_datasets_open_and_levels_filter(
    open_page: OpenPage, document: str
) -> None:
    tab = open_page(document, java_script_enabled=False)
    tab.locator("a.node", has_text="sales").click()
    panel = tab.locator(".drawer:target")
    assert panel.is_visible()
    panel.locator("a.close").click()
    assert tab.locator(".drawer:visible").count() == 0
    every = tab.locator("#log tr:visible").count()
    tab.locator("#lv-ERROR").check()
    assert 0 < tab.locator("#log tr:visible").count() < every
    assert not tab.locator("#find").is_visible()


@pytest.mark.parametrize("scripts", [True, False])
def test_a_phone_scrolls_in_one_direction(
    open_page: OpenPage, document: str, *, scripts: bool
) -> None:
    view = {"width": 360, "height": 740}
    tab = open_page(document, viewport=view, java_script_enabled=scripts)
    assert tab.locator("body").bounding_box()["width"] == 360
    for part in tab.locator(
        "main > section:visible, .problem:visible, .cards tbody tr:visible"
    ).all():
        box = part.bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 361


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_stands_out_from_what_is_behind_it(
    open_page: OpenPage, document: str, scheme: str
) -> None:
    """WCAG 2.2, 1.4.3: a contrast of at least 4.5."""
    tab = open_page(document, color_scheme=scheme)
    tab.locator("a.node", has_text="sales").click()
    low = tab.evaluate(_CONTRASTS)
    assert [each for each in low if each[0] < 4.5] == []
    assert len(low) > 100


def test_hostile_names_do_nothing(
    open_page: OpenPage, page: Callable[..., Any], make_update: Callable[..., Any]
) -> None:
    name = "<img src=x onerror=alert(1)>\"'><script>alert(2)</script>" + "x" * 3000
    events = make_update(
        "u1", text=name, message=name, rule=name, sales=f"main.silver.{name}", end="FAILED"
    )
    tab = open_page(render(page(events)), viewport={"width": 1200, "height": 800})
    tab.locator("a.node").nth(1).click()
    assert tab.locator(".drawer.open h2").inner_text() == name
    assert tab.evaluate("document.documentElement.scrollWidth") == 1200
    assert len(tab.asked) == 1
    assert tab.said == []


def many(size: int) -> list[Event]:
    """An update of so many datasets, each read by the next and by one further on."""
    events: list[Event] = []
    recorder = Recorder(Origin("p1", "wide", "u1"), [events.append])
    recorder.create_update("USER_ACTION", False, [], [], False, {})
    names = [f"main.layer{number % 9}.dataset_number_{number}" for number in range(size)]
    for number, name in enumerate(names):
        reads = [names[each] for each in (number // 2, number - 11) if 0 <= each < number]
        recorder.dataset_definition(name, DatasetKind.STREAMING_TABLE, 1, [])
        recorder.flow_definition(name, name, reads, FlowKind.APPEND, "SQL", None)
        for status in ("QUEUED", "STARTING", "RUNNING"):
            recorder.flow_progress(name, name, status)
        recorder.flow_progress(name, name, "COMPLETED", metrics=Metrics(number))
    recorder.update_progress("COMPLETED")
    return events


def test_two_hundred_datasets_are_quick(open_page: OpenPage, page: Callable[..., Any]) -> None:
    made = page(many(200))
    start = time.perf_counter()
    written = render(made)
    tab = open_page(written, viewport={"width": 1440, "height": 900})
    tab.locator("#find").fill("number_199")
    assert tab.locator("#list tbody tr:visible").count() == 1
    assert time.perf_counter() - start < 20
    assert len(written) < 3_000_000
    tab.get_by_role("button", name="Fit").click()
    canvas, drawing = (tab.locator(each).bounding_box() for each in ("#canvas", "#dag"))
    assert drawing["width"] <= canvas["width"]


def test_a_served_page_follows_the_update(
    open_page: OpenPage, make_update: Callable[..., Any], tmp_path: Path
) -> None:
    events = make_update("u1")
    path = tmp_path / "running.jsonl"

    def shown(update: str | None, stamp: str) -> str:
        log = LogReader(tmp_path / "events", path)
        return render(gather(log, update), live=True, stamp=stamp)

    server = PageServer(0, shown, lambda: str(path.stat().st_size if path.exists() else 0))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        with closing(Journal(path)) as journal:
            for event in events[:11]:
                journal.add(event)
            tab = open_page(server.url)
            assert tab.locator(".livedot").is_visible()
            tab.locator("#log summary").first.evaluate("each => each.click()")
            tab.locator("a.node", has_text="sales").click()
            for event in events[11:]:
                journal.add(event)
            tab.locator("header .pill", has_text="Completed").wait_for()
            assert tab.locator(".livedot").count() == 0
            assert "7" in tab.locator(".drawer.open .nums").inner_text()
            assert tab.locator("#log tr").count() == len(events)
            assert tab.locator("#log details[open]").count() == 1
            assert tab.said == []
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


_CONTRASTS = """() => {
  const parse = (colour) => (colour.match(/[\\d.]+/g) ?? [0, 0, 0, 0]).map(Number);
  const light = ([r, g, b]) => {
    const linear = (v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
    const [x, y, z] = [r, g, b].map((v) => linear(v / 255));
    return 0.2126 * x + 0.7152 * y + 0.0722 * z;
  };
  const behind = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const box = at.classList?.contains("node") && at.querySelector(".box");
      const colour = parse(box ? getComputedStyle(box).fill : getComputedStyle(at).backgroundColor);
      if (colour.length === 3 || colour[3] === 1) return colour;
    }
    return [255, 255, 255];
  };
  const found = [];
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const element = texts.currentNode.parentElement;
    if (!texts.currentNode.data.trim() || !element.getClientRects().length) continue;
    if (["STYLE", "SCRIPT", "title", "OPTION"].includes(element.tagName)) continue;
    const style = getComputedStyle(element);
    const ink = parse(element.closest("svg") ? style.fill : style.color);
    const [high, low] = [light(ink), light(behind(element))].sort((a, b) => b - a);
    const ratio = Math.round((100 * (high + 0.05)) / (low + 0.05)) / 100;
    found.push([ratio, texts.currentNode.data.trim().slice(0, 40)]);
  }
  return found;
}"""
