"""The document: what it says without a script, and that nothing in it comes to life."""

from __future__ import annotations

import re
from collections.abc import Callable
from html.parser import HTMLParser
from typing import Any

import pytest

from millpond.report.html.page import Page
from millpond.report.html.render import render
from millpond.report.html.words import clipped, sign, type_name

MakeUpdate = Callable[..., Any]
MakePage = Callable[..., Page]

HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "</style></script><!--",
    "{{ 7 * 7 }}{% raw %}",
    "javascript:alert(1)",
    "x" * 5000,
    "\N{RIGHT-TO-LEFT OVERRIDE}txt.exe",
    "\x00\x1b[31m\udcff",
    "مبيعات",
]


class Document(HTMLParser):
    """The elements of a document, and its text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self._open: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note it."""
        self.tags.append((tag, dict(attrs)))
        self._open.append(tag)

    def handle_data(self, data: str) -> None:
        """Note it, unless it is style or script."""
        if self._open[-1:] not in (["style"], ["script"]):
            self.text += data


@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_names_and_values_are_only_text(
    page: MakePage, make_update: MakeUpdate, hostile: str
) -> None:
    plain = hostile.encode("utf-8", "replace").decode()
    events = make_update(
        "u1", text=plain, message=plain, rule=plain, sales=f"main.silver.{plain}", end="FAILED"
    )
    written = render(page(events))
    harmless = render(page(make_update("u2", message="m", end="FAILED")))
    found, other = Document(written), Document(harmless)
    assert {tag for tag, _ in found.tags} <= {"wbr", *(tag for tag, _ in other.tags)}
    names = {name for _, attributes in found.tags for name in attributes}
    assert not [name for name in names if name.startswith("on") or name == "style"]
    assert written.count("<script") == 1
    assert "49" not in re.sub(r"\s", "", found.text) or "7 * 7" in found.text
    written.encode("utf-8")


def test_what_hides_or_turns_text_is_shown_by_its_number(
    page: MakePage, make_update: MakeUpdate
) -> None:
    written = render(page(make_update("u1", rule="a\N{RIGHT-TO-LEFT OVERRIDE}b\x1b")))
    assert "a[U+202E]b[U+001B]" in written
    assert "\N{RIGHT-TO-LEFT OVERRIDE}" not in written


def test_nothing_is_fetched(page: MakePage, make_update: MakeUpdate) -> None:
    document = Document(render(page(make_update("u1"))))
    for tag, attributes in document.tags:
        assert tag not in ("img", "iframe", "object", "embed", "base", "form")
        for name in ("src", "href", "xlink:href", "action", "srcset"):
            target = attributes.get(name)
            assert target is None or target.startswith(("#", "data:,")), (tag, target)
    policy = next(
        attributes["content"]
        for tag, attributes in document.tags
        if attributes.get("http-equiv") == "Content-Security-Policy"
    )
    assert policy is not None
    assert policy.startswith("default-src 'none'; ")
    assert "connect-src 'none'" in policy
    assert "unsafe" not in policy


def test_the_facts_are_there_without_a_script(page: MakePage, make_update: MakeUpdate) -> None:
    text = Document(render(page(make_update("u1"), make_update("u2", failed=1)))).text
    flat = re.sub(r"\s+", " ", text)
    for fact in (
        "retail",
        "Completed",
        "01 Mar 2026, 14:00:00",
        "sales",
        "9 rows",
        "1 dropped",
        "amount > 0",
        "90.0%",
        "COMPLETE_RECOMPUTE (DATA_HAS_CHANGED)",
        "silver.py:6",
        "main.outside",
        "7 → 9",
    ):
        assert fact in flat, fact


def test_every_link_leads_somewhere_and_ids_are_unique(
    page: MakePage, make_update: MakeUpdate
) -> None:
    document = Document(render(page(make_update("u1"), make_update("u2"))))
    ids = [attributes["id"] for _, attributes in document.tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    for _, attributes in document.tags:
        target = attributes.get("href") or ""
        if target.startswith("#"):
            assert target[1:] in ids
        for reference in ("aria-labelledby",):
            assert attributes.get(reference, ids[0]) in ids


def test_an_update_whose_source_is_wrong(page: MakePage, make_update: MakeUpdate) -> None:
    events = make_update("u1", end="FAILED")
    first = [each for each in events if each.event_type in ("create_update", "update_progress")]
    text = Document(render(page(first))).text
    assert "The update defined no dataset." in text


def test_types_read_as_sql() -> None:
    fields = [{"name": "a", "type": {"type": "map", "keyType": "string", "valueType": "integer"}}]
    assert type_name({"type": "struct", "fields": fields}) == "struct<a: map<string, int>>"
    assert type_name("decimal(10,2)") == "decimal(10,2)"


def test_a_status_is_told_by_a_sign_of_its_own() -> None:
    statuses = ["COMPLETED", "FAILED", "RUNNING", "QUEUED", "SKIPPED", "STOPPED", "EXCLUDED"]
    assert len({sign(each) for each in statuses}) == len(statuses)


def test_a_long_name_keeps_both_ends() -> None:
    assert clipped("a" * 10 + "b" * 10, 9) == "aaaa…bbbb"
