"""AUTO CDC and APPLY CHANGES: every clause, and what is wrong with them (reference 2.4)."""

import pytest

from millpond.codes import (
    CDC_CLAUSES_CONFLICT,
    CDC_SNAPSHOT_IN_SQL,
    COLUMN_ALREADY_EXISTS,
    DUPLICATE_CLAUSES,
    MANAGED_TABLE_DOES_NOT_SUPPORT_CDC,
    PARSE_SYNTAX_ERROR,
)
from millpond.definitions import FlowKind, StoredAs

SHORT = "CREATE FLOW f AS AUTO CDC INTO t FROM STREAM s KEYS (id) SEQUENCE BY ts"


def test_every_clause(load):
    flow = load(
        """CREATE FLOW f AS AUTO CDC INTO gold.t
FROM STREAM(silver.feed)
KEYS (region, `customer id`)
IGNORE NULL UPDATES ON (address.city, name)
APPLY AS DELETE WHEN op = 'D' AND (x OR y)
APPLY AS TRUNCATE WHEN op = 'T'
SEQUENCE BY struct(ts, seq)
COLUMNS * EXCEPT (op, ts)
STORED AS SCD TYPE 1"""
    ).flow
    cdc = flow.cdc
    assert (flow.kind, flow.name, flow.target) == (FlowKind.AUTO_CDC, ("f",), ("gold", "t"))
    assert flow.query.text == "SELECT * FROM STREAM(silver.feed)"
    assert (flow.query.at.line, flow.query.at.column) == (2, 6)
    assert (cdc.at.line, cdc.at.column, cdc.at.end_column) == (1, 18, 26)
    assert cdc.keys == ("region", "customer id")
    assert (cdc.ignore_null_updates.names, cdc.ignore_null_updates.excluded) == (
        ("address.city", "name"),
        False,
    )
    assert (cdc.apply_as_deletes.value, cdc.apply_as_deletes.at.line) == (
        "op = 'D' AND (x OR y)",
        5,
    )
    assert (cdc.apply_as_truncates.value, cdc.apply_as_truncates.at.column) == ("op = 'T'", 24)
    assert (cdc.sequence_by.value, cdc.sequence_by.at.line) == ("struct(ts, seq)", 7)
    assert (cdc.columns.names, cdc.columns.excluded) == (("op", "ts"), True)
    assert cdc.stored_as is StoredAs.SCD_TYPE_1


def test_history(load):
    cdc = load(SHORT + " STORED AS SCD TYPE 2 TRACK HISTORY ON * EXCEPT (city)").flow.cdc
    assert cdc.stored_as is StoredAs.SCD_TYPE_2
    assert (cdc.track_history.names, cdc.track_history.excluded) == (("city",), True)
    cdc = load(SHORT + " SYSTEM SEQUENCE BY committed STORED AS BITEMPORAL").flow.cdc
    assert (cdc.stored_as, cdc.system_sequence_by.value) == (StoredAs.BITEMPORAL, "committed")


def test_what_is_not_said_is_the_default(load):
    flow = load(SHORT).flow
    cdc = flow.cdc
    assert (cdc.stored_as, cdc.where, cdc.columns, cdc.ignore_null_updates) == (
        StoredAs.SCD_TYPE_1,
        None,
        None,
        None,
    )
    assert flow.once is False
    cdc = load(SHORT.replace("SEQUENCE", "IGNORE NULL UPDATES SEQUENCE")).flow.cdc
    assert (cdc.ignore_null_updates.names, cdc.ignore_null_updates.excluded) == ((), True)
    assert load(SHORT + " COLUMNS TO UPDATE changed").flow.cdc.columns_to_update.value == "changed"


def test_once_and_the_other_statements(load):
    assert load(SHORT.replace("CDC", "CDC ONCE")).flow.once
    legacy = load(
        "APPLY CHANGES INTO live.t FROM stream(live.s) KEYS (id) WHERE d > 1 SEQUENCE BY n"
    )
    assert (legacy.flow.name, legacy.flow.target) == (("live", "t"), ("live", "t"))
    assert (legacy.flow.cdc.where.value, legacy.flow.cdc.at.end_column) == ("d > 1", 14)
    inline = load("CREATE STREAMING TABLE t (id INT) FLOW AUTO CDC FROM s KEYS (id) SEQUENCE BY n")
    assert inline.dataset.schema == "id INT"
    assert (inline.flow.name, inline.flow.target, inline.flow.kind) == (
        ("t",),
        ("t",),
        FlowKind.AUTO_CDC,
    )


def test_words_of_the_grammar_may_be_columns(load):
    sql = SHORT.replace("BY ts", "BY sequence") + " COLUMNS (columns, stored, apply)"
    cdc = load(sql.replace("KEYS (id)", "KEYS (keys) APPLY AS DELETE WHEN apply = track")).flow.cdc
    assert (cdc.keys, cdc.sequence_by.value) == (("keys",), "sequence")
    assert cdc.columns.names == ("columns", "stored", "apply")


