"""What a dataset function's name means after its decorator."""

from __future__ import annotations

from millpond.api.decorators import table
from millpond.definitions import Action, Expectation


def test_it_keeps_the_name_and_docstring_of_the_function(registry) -> None:
    @table
    def orders() -> None:
        """All orders."""

    assert orders.__name__ == "orders"
    assert orders.__doc__ == "All orders."


def test_expectations_reach_the_dataset(registry, dataset) -> None:
    @table
    def orders() -> None: ...

    rule = Expectation("a", "x > 0", Action.WARN, dataset().at)
    orders.expect((rule,))
    orders.expect(())
    assert dataset().expectations == (rule,)
