"""Notices: what a user should know that is not an error."""

from __future__ import annotations

from pathlib import Path

from millpond.codes import INVALID_NAME
from millpond.differences import MASK, all_features
from millpond.errors import MillpondError
from millpond.location import Span
from millpond.notices import Difference, Notices, note, noticing, warn

AT = Span(Path("a.sql"), 1)


def test_notices_go_to_whoever_listens_each_once_in_order() -> None:
    with noticing(Notices()) as notices:
        for line in (2, 1, 2):
            note(MASK, Span(Path("a.sql"), line))
        for _ in range(2):
            warn(MillpondError(INVALID_NAME, at=AT, name="x", what="dataset", reason="empty"))
    assert [each.at.line for each in notices.differences if each.at] == [2, 1]
    assert [each.code for each in notices.warnings] == [INVALID_NAME]


def test_without_a_listener_nothing_happens() -> None:
    note(MASK, AT)
    with noticing(Notices()) as notices:
        pass
    note(MASK, AT)
    assert notices.differences == ()


def test_a_difference_is_known_by_feature_and_place() -> None:
    assert Difference(MASK, AT) == Difference(MASK, AT)


def test_features_have_names_of_their_own() -> None:
    names = [feature.name.casefold() for feature in all_features()]
    assert len(names) == len(set(names))