@pytest.mark.parametrize(
    ("sql", "column"),
    [
        ("APPLY CHANGE INTO t FROM s KEYS (id) SEQUENCE BY n", 7),
        ("APPLY CHANGES t FROM s KEYS (id) SEQUENCE BY n", 15),
        ("APPLY CHANGES INTO t KEYS (id) SEQUENCE BY n", 22),
        ("APPLY CHANGES INTO t FROM KEYS (id) SEQUENCE BY n", 27),
        ("APPLY CHANGES INTO t FROM s KEY (id) SEQUENCE BY n", 38),
        ("APPLY CHANGES INTO t FROM s SEQUENCE BY n", 29),
        ("APPLY CHANGES INTO t FROM s KEYS (id)", 38),
        ("APPLY CHANGES INTO t FROM s KEYS () SEQUENCE BY n", 35),
        ("APPLY CHANGES INTO t FROM s KEYS (s.id) SEQUENCE BY n", 36),
        ("APPLY CHANGES INTO t FROM s KEYS (id) SEQUENCE BY", 50),
        ("APPLY CHANGES INTO t FROM s KEYS (id) SEQUENCE n", 39),
        ("APPLY CHANGES INTO t FROM s KEYS (id) SEQUENCE BY n STORED AS SCD TYPE 3", 72),
        ("APPLY CHANGES INTO t FROM s KEYS (id) SEQUENCE BY n STORED AS SDC TYPE 2", 63),
        ("APPLY CHANGES INTO t FROM s KEYS (id) SEQUENCE BY n STORED AS SCD TYPE 1 rest", 74),
        ("APPLY CHANGES INTO t FROM s KEYS (id) SEQUENCE BY n COLUMNS * (a)", 63),
        ("APPLY CHANGES INTO t FROM s KEYS (id) SEQUENCE BY n APPLY AS DELETE WHEN d", 53),
        (
            "APPLY CHANGES INTO t FROM s KEYS (id) SEQUENCE BY n STORED AS SCD TYPE 1 COLUMNS (a)",
            74,
        ),
        ("APPLY CHANGES INTO t FROM SELECT * FROM s KEYS (id) SEQUENCE BY n", 27),
        ("APPLY CHANGES INTO t FROM s KEYS (id) TRACK HISTORY ON (a) SEQUENCE BY n", 39),
        ("APPLY CHANGES INTO t FROM s) KEYS (id) SEQUENCE BY n", 28),
    ],
)
def test_what_is_wrong(sql, column, fails):
    fails(sql, PARSE_SYNTAX_ERROR, f"1:{column}")


def test_a_clause_given_twice(fails):
    error = fails(SHORT + " SEQUENCE BY b", DUPLICATE_CLAUSES, "1:73")
    assert error.params["clause"] == "SEQUENCE BY"
    fails(SHORT.replace("(id)", "(id, ID)"), COLUMN_ALREADY_EXISTS, "1:58")


@pytest.mark.parametrize(
    ("clauses", "column", "clause", "other"),
    [
        (
            "STORED AS SCD TYPE 1 TRACK HISTORY ON (a)",
            94,
            "TRACK HISTORY ON",
            "STORED AS SCD TYPE 1",
        ),
        ("SYSTEM SEQUENCE BY a", 73, "SYSTEM SEQUENCE BY", "STORED AS SCD TYPE 1"),
        (
            "STORED AS BITEMPORAL COLUMNS TO UPDATE c",
            94,
            "COLUMNS TO UPDATE",
            "STORED AS BITEMPORAL",
        ),
    ],
)
def test_clauses_that_exclude_each_other(clauses, column, clause, other, fails):
    error = fails(f"{SHORT} {clauses}", CDC_CLAUSES_CONFLICT, f"1:{column}")
    assert (error.params["clause"], error.params["other"]) == (clause, other)


def test_truncate_is_for_type_1_and_partial_updates_name_their_columns(fails):
    truncating = SHORT.replace("SEQUENCE", "APPLY AS TRUNCATE WHEN x SEQUENCE")
    error = fails(truncating + " STORED AS SCD TYPE 2", CDC_CLAUSES_CONFLICT, "1:58")
    assert error.params["clause"] == "APPLY AS TRUNCATE WHEN"
    ignoring = SHORT.replace("SEQUENCE", "IGNORE NULL UPDATES SEQUENCE")
    error = fails(ignoring + " COLUMNS TO UPDATE c", CDC_CLAUSES_CONFLICT, "1:93")
    assert error.params["other"] == "IGNORE NULL UPDATES"


def test_snapshots_are_for_python(fails):
    sql = "APPLY CHANGES INTO t FROM SNAPSHOT s KEYS (id) STORED AS SCD TYPE 2"
    fails(sql, CDC_SNAPSHOT_IN_SQL, "1:27")


def test_a_managed_table_takes_no_changes(fails):
    sql = "CREATE TABLE t FLOW AUTO CDC FROM s KEYS (id) SEQUENCE BY n"
    fails(sql, MANAGED_TABLE_DOES_NOT_SUPPORT_CDC, "1:16")
