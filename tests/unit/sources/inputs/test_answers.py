"""How what a pipeline reads is mapped."""

from __future__ import annotations

from millpond.definitions import QualifiedName
from millpond.sources.inputs import LocalInputs
from millpond.sources.inputs.answers import answer
from millpond.sources.inputs.uses import Use

TABLE = Use("table", "main.s.t", QualifiedName("main", "s", "t"))


def test_a_table_that_nothing_maps_comes_with_the_line_to_add() -> None:
    found = answer(TABLE, LocalInputs(), lambda name: False)
    assert found.status == "unmapped"
    assert found.add == (("tables",), "main.s.t: path/to/t.csv")


def test_a_table_that_the_source_may_define_itself_is_not_asked_for() -> None:
    found = answer(TABLE, LocalInputs(), lambda name: False, lambda name: name.schema == "s")
    assert (found.status, found.add) == ("unknown", None)
