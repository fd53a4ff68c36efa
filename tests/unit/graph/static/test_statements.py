"""Loops, conditions and functions around definitions, followed without running them."""

from __future__ import annotations

import pytest

VIEW = """
    @dlt.view(name={name})
    def rows():
        return spark.read.table("raw")
"""


def defining(head: str, name: str, indent: int = 4) -> str:
    """Source that defines a view under `name` in the block that `head` opens."""
    body = VIEW.format(name=name)
    return "import dlt\n" + head + body.replace("\n    ", "\n" + " " * indent)


@pytest.mark.parametrize(
    ("head", "name", "names"),
    [
        ("for t in ['a', 'b']:", "t", ["a", "b"]),
        ("for t in ('a', 'b'):", "f'x_{t}'", ["x_a", "x_b"]),
        ("T = {'a': 1, 'b': 2}\nfor t in T:", "t", ["a", "b"]),
        ("T = {'a': 1, 'b': 2}\nfor t, n in T.items():", "f'{t}{n}'", ["a1", "b2"]),
        ("for i, t in enumerate(['a', 'b'], 1):", "f'{t}{i:02d}'", ["a01", "b02"]),
        ("for t, n in zip(['a', 'b'], range(2)):", "f'{t}{n}'", ["a0", "b1"]),
        ("for t in [{'name': 'a'}, {'name': 'b'}]:", "t['name']", ["a", "b"]),
        ("for t in sorted({'b', 'a'}):", "t", ["a", "b"]),
        ("for t in [x.upper() for x in 'ab' if x != 'b']:", "t", ["A"]),
        ("for t in map(str.lower, ['A']) if False else ['a']:", "t", ["a"]),
        ("for t in list(map(lambda x: x * 2, ['a'])):", "t", ["aa"]),
        ("for t in filter(lambda x: x > 'a', ['a', 'b']):", "t", ["b"]),
        ("T = ['a']\nT.append('b')\nT += ['c']\nfor t in T:", "t", ["a", "b", "c"]),
        ("T = {}\nT['a'] = 1\nT.update(b=2)\nfor t in T:", "t", ["a", "b"]),
        ("a, *rest = ['x', 'a', 'b']\nfor t in rest:", "t", ["a", "b"]),
        ("for t in 'a,b'.split(','):", "t", ["a", "b"]),
        ("if 'x' in ['x'] and not False:", "'a'", ["a"]),
        ("if spark.conf.get('env', 'dev') == 'prod':", "'a'", []),
        ("ENV = 'dev'\nif (e := ENV) != 'prod':", "e", ["dev"]),
        ("with open('x'):", "'a'", ["a"]),
        ("while False:", "'a'", []),
    ],
)
def test_what_is_known_is_followed(draw, head: str, name: str, names: list[str]) -> None:
    drawn = draw(defining(head, name))
    assert [each for each in drawn.names if each != "raw"] == names
    assert all(node.certain for node in drawn.graph.nodes)
    assert drawn.warnings == []


@pytest.mark.parametrize(
    "head",
    [
        "for t in dbutils.fs.ls('/x'):",
        "for t in [f.name for f in dbutils.fs.ls('/x')]:",
        "T = ['a']\nT.remove(dbutils.widgets.get('x'))\nfor t in T:",
        "T = {}\nT[dbutils.widgets.get('x')] = 1\nfor t in T:",
        "while (t := dbutils.widgets.get('x')):",
    ],
)
def test_a_loop_over_what_only_a_run_knows(draw, head: str) -> None:
    drawn = draw(defining(head, "t"))
    assert drawn.names == []
    assert [code for code, _ in drawn.warnings] == ["STATIC_NAME_UNKNOWN"]


@pytest.mark.parametrize(
    "head",
    [
        "for _ in dbutils.fs.ls('/x'):",
        "while dbutils.widgets.get('x'):",
        "if dbutils.widgets.get('x'):",
        "if 1 > dbutils.widgets.get('x'):",
        "if dbutils.widgets.get('x'):\n    pass\nelse:",
        "try:\n    pass\nexcept ImportError:",
        "match dbutils.widgets.get('x'):\n  case 'x':",
    ],
)
def test_what_may_be_defined_or_not_is_not_certain(draw, head: str) -> None:
    drawn = draw(defining(head, "'a'"))
    assert not drawn["a"].certain
    (warning,) = drawn.graph.warnings
    assert warning.code.name == "STATIC_DATASET_UNCERTAIN"
    assert warning.params["what"] == "the existence"


