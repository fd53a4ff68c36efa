"""What source finds without an import: `dbutils` and the rest, and the modules that give it."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

from millpond import codes, differences
from millpond.codes import Code
from millpond.definitions import Definitions
from millpond.errors import Failures, MillpondError
from millpond.load.environment import source_environment
from millpond.load.pipeline import load_definitions, read_programs
from millpond.notices import Notices, noticing
from millpond.sources.inputs import load_inputs

DEFINE = "\nimport dlt\ndlt.create_streaming_table({})\n"


class Loaded:
    """What was defined, printed and told."""

    def __init__(self, definitions: Definitions, notices: Notices) -> None:
        self.names = [".".join(each.name) for each in definitions.datasets]
        self.differences = [each.feature for each in notices.differences]


@pytest.fixture
def load(pipeline, tmp_path) -> Callable[..., Loaded]:
    def loaded(source: str, *, inputs: str = "", **spec: Any) -> Loaded:
        files = spec.pop("files", {})
        written = pipeline({"source.py": source, **files}, spec.pop("configuration", None))
        mapping = tmp_path / "millpond.yml"
        mapping.write_text(inputs or "{}")
        written = replace(written, **spec)
        session = SimpleNamespace(sparkContext=SimpleNamespace(defaultParallelism=2))
        with noticing(Notices()) as notices, source_environment(written.root_path):
            programs = read_programs(written)
            found = load_definitions(written, programs, session, load_inputs(mapping, "default"))
        return Loaded(found, notices)

    return loaded


@pytest.fixture
def failed(load) -> Callable[..., MillpondError]:
    def error(code: Code, source: str, **options: Any) -> MillpondError:
        with pytest.raises(Failures) as raised:
            load(source, **options)
        (only,) = raised.value.errors
        assert only.code is code
        return only

    return error


# --- widgets ----------------------------------------------------------------------------------


def test_a_widget_has_its_default_or_what_the_configuration_says(load) -> None:
    source = "dbutils.widgets.dropdown('t', 'a', ['a', 'b'])" + DEFINE.format(
        "dbutils.widgets.get('t')"
    )
    assert load(source).names == ["a"]
    assert load(source, configuration={"t": "b"}).names == ["b"]


def test_run_gives_widgets(load) -> None:
    setup = "# Databricks notebook source\nTABLE = dbutils.widgets.get('table')\n"
    source = '# Databricks notebook source\n# MAGIC %run ./setup $table="a"\n' + DEFINE.format(
        "TABLE"
    )
    assert load(source, files={"setup.py": setup}).names == ["a"]


def test_a_widget_that_nobody_defined(failed) -> None:
    error = failed(codes.INPUT_WIDGET_NOT_DEFINED, "x = 1\ny = dbutils.widgets.get('t')\n")
    assert (error.at.line, error.params) == (2, {"name": "t"})


# --- secrets ----------------------------------------------------------------------------------


def test_a_secret_is_known_and_never_shown(load, failed, capsys) -> None:
    inputs = "secrets:\n  kafka:\n    password: hunter2-and-more\n"
    source = "password = dbutils.secrets.get(scope='kafka', key='password')\nprint(password)\n"
    length = DEFINE.format("f'n{len(password)}'")
    assert load(source + length, inputs=inputs).names == ["n16"]
    assert capsys.readouterr().out == "[REDACTED]\n"
    error = failed(codes.PYTHON_SOURCE_FAILED, source + "raise ValueError(password)", inputs=inputs)
    assert "hunter2" not in str(error)
    assert "[REDACTED]" in str(error)


def test_a_secret_that_has_no_value(failed) -> None:
    error = failed(codes.SECRET_NOT_MAPPED, "\ndbutils.secrets.get('kafka', 'password')\n")
    assert (error.at.line, error.params["scope"], error.params["key"]) == (2, "kafka", "password")


def test_the_names_of_secrets(load) -> None:
    inputs = "secrets:\n  kafka:\n    password: x1\n    user: y1\n"
    source = (
        "keys = [each.key for each in dbutils.secrets.list('kafka')]\n"
        "names = '_'.join([dbutils.secrets.listScopes()[0].name, *keys])"
    )
    assert load(source + DEFINE.format("names"), inputs=inputs).names == ["kafka_password_user"]


# --- files ------------------------------------------------------------------------------------


INPUTS = "paths:\n  /Volumes/main/raw: landing\n  /mnt/raw: landing\n"
FILES = {"landing/orders/a.json": "{}", "landing/b.csv": "x"}


def test_a_loop_over_the_files_of_a_folder_defines_datasets(load) -> None:
    source = (
        "import dlt\n"
        "for each in dbutils.fs.ls('/Volumes/main/raw'):\n"
        "    assert each.path == 'dbfs:/Volumes/main/raw/' + each.name\n"
        "    dlt.create_streaming_table('t_' + each.name.rstrip('/').replace('.', '_'))\n"
    )
    assert load(source, inputs=INPUTS, files=FILES).names == ["t_b_csv", "t_orders"]


def test_files_are_written_copied_and_removed_where_source_may(load, tmp_path) -> None:
    source = (
        "root = 'dbfs:/mnt/raw/'\n"
        "dbutils.fs.mkdirs(root + 'new')\n"
        "dbutils.fs.put(root + 'new/x.txt', 'text', True)\n"
        "dbutils.fs.cp(root + 'new', root + 'copy', recurse=True)\n"
        "dbutils.fs.rm(root + 'new', True)\n"
        "dbutils.fs.mv(root + 'b.csv', root + 'c.csv')\n"
        "assert dbutils.fs.head(root + 'copy/x.txt') == 'text'\n"
    )
    load(source + DEFINE.format("'t'"), inputs=INPUTS, files=FILES)
    found = sorted(each.name for each in (tmp_path / "landing").iterdir())
    assert found == ["c.csv", "copy", "orders"]


def test_a_file_that_is_not_there_fails_as_on_databricks(load, failed) -> None:
    call = "dbutils.fs.ls('/mnt/raw/none')\n"
    error = failed(codes.FS_PATH_NOT_FOUND, call, inputs=INPUTS, files=FILES)
    assert "java.io.FileNotFoundException" in str(error)
    guarded = f"try:\n    {call}except Exception as error:\n    name = 'a'\n"
    assert load(guarded + DEFINE.format("name"), inputs=INPUTS, files=FILES).names == ["a"]


@pytest.mark.parametrize("call", ["rm('{}', True)", "put('{}/x', '')", "mkdirs('{}/x')"])
def test_other_places_of_this_machine_are_never_changed(failed, tmp_path, call) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    error = failed(codes.FS_WRITE_NOT_MAPPED, f"dbutils.fs.{call.format(outside)}\n")
    assert error.at.line == 1
    assert list(outside.iterdir()) == []


def test_a_mount_is_done_if_its_place_is_mapped(load, failed) -> None:
    source = (
        "if not any(m.mountPoint == '/mnt/raw' for m in dbutils.fs.mounts()):\n"
        "    dbutils.fs.mount(source='abfss://c@a', mount_point='{}', extra_configs={{}})\n"
    )
    done = load(source.format("/mnt/raw") + DEFINE.format("'t'"), inputs=INPUTS, files=FILES)
    assert done.differences == [differences.MOUNT]
    error = failed(codes.INPUT_NOT_MAPPED, source.format("/mnt/x"), inputs=INPUTS, files=FILES)
    assert error.at.line == 2


# --- notebooks --------------------------------------------------------------------------------


def test_a_notebook_may_exit_early(load) -> None:
    source = DEFINE.format("'a'") + "dbutils.notebook.exit('done')\n" + DEFINE.format("'b'")
    assert load(source).names == ["a"]


def test_a_notebook_runs_another_in_a_namespace_of_its_own(load) -> None:
    other = (
        "# Databricks notebook source\nname = dbutils.widgets.get('name')\n"
        "dbutils.notebook.exit(name.upper())\n"
    )
    source = (
        "result = dbutils.notebook.run('./other', 60, {'name': 'a'})\n"
        "assert 'name' not in globals()\n"
    )
    assert load(source + DEFINE.format("result"), files={"other.py": other}).names == ["A"]


def test_the_path_of_the_notebook(load) -> None:
    source = (
        "chain = dbutils.notebook.entry_point.getDbutils().notebook().getContext()\n"
        "name = chain.notebookPath().get().rsplit('/', 1)[1]\n"
        "user = chain.tags().get('user').get()\n"
    )
    assert load(source + DEFINE.format("name")).names == ["source"]


def test_arguments_of_the_command_line_are_not_those_of_source(load) -> None:
    source = (
        "import argparse\n"
        "parser = argparse.ArgumentParser()\n"
        "parser.add_argument('--name', default='a')\n"
        "name = parser.parse_args().name\n"
    )
    before = list(sys.argv)
    assert load(source + DEFINE.format("name")).names == ["a"]
    assert sys.argv == before


@pytest.mark.parametrize(
    ("call", "named"),
    [
        (
            "dbutils.entry_point.getDbutils().notebook().getContext().apiToken().get()",
            "dbutils.notebook.getContext().apiToken()",
        ),
        ("dbutils.credentials.assumeRole('x')", "dbutils.credentials"),
        ("dbutils.fs.refreshEverything()", "dbutils.fs.refreshEverything"),
        ("dbutils.jobs.taskValues.get('t', 'k')", "dbutils.jobs.taskValues.get('k')"),
        ("dbutils.library.installPyPI('x')", "dbutils.library.installPyPI"),
    ],
)
def test_what_cannot_be_had_is_named(failed, call, named) -> None:
    error = failed(codes.DBUTILS_NOT_SUPPORTED, f"x = 1\n{call}\n")
    assert (error.at.line, error.params["call"]) == (2, named)


def test_calls_that_have_nothing_to_do(load) -> None:
    source = (
        "dbutils.library.restartPython()\ndbutils.jobs.taskValues.set(key='a', value=1)\n"
        "name = dbutils.jobs.taskValues.get(taskKey='t', key='a', debugValue='a')\n"
    )
    assert load(source + DEFINE.format("name")).names == ["a"]


# --- the rest ---------------------------------------------------------------------------------


def test_display_shows_nothing_and_says_so(load) -> None:
    found = load("display(1)\ndisplayHTML('<b>')" + DEFINE.format("'a'"))
    assert found.differences == [differences.DISPLAY, differences.DISPLAY]


def test_the_spark_context_is_there_on_classic_compute_alone(load, failed) -> None:
    source = DEFINE.format("f't{sc.defaultParallelism}'")
    assert load(source).names == ["t2"]
    error = failed(codes.SPARK_CONTEXT_NOT_AVAILABLE, source, settings={"serverless": True})
    assert error.at.line == 3


@pytest.mark.parametrize(
    "helper",
    [
        "from pyspark.dbutils import DBUtils\ndbutils = DBUtils(None)\n",
        "from databricks.sdk.runtime import *\n",
        "from databricks.sdk.runtime import dbutils, spark\n",
        "import IPython\ndbutils = IPython.get_ipython().user_ns['dbutils']\n",
    ],
)
def test_modules_of_helpers_get_at_it(load, helper) -> None:
    module = helper + "\ndef name():\n    return dbutils.widgets.get('t')\n"
    source = "from helper_of_mine import name" + DEFINE.format("name()")
    found = load(source, configuration={"t": "a"}, files={"helper_of_mine.py": module})
    assert found.names == ["a"]
