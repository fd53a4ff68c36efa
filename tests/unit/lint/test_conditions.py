"""Conditions, looked at word by word."""

from __future__ import annotations

import pytest

from millpond.lint.conditions import (
    identifiers,
    is_always_true,
    is_never_null,
    normal,
    null_comparisons,
    tokens_of,
    unrepeatable,
)


@pytest.mark.parametrize(
    ("condition", "always"),
    [
        ("true", True),
        ("(1 = 1)", True),
        ("'a' = 'a'", True),
        ("NOT FALSE", True),
        ("x IS NULL OR x IS NOT NULL", True),
        ("x is not null or x is null", True),
        ("x = x", False),  # NULL = NULL is not true
        ("x <=> x", True),
        ("1 = 2", False),
        ("x IS NULL OR y IS NOT NULL", False),
        ("x > 1", False),
        ("", False),
    ],
)
def test_what_no_row_can_violate(condition: str, always: bool) -> None:
    assert is_always_true(condition) is always


@pytest.mark.parametrize(
    ("condition", "never"),
    [
        ("id IS NOT NULL", True),
        ("id IS NOT NULL AND name IS NOT NULL", True),
        ("id IS NOT NULL AND id > 0", True),
        ("(id IS NOT NULL) AND (id != '')", True),
        ("id IS NOT NULL OR n > 0", False),
        ("id IS NOT NULL AND n > 0", False),
        ("n > 0", False),
        ("coalesce(n > 0, false)", True),
        ("(n > 0) IS NOT TRUE", True),
        ("CASE WHEN n IS NOT NULL THEN n > 0 ELSE true END", True),
        ("length(name) > 3", False),
    ],
)
def test_what_is_true_or_false_for_every_row(condition: str, never: bool) -> None:
    assert is_never_null(tokens_of(condition)) is never


@pytest.mark.parametrize(
    ("condition", "word"),
    [
        ("at < current_timestamp()", "current_timestamp"),
        ("day = current_date", "current_date"),
        ("rand() > 0.5", "rand"),
        ("row.now > 1", None),
        ("now > 1", None),
        ("at < 'current_date'", None),
    ],
)
def test_what_gives_another_answer_each_time(condition: str, word: str | None) -> None:
    found = next(unrepeatable(tokens_of(condition)), None)
    assert (found.text if found else None) == word


def test_spaces_case_and_outer_brackets_make_no_difference() -> None:
    assert normal("((id  IS not NULL))") == normal("ID is NOT null")
    assert normal("(a) AND (b)") != normal("a) AND (b")


def test_columns_without_what_qualifies_them() -> None:
    condition = "o.Amount > 0 AND upper(name) LIKE 'x' AND `a b` IN (1)"
    assert identifiers(tokens_of(condition)) == {"amount", "name", "a b"}


@pytest.mark.parametrize("text", ["x = NULL", "x <> null", "x == NULL", "x != NULL"])
def test_comparisons_with_null(text: str) -> None:
    assert len(list(null_comparisons(tokens_of(text)))) == 1


def test_what_is_no_sql_has_no_words() -> None:
    assert tokens_of("'never closed") == ()
