"""What the JSON of a plan says, without Spark."""

from __future__ import annotations

import json
from typing import Any

from millpond.engine.classic.fingerprint import fingerprint

CATALYST = "org.apache.spark.sql.catalyst."


def attribute(number: int, **more: Any) -> dict[str, Any]:
    identity = {"product-class": f"{CATALYST}expressions.ExprId", "id": number, "jvmId": "x"}
    kind = f"{CATALYST}expressions.AttributeReference"
    return {"class": kind, "name": "n", "exprId": identity, **more}


def text(*nodes: dict[str, Any]) -> str:
    return fingerprint(json.dumps(nodes)).text


def test_numbers_of_a_run_do_not_count_but_who_is_who_does() -> None:
    assert text(attribute(7), attribute(9)) == text(attribute(3), attribute(4))
    assert text(attribute(7), attribute(9)) != text(attribute(7), attribute(7))
    assert text(attribute(7, metadata={"__dataset_id": 3})) == text(attribute(1, metadata={}))


def test_names_of_the_engine_do_not_count_and_those_of_users_do() -> None:
    named = [{"name": f"millpond:main.default.t:{n}", "view": f"__millpond_{n}"} for n in (1, 2)]
    assert text(named[0]) == text(named[1])
    assert text({"name": "one"}) != text({"name": "two"})


def test_a_shared_query_is_known_by_its_number() -> None:
    kind = f"{CATALYST}plans.logical.CTERelation"

    def shared(defined: int, used: int) -> str:
        return text({"class": f"{kind}Def", "id": defined}, {"class": f"{kind}Ref", "cteId": used})

    assert shared(5, 5) == shared(8, 8)
    assert shared(5, 5) != shared(5, 6)


def kinds(name: str) -> tuple[bool, bool]:
    found = fingerprint(json.dumps([[{"class": f"{CATALYST}expressions.{name}"}]]))
    return found.time, found.functions


def test_functions_are_known_by_their_class() -> None:
    assert kinds("CurrentTimestamp") == (True, False)
    assert kinds("Now") == (True, False)
    assert kinds("CurrentRow$") == (False, False)
    assert kinds("PythonUDF") == (False, True)
    assert kinds("ScalaUDF") == (False, True)
    assert kinds("Upper") == (False, False)
