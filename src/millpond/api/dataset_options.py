"""The parameters that dataset decorators and functions share, and the dataset they describe."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from millpond import differences, notices
from millpond.api import arguments
from millpond.api.schemas import schema_of
from millpond.definitions import Dataset, DatasetKind, Expectation, Name
from millpond.location import Span

_STORED = (
    "comment",
    "spark_conf",
    "table_properties",
    "path",
    "partition_cols",
    "schema",
    "cluster_by",
    "cluster_by_auto",
    "row_filter",
    "private",
    "format",
)
TABLE = ("name", *_STORED, "temporary", "replace_where", "replace_using", "sequence_by")
MATERIALIZED_VIEW = ("name", *_STORED, "temporary", "refresh_policy")
VIEW = ("name", "comment", "spark_conf")
STREAMING_TABLE = (
    "name",
    "comment",
    "spark_conf",
    "table_properties",
    "partition_cols",
    "path",
    "schema",
    "expect_all",
    "expect_all_or_drop",
    "expect_all_or_fail",
    "cluster_by",
    "row_filter",
    "cluster_by_auto",
    "private",
    "temporary",
    "format",
)
"""What each takes (reference 1.3); the order is that of positional arguments."""

_POLICIES = ("auto", "incremental", "incremental_strict", "full")
_WITHOUT_EFFECT = {
    "cluster_by_auto": differences.CLUSTER_BY_AUTO_ARGUMENT,
    "path": differences.PATH_ARGUMENT,
    "row_filter": differences.ROW_FILTER_ARGUMENT,
}


def dataset_of(
    feature: str,
    kind: DatasetKind,
    name: Name,
    at: Span,
    given: Mapping[str, Any],
    expectations: tuple[Expectation, ...],
) -> Dataset:
    """The dataset that a call with these arguments defines.

    Notes what is given and has no effect here.

    Raises:
        MillpondError: INVALID_ARGUMENT, SPECIFY_CLUSTER_BY_WITH_PARTITIONED_BY_IS_NOT_ALLOWED, and
            those of `schema_of`.
    """
    arguments.refuse_two_layouts(given.get("partition_cols"), given.get("cluster_by"))
    _note_differences(feature, given, at)
    private = arguments.flag(feature, given, "private")
    schema, computed = schema_of(feature, given.get("schema"), at)
    return Dataset(
        name=name,
        kind=kind,
        at=at,
        language="PYTHON",
        comment=arguments.text(feature, given, "comment"),
        schema=schema,
        computed=computed,
        partition_by=arguments.strings(feature, "partition_cols", given.get("partition_cols")),
        cluster_by=arguments.strings(feature, "cluster_by", given.get("cluster_by")),
        table_properties=arguments.string_map(
            feature, "table_properties", given.get("table_properties")
        ),
        private=arguments.flag(feature, given, "temporary") or private,
        expectations=expectations,
    )


def _note_differences(feature: str, given: Mapping[str, Any], at: Span) -> None:
    arguments.flag(feature, given, "cluster_by_auto")
    for argument, difference in _WITHOUT_EFFECT.items():
        if arguments.is_set(given.get(argument)):
            notices.note(difference, at.narrowed(argument))
    storage = arguments.text(feature, given, "format")
    if storage and storage.casefold() != "delta":
        notices.note(differences.FORMAT_ARGUMENT, at.narrowed("format"))
    policy = arguments.text(feature, given, "refresh_policy")
    if policy is None or policy.casefold() == "auto":
        return
    if policy.casefold() not in _POLICIES:
        expected = f"one of {', '.join(_POLICIES)}"
        raise arguments.wrong_argument(feature, "refresh_policy", expected, policy)
    if policy.casefold() != "full":
        notices.note(differences.REFRESH_POLICY_ARGUMENT, at.narrowed("refresh_policy"))
