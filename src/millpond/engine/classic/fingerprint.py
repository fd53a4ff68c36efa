"""A query's analysed plan as data: all that decides its result, and what it is made of.

The text of a plan is made to be read. It leaves out what is between the quotes of a string, the
body of a SQL function and the rows of a relation, and ends long lists with `... 5 more fields`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

_IDENTIFIERS = {
    "CTERelationDef": "id",
    "CTERelationRef": "cteId",
    "CollectMetrics": "dataframeId",
}
"""Fields that number an operator, and differ from run to run."""
_OF_THE_RUN = ("__dataset_id", "__col_position", "createTime")
"""Where a column was taken from, and when a temporary view was made."""
_NUMBERED = re.compile(r"__millpond_\d+|millpond:[^,\]\"]*?:\d+")
_TIME = re.compile(r"^(?:Current(?!Row)|LocalTimestamp|Now|InputFile|SparkVersion)")
_FUNCTION = re.compile(
    r"UDF|UDT|UDAF|Python|Pandas|InArrow|InPySpark|WithState|UserDefined|ScalaAggregator"
    r"|DeserializeToObject|TypedFilter|ApplyFunctionExpression|V2Aggregator"
)


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """What a plan says of itself.

    Attributes:
        text: all of it that decides the result, without the numbers that differ from run to run.
        time: a function of the time, the user or the place of the data is in it.
        functions: code is in it that a plan does not show.
    """

    text: str
    time: bool
    functions: bool


def fingerprint(tree: str) -> Fingerprint:
    """What the JSON of a plan (`TreeNode.toJSON`) says."""
    nodes = json.loads(tree)
    kinds = {kind.rsplit(".", 1)[-1].rstrip("$") for kind in _classes(nodes)}
    text = json.dumps(_same_each_run(nodes, {}), sort_keys=True)
    return Fingerprint(
        _NUMBERED.sub("~", text),
        any(map(_TIME.search, kinds)),
        any(map(_FUNCTION.search, kinds)),
    )


def _classes(value: Any) -> Iterator[str]:
    if isinstance(value, list):
        for each in value:
            yield from _classes(each)
    elif isinstance(value, Mapping):
        if isinstance(value.get("class"), str):
            yield value["class"]
        for each in value.values():
            yield from _classes(each)


def _same_each_run(value: Any, numbers: dict[str, int]) -> Any:
    """The same plan with its expressions numbered in the order in which they appear."""
    if isinstance(value, list):
        return [_same_each_run(each, numbers) for each in value]
    if not isinstance(value, Mapping):
        return value
    if str(value.get("product-class")).endswith(".ExprId"):
        return _number(f"#{value.get('id')}", numbers)
    kind = str(value.get("class", "")).rsplit(".", 1)[-1]
    if kind == "Literal" and value.get("dataType") == "binary":
        return kind  # shown as where it is in memory; the text of the plan has its bytes
    numbered = _IDENTIFIERS.get(kind)
    return {
        key: _number(f"operator {each}", numbers)
        if key == numbered
        else _same_each_run(each, numbers)
        for key, each in value.items()
        if key not in _OF_THE_RUN
    }


def _number(key: str, numbers: dict[str, int]) -> int:
    return numbers.setdefault(key, len(numbers))