def test_names_bound_late_are_those_after_the_file(draw) -> None:
    """As Python does: without a default argument every function sees the last value."""
    drawn = draw("""
        import dlt

        for t in ["a", "b"]:
            @dlt.view(name=t)
            def rows():
                return spark.read.table(f"raw_{t}")

            @dlt.view(name=f"{t}_bound")
            def bound(t=t):
                return spark.read.table(f"raw_{t}")
        """)
    assert drawn.edges == {
        ("raw_b", "a"),
        ("raw_b", "b"),
        ("raw_a", "a_bound"),
        ("raw_b", "b_bound"),
    }


def test_functions_that_define(draw) -> None:
    drawn = draw("""
        import dlt

        def bronze(name, path=None, *, rules=()):
            @dlt.table(name=f"bronze_{name}")
            @dlt.expect_all({rule: "1 = 1" for rule in rules})
            def rows():
                return spark.readStream.format("cloudFiles").load(path or f"/in/{name}")

        def layers(*names, **rest):
            for name in names:
                bronze(name, **rest)

        layers("a", "b", rules=["r"])
        bronze("c", "/other")
        """)
    assert drawn.edges == {("/in/a", "bronze_a"), ("/in/b", "bronze_b"), ("/other", "bronze_c")}
    assert drawn["bronze_a"].expectations == ("r",)
    assert all(node.certain for node in drawn.graph.nodes)


def test_a_function_that_nobody_calls_defines_nothing(draw) -> None:
    drawn = draw("""
        import dlt

        def never():
            dlt.create_streaming_table("a")
        """)
    assert drawn.names == []
    assert drawn.warnings == []


def test_a_function_given_to_something_unknown_may_be_called(draw) -> None:
    drawn = draw("""
        import dlt
        from concurrent.futures import ThreadPoolExecutor

        def define(name):
            @dlt.table(name=name)
            def rows():
                return spark.read.table("raw")

        with ThreadPoolExecutor() as pool:
            pool.map(define, ["a", "b"])
        """)
    assert drawn.names == []
    assert drawn.warnings == [("STATIC_NAME_UNKNOWN", 6)]


def test_skipping_some_rounds_of_a_loop(draw) -> None:
    drawn = draw("""
        import dlt

        for name in ["a", "b", "c", "d"]:
            if name == "a":
                continue
            if name == "d":
                break
            @dlt.view(name=name)
            def rows():
                return spark.read.table("raw")
        else:
            dlt.create_streaming_table("never")
        """)
    assert [name for name in drawn.names if name != "raw"] == ["b", "c"]
    assert all(node.certain for node in drawn.graph.nodes)


def test_skipping_rounds_for_an_unknown_reason(draw) -> None:
    drawn = draw("""
        import dlt

        for name in ["a", "b"]:
            if dbutils.widgets.get(name):
                continue
            dlt.create_streaming_table(name)

        dlt.create_streaming_table("after")
        """)
    assert {node.name[-1]: node.certain for node in drawn.graph.nodes if len(node.name) < 13} == {
        "a": False,
        "b": False,
    }
    assert drawn["after"].certain


def test_what_follows_a_possible_break_or_return_is_not_certain(draw) -> None:
    drawn = draw("""
        import dlt

        for name in ["a", "b"]:
            dlt.create_streaming_table(name)
            if dbutils.widgets.get(name):
                break

        def define():
            dlt.create_streaming_table("c")
            if dbutils.widgets.get("x"):
                return
            dlt.create_streaming_table("d")

        define()
        dlt.create_streaming_table("e")
        """)
    certain = {node.name.removeprefix("main.sales."): node.certain for node in drawn.graph.nodes}
    assert certain == {"a": True, "b": False, "c": True, "d": False, "e": True}


def test_what_follows_a_raise_is_never_reached(draw) -> None:
    drawn = draw("""
        import dlt

        dlt.create_streaming_table("a")
        raise SystemExit
        dlt.create_streaming_table("b")
        """)
    assert drawn.names == ["a"]


def test_values_after_branches_are_known_where_all_branches_agree(draw) -> None:
    drawn = draw("""
        import dlt

        if dbutils.widgets.get("x"):
            same, other, only = "a", "b", "o"
        else:
            same, other = "a", "c"

        dlt.create_streaming_table(same)
        dlt.create_streaming_table(other)
        dlt.create_streaming_table(only)
        """)
    assert drawn.names == ["a", "o"]
    assert ("STATIC_NAME_UNKNOWN", 10) in drawn.warnings


def test_a_branch_that_does_not_go_on_does_not_count(draw) -> None:
    drawn = draw("""
        import dlt

        name = "a"
        if dbutils.widgets.get("x"):
            name = "b"
            raise ValueError(name)
        dlt.create_streaming_table(name)
        """)
    assert drawn.names == ["a"]


