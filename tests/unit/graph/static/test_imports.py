"""Modules of the user's are followed, those of libraries are not imported."""

from __future__ import annotations

import sys

import pytest

TABLE = """
import dlt
{imports}

@dlt.table(name={name})
def rows():
    return spark.readStream.table("raw")
"""


@pytest.mark.parametrize(
    ("imports", "name"),
    [
        ("import settings", "settings.SCHEMA"),
        ("import settings as s", "s.SCHEMA"),
        ("from settings import SCHEMA", "SCHEMA"),
        ("from settings import SCHEMA as x", "x"),
        ("from settings import *", "SCHEMA"),
        ("import lib.names", "lib.names.schema('gold')"),
        ("from lib import names", "names.schema('gold')"),
        ("from lib import names as n", "n.schema('gold')"),
        ("from lib.names import schema", "schema('gold')"),
        ("from lib import schema", "schema('gold')"),
        ("from lib import DEFAULT", "DEFAULT"),
    ],
)
def test_values_of_the_users_modules(draw, imports: str, name: str) -> None:
    files = {
        "settings.py": "SCHEMA = 'gold'\n_HIDDEN = 1\n",
        "lib/__init__.py": "from .names import schema\nfrom . import names\nDEFAULT = schema(1)\n",
        "lib/names.py": "from settings import SCHEMA\ndef schema(x):\n    return x and SCHEMA\n",
    }
    drawn = draw(TABLE.format(imports=imports, name=f"{name} + '.t'"), files=files)
    assert drawn.node.name == "main.gold.t"
    assert drawn.node.certain


def test_readers_in_a_module(draw) -> None:
    drawn = draw(
        """
        import dlt
        from readers import load

        @dlt.table
        def orders():
            return load(spark, "raw")
        """,
        files={"readers.py": "def load(spark, name):\n    return spark.readStream.table(name)\n"},
    )
    assert drawn.edges == {("raw", "orders")}
    assert drawn["orders"].certain


def test_definitions_in_a_module_are_made_once(draw) -> None:
    module = "import dlt\n@dlt.view\ndef a():\n    return spark.read.table('raw')\n"
    drawn = draw(
        "import shared\nimport shared",
        files={"shared.py": module, "source_2.py": "from shared import a"},
    )
    assert drawn.edges == {("raw", "a")}
    assert drawn.warnings == []
    assert drawn["a"].at.file.name == "shared.py"


def test_modules_that_import_each_other(draw) -> None:
    drawn = draw(
        "import dlt\nimport a\ndlt.create_streaming_table(a.NAME)",
        files={"a.py": "NAME = 'x'\nimport b\n", "b.py": "import a\nB = a.NAME\n"},
    )
    assert drawn.names == ["x"]


def test_a_module_that_is_no_python_is_told(draw) -> None:
    drawn = draw("import broken", files={"broken.py": "def"})
    assert [code for code, _ in drawn.warnings] == ["PYTHON_SYNTAX_ERROR"]
    assert drawn.graph.warnings[0].at.file.name == "broken.py"


def test_nothing_is_executed(draw, tmp_path) -> None:
    mark = tmp_path / "mark"
    body = f"open({str(mark)!r}, 'w').write('x')\n"
    before = set(sys.modules)
    draw(f"import settings\nimport never_heard_of\n{body}", files={"settings.py": body})
    assert not mark.exists()
    assert "settings" not in set(sys.modules) - before


@pytest.mark.parametrize(
    ("imports", "name"),
    [
        ("import os", "os.path.join('a', 'b').replace('/', '.')"),
        ("from pathlib import Path", "Path('a').name"),
        ("from company import SCHEMA", "SCHEMA"),
        ("from . import settings", "settings.SCHEMA"),
        ("import json", "json.loads('{}')['a']"),
    ],
)
def test_what_libraries_compute_is_known_only_where_it_is_certain(
    draw, imports: str, name: str
) -> None:
    drawn = draw(TABLE.format(imports=imports, name=name))
    if imports == "import os":
        assert drawn.node.name == "main.a.b"
    else:
        assert [code for code, _ in drawn.warnings] == ["STATIC_NAME_UNKNOWN"]


def test_names_from_a_star_import_of_pyspark(draw) -> None:
    drawn = draw("""
        import dlt
        from pyspark.sql.functions import *

        @dlt.table
        def orders():
            return spark.readStream.table("raw").join(broadcast(spark.read.table("codes")), "id")
        """)
    assert drawn.edges == {("raw", "orders"), ("codes", "orders")}
    assert drawn["orders"].certain
