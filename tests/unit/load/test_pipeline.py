"""All files of a pipeline, each on its own, their errors together."""

from __future__ import annotations

import pytest

from millpond import codes
from millpond.definitions import DatasetKind
from millpond.errors import Failures, MillpondError
from millpond.load.environment import source_environment
from millpond.load.pipeline import load_definitions, read_programs
from millpond.sources.inputs import LocalInputs


def load(spec, **scope):
    with source_environment(spec.root_path):
        return load_definitions(spec, read_programs(spec), scope.get("spark"), LocalInputs())


def failures(spec) -> tuple[MillpondError, ...]:
    with pytest.raises(Failures) as raised:
        load(spec)
    return raised.value.errors


def test_python_and_sql_in_the_order_of_the_files(pipeline) -> None:
    spec = pipeline(
        {
            "source_b.py": "import dlt\ndlt.create_streaming_table('b')",
            "a.sql": "CREATE STREAMING TABLE a AS SELECT * FROM STREAM raw",
        }
    )
    definitions = load(spec)
    assert [each.name for each in definitions.datasets] == [("b",), ("a",)]
    assert [each.language for each in definitions.datasets] == ["PYTHON", "SQL"]


def test_the_configuration_reaches_sql(pipeline) -> None:
    spec = pipeline({"a.sql": "CREATE MATERIALIZED VIEW ${s}.a AS SELECT 1 AS x"}, {"s": "gold"})
    assert load(spec).datasets[0].name == ("gold", "a")
    assert load(spec).datasets[0].kind is DatasetKind.MATERIALIZED_VIEW


def test_the_scope_reaches_python(pipeline) -> None:
    spec = pipeline({"source.py": "import dlt\ndlt.create_streaming_table(spark)"})
    assert load(spec, spark="orders").datasets[0].name == ("orders",)


def test_a_module_that_two_files_import_is_run_once(pipeline) -> None:
    spec = pipeline(
        {
            "source_a.py": "import tables_of_mine",
            "source_b.py": "import tables_of_mine",
            "tables_of_mine.py": "import dlt\ndlt.create_streaming_table('a')",
        }
    )
    assert len(load(spec).datasets) == 1


def test_loading_again_reads_the_modules_again(pipeline) -> None:
    spec = pipeline(
        {
            "source.py": "import dlt, names_of_mine\ndlt.create_streaming_table(names_of_mine.N)",
            "names_of_mine.py": "N = 'first'",
        }
    )
    load(spec)
    (spec.root_path / "names_of_mine.py").write_text("N = 'a_second_one'")
    assert load(spec).datasets[0].name == ("a_second_one",)


def test_the_errors_of_all_files_are_told_at_once(pipeline) -> None:
    spec = pipeline(
        {
            "source_a.py": "def f(:",
            "source_b.py": "x = (",
            "c.sql": "CREATE STREAMING TABLE 1",
            "source_d.py": "import dlt\ndlt.create_streaming_table('d')",
        }
    )
    found = [(error.code, error.at.file.name) for error in failures(spec)]
    assert found == [
        (codes.PYTHON_SYNTAX_ERROR, "source_a.py"),
        (codes.PYTHON_SYNTAX_ERROR, "source_b.py"),
        (codes.PARSE_SYNTAX_ERROR, "c.sql"),
    ]


def test_what_only_running_shows_is_told_for_all_files_too(pipeline) -> None:
    spec = pipeline({"source_a.py": "1 / 0", "source_b.py": "import no_such_module_of_mine"})
    assert [error.code for error in failures(spec)] == [
        codes.PYTHON_SOURCE_FAILED,
        codes.MODULE_NOT_FOUND,
    ]


def test_a_mistake_in_the_text_is_told_before_anything_runs(pipeline) -> None:
    spec = pipeline({"source_a.py": "open('ran', 'w')", "source_b.py": "def f(:"})
    assert [error.code for error in failures(spec)] == [codes.PYTHON_SYNTAX_ERROR]
    assert not (spec.root_path / "ran").exists()


@pytest.mark.parametrize("files", [{}, {"source.py": "x = 1"}, {"a.sql": "-- nothing"}])
def test_a_pipeline_that_defines_nothing(pipeline, files) -> None:
    (error,) = failures(pipeline(files))
    assert error.code is codes.RUN_EMPTY_PIPELINE
    assert error.params == {"pipeline": "the pipeline", "files": len(files)}


def test_an_error_explains_why_nothing_is_defined(pipeline) -> None:
    (error,) = failures(pipeline({"source.py": "1 / 0"}))
    assert error.code is codes.PYTHON_SOURCE_FAILED
