"""The settings of AUTO CDC under which random histories are tried: for the model and the engine."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from millpond.definitions import StoredAs
from millpond.testing.cdc_events import SCHEMA, Event, Variety
from millpond.testing.cdc_model import CdcRules, Columns

_HIDDEN = ("op", "seq", "sub", "known", "wrote")
_FEED = """
@dp.temporary_view
def {kind}_feed():
    reader = spark.readStream.schema("{schema}")
    return reader.option("maxFilesPerTrigger", "1").json("{folder}")

dp.create_streaming_table("{kind}")
dp.create_auto_cdc_flow(
    target="{kind}",
    source="{kind}_feed",
    keys=["h", "k"],
    except_column_list={hidden},
    {arguments},
)
"""


@dataclass(frozen=True, slots=True)
class Kind:
    """One combination of settings.

    Attributes:
        rules: as the model takes them.
        arguments: the same, as the pipeline's source has them.
        variety: what its histories are made of.
    """

    name: str
    rules: CdcRules
    arguments: Mapping[str, str]
    variety: Variety

    def source(self, folder: Path) -> str:
        """Pipeline source that applies the feed in a folder of JSON files to a table."""
        arguments = ",\n    ".join(f"{name}={text}" for name, text in self.arguments.items())
        return _FEED.format(
            kind=self.name, schema=SCHEMA, folder=folder, hidden=_HIDDEN, arguments=arguments
        )

    @property
    def is_shared(self) -> bool:
        """Whether the events of one history act on the rows of the others."""
        return self.rules.truncates is not None


def _is_delete(event: Event) -> bool | None:
    return None if event["op"] is None else event["op"] == "D"


def _is_truncate(event: Event) -> bool | None:
    return None if event["op"] is None else event["op"] == "T"


def _kind(name: str, arguments: Mapping[str, str], variety: Variety, **rules: object) -> Kind:
    settings: dict[str, object] = {
        "keys": ("h", "k"),
        "sequence_by": "seq",
        "deletes": _is_delete,
        "columns": Columns(_HIDDEN),
        **rules,
    }
    given = {"sequence_by": '"seq"', "apply_as_deletes": "\"op = 'D'\"", **arguments}
    return Kind(name, CdcRules(**settings), given, variety)  # type: ignore[arg-type]


_PLAIN = Variety()
_STRUCT = Variety(struct=True)
_TRUNCATE = Variety(truncates=0.1)
_BY_STRUCT = {"sequence_by": 'struct("seq", "sub")'}
_SCD_2 = {"stored_as_scd_type": "2"}
_HISTORY = {"stored_as": StoredAs.SCD_TYPE_2}
_NO_NULLS = {"ignore_null_updates": "True"}
_SOME_NULLS = {"ignore_null_updates_except_column_list": '["city"]'}
_WRITTEN = {"columns_to_update": '"wrote"'}

KINDS = (
    _kind("scd1", {}, _PLAIN),
    _kind(
        "scd1_truncate",
        {"apply_as_truncates": "\"op = 'T'\""},
        _TRUNCATE,
        truncates=_is_truncate,
    ),
    _kind("scd1_struct", _BY_STRUCT, _STRUCT, sequence_by=("seq", "sub")),
    _kind("scd1_nulls", _NO_NULLS, _PLAIN, ignore_null_updates=Columns()),
    _kind("scd1_some_nulls", _SOME_NULLS, _PLAIN, ignore_null_updates=Columns(("city",))),
    _kind("scd1_written", _WRITTEN, _PLAIN, columns_to_update="wrote"),
    _kind("scd2", _SCD_2, _PLAIN, **_HISTORY),
    _kind("scd2_struct", {**_SCD_2, **_BY_STRUCT}, _STRUCT, sequence_by=("seq", "sub"), **_HISTORY),
    _kind(
        "scd2_tracked",
        {**_SCD_2, "track_history_column_list": '["name"]'},
        _PLAIN,
        track_history=Columns(("name",), excluded=False),
        **_HISTORY,
    ),
    _kind("scd2_nulls", {**_SCD_2, **_NO_NULLS}, _PLAIN, ignore_null_updates=Columns(), **_HISTORY),
    _kind(
        "scd2_nulls_tracked",
        {**_SCD_2, **_SOME_NULLS, "track_history_except_column_list": '["city"]'},
        _PLAIN,
        ignore_null_updates=Columns(("city",)),
        track_history=Columns(("city",)),
        **_HISTORY,
    ),
    _kind("scd2_written", {**_SCD_2, **_WRITTEN}, _PLAIN, columns_to_update="wrote", **_HISTORY),
    _kind(
        "bitemporal",
        {"stored_as_scd_type": '"bitemporal"', "system_sequence_by": '"known"'},
        Variety(ties=0.0),
        system_sequence_by="known",
        stored_as=StoredAs.BITEMPORAL,
    ),
)


def kind_named(name: str) -> Kind:
    """The kind of a name."""
    return next(kind for kind in KINDS if kind.name == name)
