"""`schema=` as Databricks reads it: columns, computed columns, keys, comments (reference 1.3)."""

import pytest

from millpond.definitions import Computation

DDL = """
    import dlt
    dlt.create_streaming_table("t", schema=\"\"\"
        id BIGINT GENERATED ALWAYS AS IDENTITY (START WITH 10),
        ts TIMESTAMP NOT NULL COMMENT 'when',
        day DATE GENERATED ALWAYS AS (CAST(ts AS DATE)),
        state STRING DEFAULT 'new',
        mail STRING MASK gov.hide,
        CONSTRAINT pk PRIMARY KEY (id),
        CONSTRAINT fk FOREIGN KEY (state) REFERENCES states (name)
    \"\"\")
"""
STRUCT = """
    import dlt
    from pyspark.sql.types import *
    dlt.create_streaming_table("t", schema=StructType([
        StructField("ts", TimestampType(), False, {"comment": "when"}),
        StructField("day", DateType(), True, {"delta.generationExpression": "CAST(ts AS DATE)"}),
        StructField("state", StringType(), True, {"CURRENT_DEFAULT": "'new'"}),
        StructField("id", LongType(), True, {"delta.identity.start": 5, "delta.identity.step": 2,
            "delta.identity.allowExplicitInsert": True}),
    ]))
"""


def test_a_ddl_string(load):
    (dataset,) = load(DDL).datasets
    assert dataset.schema == (
        "id BIGINT, ts TIMESTAMP NOT NULL COMMENT 'when', day DATE, state STRING, mail STRING"
    )
    found = [(c.name, c.computation, c.expression, c.start) for c in dataset.computed]
    assert found == [
        ("id", Computation.IDENTITY, None, 10),
        ("day", Computation.GENERATED, "CAST(ts AS DATE)", 1),
        ("state", Computation.DEFAULT, "'new'", 1),
    ]
    assert [(c.at.line, c.at.column) for c in dataset.computed] == [(3, 15), (5, 14), (6, 18)]


def test_a_struct_type_says_it_in_its_metadata(load):
    (dataset,) = load(STRUCT).datasets
    found = [(c.name, c.computation, c.expression, c.start, c.step) for c in dataset.computed]
    assert found == [
        ("day", Computation.GENERATED, "CAST(ts AS DATE)", 1, 1),
        ("state", Computation.DEFAULT, "'new'", 1, 1),
        ("id", Computation.IDENTITY_BY_DEFAULT, None, 5, 2),
    ]


@pytest.mark.parametrize(
    ("schema", "ddl"),
    [
        ("id: int, name: string", "id int, name string"),
        ("struct<id:int>", "struct<id:int>"),
        ("  ", None),
        (None, None),
    ],
)
def test_sparks_own_spellings(schema, ddl, load):
    (dataset,) = load(f"import dlt\ndlt.create_streaming_table('t', schema={schema!r})").datasets
    assert dataset.schema == ddl


@pytest.mark.parametrize(
    ("schema", "code", "word"),
    [
        ("id INTEGR", "PARSE_SYNTAX_ERROR", "INTEGR"),
        ("id INT, ID STRING", "COLUMN_ALREADY_EXISTS", "ID"),
        ("id INT, PRIMARY KEY (idd)", "KEY_COLUMN_NOT_FOUND", "idd"),
        ("id INT, CONSTRAINT ok EXPECT (id > 0)", "PARSE_SYNTAX_ERROR", "CONSTRAINT"),
        ("a INT, b INT GENERATED ALWAYS AS (sum(a))", "COLUMN_EXPRESSION_NOT_SUPPORTED", "sum"),
        ("a INT, CONSTRAINT c CHECK (a > 0)", "NOT_SUPPORTED_YET", "CONSTRAINT"),
    ],
)
def test_what_is_wrong_is_told_at_its_place_in_the_string(schema, code, word, fails):
    source = f"import dlt\ndlt.create_streaming_table('t', schema='{schema}')"
    error = fails(source)
    assert error.code.name == code
    line = source.splitlines()[1]
    assert (error.at.line, error.at.column) == (2, line.index(word) + 1)


def test_a_string_that_is_put_together_is_told_at_the_argument(fails):
    error = fails(
        "import dlt\nlast = 'INTEGR'\ndlt.create_streaming_table('t', schema='a ' + last)"
    )
    assert (error.at.line, error.at.column) == (3, 33)