def test_one_of_two_definitions_of_a_dataset(draw) -> None:
    drawn = draw("""
        import dlt

        if dbutils.widgets.get("x"):
            @dlt.table
            def orders():
                return spark.readStream.table("a")
        else:
            @dlt.table
            def orders():
                return spark.read.table("b")
        """)
    assert drawn.edges == {("a", "orders"), ("b", "orders")}
    assert drawn["orders"].kind == "TABLE"
    assert [code for code, _ in drawn.warnings] == ["STATIC_DATASET_UNCERTAIN"]


def test_counting_in_an_unknown_loop(draw) -> None:
    drawn = draw("""
        import dlt

        n = 0
        for _ in dbutils.fs.ls("/x"):
            n += 1
        dlt.create_streaming_table(f"t{n}")
        """)
    assert drawn.names == []


def test_global_and_nonlocal(draw) -> None:
    drawn = draw("""
        import dlt

        schema = "a"

        def switch():
            global schema
            schema = "b"

        def count():
            n = 0
            def more():
                nonlocal n
                n = n + 1
            more()
            more()
            return n

        switch()
        dlt.create_streaming_table(f"{schema}.t{count()}")
        """)
    assert drawn.names == ["main.b.t2"]


def test_records(draw) -> None:
    drawn = draw("""
        import dlt
        from dataclasses import dataclass
        from typing import NamedTuple

        @dataclass(frozen=True)
        class Feed:
            name: str
            path: str = "/in"

        class Pair(NamedTuple):
            left: str
            right: str = "r"

        for feed in [Feed("a"), Feed(name="b", path="/other")]:
            @dlt.view(name=feed.name)
            def rows(feed=feed):
                return spark.read.json(f"{feed.path}/{feed.name}")

        dlt.create_streaming_table(Pair("l").left + Pair("l").right)
        """)
    assert drawn.edges == {("/in/a", "a"), ("/other/b", "b")}
    assert "lr" in drawn.names


def test_a_properties_value(draw) -> None:
    drawn = draw("""
        import dlt

        class Base:
            layer = "silver"

        class Config(Base):
            def __init__(self, env):
                self.env = env

            @property
            def schema(self):
                return f"{self.env}_{self.layer}"

            @classmethod
            def of(cls):
                return cls("dev")

        dlt.create_streaming_table(f"{Config.of().schema}.t")
        """)
    assert drawn.names == ["main.dev_silver.t"]


@pytest.mark.parametrize(
    "name",
    [
        "'a' * 10**9",
        "'%1000000000s' % 'a'",
        "f'{1:>1000000000}'",
        "'{:>1000000000}'.format(1)",
        "'a'.zfill(10**9)",
        "'a'.ljust(10**9)",
        "str(2 ** 2 ** 40)",
        "''.join(str(i) for i in range(10**9))",
        "max(range(10**12))",
        "1 / 0",
        "{}['a']",
    ],
)
def test_what_would_take_long_or_fail_is_not_computed(draw, name: str) -> None:
    drawn = draw(f"import dlt\nbig = 10**9\ndlt.create_streaming_table({name})")
    assert drawn.names == []
    assert drawn.warnings == [("STATIC_NAME_UNKNOWN", 3)]


@pytest.mark.parametrize(
    "source",
    [
        "def f(n):\n    return [f(n + 1) for _ in range(9)]\nf(0)",
        "for a in range(9999):\n    for b in range(9999):\n        c = a + b",
        "x = " + "+".join(["1"] * 800),
        "a = []\na.append(a)\nprint(a == a, f'{a}')\nfor x in range(3):\n    a.extend(a)",
    ],
)
def test_source_that_does_too_much_ends_with_a_warning_at_most(draw, source: str) -> None:
    drawn = draw(f"import dlt\ndlt.create_streaming_table('before')\n{source}\n")
    assert drawn.names == ["before"]
    assert {code for code, _ in drawn.warnings} <= {"STATIC_SOURCE_TOO_LARGE"}


def test_a_function_that_does_too_much_leaves_the_others_known(draw) -> None:
    drawn = draw("""
        import dlt

        @dlt.view
        def a():
            return spark.read.table("raw")

        @dlt.view
        def b():
            for i in range(9999):
                for j in range(9999):
                    pass
            return spark.read.table("raw")

        @dlt.view
        def c():
            return spark.read.table("raw")
        """)
    assert drawn["a"].certain
    assert not drawn["b"].certain
    assert not drawn["c"].certain
    assert drawn.warnings[0] == ("STATIC_SOURCE_TOO_LARGE", 1)
