"""A Python source file is run on its own, and what goes wrong is told at the user's line."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest

from millpond import codes
from millpond.api.registry import Registry, collecting
from millpond.codes import Code
from millpond.definitions import Definitions
from millpond.errors import MillpondError
from millpond.load.compiled import compile_file, source_text
from millpond.load.environment import source_environment
from millpond.load.python import execute

Run = Callable[..., Definitions]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    def loaded(source: str | bytes, **scope: Any) -> Definitions:
        file = tmp_path / "source.py"
        text = dedent(source).encode() if isinstance(source, str) else source
        file.write_bytes(text)
        with collecting(Registry()) as registry, source_environment(tmp_path):
            compiled = compile_file(file, source_text(file))
            names = {**scope, "__name__": "__main__", "__file__": str(file)}
            execute(compiled, names, tmp_path)
        return registry.definitions()

    return loaded


@pytest.fixture
def failed(run: Run) -> Callable[..., MillpondError]:
    def error(code: Code, source: str | bytes, **scope: Any) -> MillpondError:
        with pytest.raises(MillpondError) as raised:
            run(source, **scope)
        assert raised.value.code is code
        assert raised.value.at is not None
        return raised.value

    return error


def test_what_it_defines(run: Run) -> None:
    definitions = run(
        """
        import dlt
        from pyspark import pipelines as dp

        dlt.create_streaming_table("a")

        @dp.table
        def b():
            return 1
        """
    )
    assert [each.name for each in definitions.datasets] == [("a",), ("b",)]


@pytest.mark.parametrize(
    ("line", "instead"),
    [
        ("from .rules import x", "from rules import ..."),
        ("from .a.b import x", "from a.b import ..."),
        ("from . import x", "write import ..."),
    ],
)
def test_source_that_imports_from_its_package_is_told_how_to(failed, line, instead) -> None:
    error = failed(codes.PYTHON_SOURCE_FAILED, f"x = 1\n{line}\n", __package__="")
    assert error.at.line == 2
    assert error.hint.endswith(instead)


def test_the_scope_is_there_without_an_import(run: Run) -> None:
    definitions = run("import dlt\ndlt.create_streaming_table(spark)", spark="orders")
    assert definitions.datasets[0].name == ("orders",)


def test_it_is_a_program_of_its_own(run: Run, tmp_path: Path) -> None:
    definitions = run(
        """
        import dlt
        if __name__ == "__main__":
            dlt.create_streaming_table(__file__.rpartition("/")[2].removesuffix(".py"))
        """
    )
    assert definitions.datasets[0].name == ("source",)
    assert "source" not in sys.modules


def test_files_do_not_see_each_others_names(run: Run, failed) -> None:
    run("x = 1")
    error = failed(codes.PYTHON_SOURCE_FAILED, "print(x)")
    assert "NameError" in str(error.params["error"])


def test_no_future_of_ours_holds_in_the_users_file(run: Run) -> None:
    """Annotations are values there, as on Databricks, unless the file says otherwise."""
    definitions = run(
        """
        import dlt
        def f(x: int): ...
        dlt.create_streaming_table(type(f.__annotations__["x"]).__name__)
        """
    )
    assert definitions.datasets[0].name == ("type",)


def test_a_future_of_the_users_holds(run: Run) -> None:
    definitions = run(
        """
        from __future__ import annotations
        import dlt
        def f(x: nowhere): ...
        dlt.create_streaming_table(f.__annotations__["x"])
        """
    )
    assert definitions.datasets[0].name == ("nowhere",)


# --- errors -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "line", "column"),
    [
        ("x = 1\nif x\n    pass\n", 2, 5),
        ("def f(:\n", 1, 7),
        ("return 1\n", 1, 1),
        ("x = 'é' y\n", 1, 9),
    ],
)
def test_what_is_no_python(failed, source: str, line: int, column: int) -> None:
    error = failed(codes.PYTHON_SYNTAX_ERROR, source)
    assert (error.at.line, error.at.column) == (line, column)
    assert error.at.file.name == "source.py"


@pytest.mark.parametrize("source", [b"x = '\0'\n", b"x = " + b"-" * 100_000 + b"1\n"])
def test_what_python_cannot_even_parse(failed, source: bytes) -> None:
    failed(codes.PYTHON_SYNTAX_ERROR, source)


@pytest.mark.parametrize("source", [b"x = '\xff'\n", b"# coding: nonsense\n"])
def test_what_is_not_in_its_encoding(failed, source: bytes) -> None:
    assert failed(codes.PYTHON_SOURCE_UNREADABLE, source).at.line == 1


@pytest.mark.parametrize(
    "source",
    [
        b"\xef\xbb\xbfimport dlt\ndlt.create_streaming_table('\xc3\xa9')",
        b"# -*- coding: latin-1 -*-\nimport dlt\ndlt.create_streaming_table('\xe9')",
        b"import dlt\r\ndlt.create_streaming_table('\xc3\xa9')\r\n",
    ],
)
def test_encodings_that_python_knows(run: Run, source: bytes) -> None:
    assert run(source).datasets[0].name == ("é",)


def test_an_exception_is_told_at_the_innermost_line_of_the_users(failed) -> None:
    error = failed(
        codes.PYTHON_SOURCE_FAILED,
        """
        import json

        def load(text):
            return json.loads(text)

        load("{")
        """,
    )
    assert error.at.line == 5
    assert "JSONDecodeError" in str(error.params["error"])


def test_an_exception_in_a_module_of_the_users_is_told_there(failed, tmp_path: Path) -> None:
    (tmp_path / "rules_of_mine.py").write_text("x = 1\nraise ValueError('broken')\n")
    error = failed(codes.PYTHON_SOURCE_FAILED, "import rules_of_mine\n")
    assert (error.at.file.name, error.at.line) == ("rules_of_mine.py", 2)
    assert error.params["error"] == "ValueError: broken"


def test_a_module_of_the_users_that_is_no_python(failed, tmp_path: Path) -> None:
    (tmp_path / "rules_of_mine.py").write_text("x = (\n")
    error = failed(codes.PYTHON_SYNTAX_ERROR, "import rules_of_mine\n")
    assert (error.at.file.name, error.at.line) == ("rules_of_mine.py", 1)


def test_a_module_that_is_missing(failed, tmp_path: Path) -> None:
    error = failed(codes.MODULE_NOT_FOUND, "import os\nimport nowhere_to_be_found.x\n")
    assert error.params == {"module": "nowhere_to_be_found", "root": tmp_path}
    assert error.at.line == 2


def test_leaving_the_process_is_an_error_of_the_file(failed) -> None:
    assert failed(codes.PYTHON_SOURCE_FAILED, "import sys\n\nsys.exit(3)\n").at.line == 3


def test_ctrl_c_is_not(run: Run) -> None:
    with pytest.raises(KeyboardInterrupt):
        run("raise KeyboardInterrupt")


def test_an_error_of_the_api_is_told_as_it_is(failed) -> None:
    error = failed(codes.INVALID_NAME, "import dlt\n\ndlt.create_streaming_table('a..b')\n")
    assert error.at.line == 3


def test_a_missing_argument_is_told_at_the_call(failed) -> None:
    error = failed(codes.INVALID_ARGUMENT, "import dlt\ndlt.create_streaming_table()\n")
    assert error.at.line == 2
    assert error.params["argument"] == "name"


def test_a_file_that_is_gone(tmp_path: Path) -> None:
    with pytest.raises(MillpondError) as raised:
        source_text(tmp_path / "gone.py")
    assert raised.value.code is codes.PYTHON_SOURCE_UNREADABLE


def test_parsing_runs_nothing(tmp_path: Path) -> None:
    file = tmp_path / "source.py"
    file.write_text("raise SystemExit\n")
    assert len(compile_file(file, source_text(file)).tree.body) == 1
