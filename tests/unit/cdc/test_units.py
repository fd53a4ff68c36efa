"""Which parts of a row an event may write or leave alone (reference 4.2)."""

from __future__ import annotations

from pyspark.sql.types import (
    ArrayType,
    DoubleType,
    IntegerType,
    MapType,
    StringType,
    StructType,
)

from millpond.cdc.units import (
    Unit,
    kept_at_null,
    leaves,
    listed_updates,
    merged_units,
    null_updates,
)

GEO = StructType().add("lat", DoubleType()).add("lon", DoubleType())
ADDRESS = StructType().add("city", StringType()).add("geo", GEO)
COLUMNS = (
    StructType()
    .add("id", IntegerType())
    .add("name", StringType())
    .add("address", ADDRESS)
    .add("tags", ArrayType(GEO))
    .add("notes", MapType(StringType(), StringType()))
)


def shown(units: tuple[Unit, ...]) -> dict[str, bool]:
    return {unit.name: unit.keeps for unit in units}


def test_leaves_are_fields_of_structs_and_arrays_and_maps_are_whole() -> None:
    found = [".".join(path) for field in COLUMNS for path in leaves(field)]
    assert found == [
        "id",
        "name",
        "address.city",
        "address.geo.lat",
        "address.geo.lon",
        "tags",
        "notes",
    ]


def test_all_leaves_but_keys_keep_their_value_at_null() -> None:
    found = shown(null_updates(COLUMNS, ("id",), (), excluded=True))
    assert set(found) == {
        "name",
        "address.city",
        "address.geo.lat",
        "address.geo.lon",
        "tags",
        "notes",
    }
    assert all(found.values())


def test_naming_a_struct_selects_what_is_below_it_in_any_case() -> None:
    found = shown(null_updates(COLUMNS, ("id",), ("ADDRESS.geo",), excluded=False))
    assert found == {
        "name": False,
        "address.city": False,
        "address.geo.lat": True,
        "address.geo.lon": True,
        "tags": False,
        "notes": False,
    }


def test_a_column_without_such_a_leaf_is_one_unit() -> None:
    found = shown(null_updates(COLUMNS, ("id",), ("address",), excluded=True))
    assert found == {"name": True, "address": False, "tags": True, "notes": True}


def test_flows_with_different_lists_share_the_finer_units() -> None:
    some = null_updates(COLUMNS, ("id",), ("name",), excluded=False)
    every = listed_updates(COLUMNS, ("id",))
    assert merged_units(COLUMNS, ("id",), [(), ()]) == ()
    both = merged_units(COLUMNS, ("id",), [some, every])
    assert set(shown(both)) == set(shown(every))
    assert not any(shown(both).values())
    assert shown(kept_at_null(both, ("address",), excluded=False))["address.geo.lat"] is True
    assert merged_units(COLUMNS, ("id",), [(), some]) == tuple(
        Unit((name,), False) for name in ("name", "address", "tags", "notes")
    )
