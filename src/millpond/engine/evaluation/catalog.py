"""`spark.catalog` and `DeltaTable.forName` in pipeline source, by the user's own names.

What exists is what is there before the update: tables that earlier updates published, and those
that `millpond.yml` maps by name.
"""

from __future__ import annotations

from collections.abc import Callable
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any

from millpond import codes
from millpond.cdc.hidden import visible
from millpond.definitions import Name, QualifiedName, parse_name, qualify
from millpond.definitions.caller import caller_span
from millpond.engine.evaluation.relations import Evaluation, evaluating
from millpond.errors import MillpondError
from millpond.sql.relations import is_path

if TYPE_CHECKING:
    from pyspark.sql.catalog import CatalogMetadata, Column, Database, Table


def current_catalog(evaluation: Evaluation, _: Any, self: Any) -> str:
    """The default catalog in force."""
    return evaluation.relations.catalog


def current_database(evaluation: Evaluation, _: Any, self: Any) -> str:
    """The default schema in force."""
    return evaluation.relations.schema


def set_current_catalog(evaluation: Evaluation, _: Any, self: Any, catalogName: str) -> None:
    """Change the default catalog, which comes with the schema `default`."""
    evaluation.relations.catalog, evaluation.relations.schema = catalogName, "default"


def set_current_database(evaluation: Evaluation, _: Any, self: Any, dbName: str) -> None:
    """Change the default schema, and the catalog if the name has one."""
    *catalog, evaluation.relations.schema = parse_name(dbName, what="schema", at=caller_span())
    if catalog:
        evaluation.relations.catalog = catalog[-1]


def table_exists(
    evaluation: Evaluation, _: Any, self: Any, tableName: str, dbName: str | None = None
) -> bool:
    """Whether a temporary view or a table of that name is there."""
    name = _name(tableName, dbName)
    if evaluation.view(name) is not None:
        return True
    at = caller_span()
    try:
        evaluation.relations.published(name, at)
    except MillpondError as error:
        if error.code in (codes.TABLE_OR_VIEW_NOT_FOUND, codes.TABLE_NOT_CREATED):
            return False
        raise
    return True


def list_tables(
    evaluation: Evaluation,
    _: Any,
    self: Any,
    dbName: str | None = None,
    pattern: str | None = None,
) -> list[Table]:
    """Tables of a schema, then temporary views."""
    catalog, schema = _schema(evaluation, dbName)
    names = [
        (each.name, each.catalog, each.schema)
        for each in tables_in(evaluation, catalog, schema)
        if _like(each.name, pattern)
    ]
    from pyspark.sql.catalog import Table

    found = [Table(name, cat, [sch], None, "MANAGED", False) for name, cat, sch in names]
    views = [name for name in evaluation.views if _like(name, pattern)]
    return found + [Table(name, None, [], None, "TEMPORARY", True) for name in views]


def get_table(evaluation: Evaluation, _: Any, self: Any, tableName: str) -> Table:
    """A table by its name, which must exist."""
    from pyspark.sql.catalog import Table

    name = parse_name(tableName, at=caller_span())
    if evaluation.view(name) is not None:
        return Table(name[-1], None, [], None, "TEMPORARY", True)
    evaluation.relations.published(name, caller_span())
    full = _full(evaluation, name)
    return Table(full.name, full.catalog, [full.schema], None, "MANAGED", False)


def list_columns(
    evaluation: Evaluation, _: Any, self: Any, tableName: str, dbName: str | None = None
) -> list[Column]:
    """The columns of a table, which must exist."""
    from pyspark.sql.catalog import Column

    name = _name(tableName, dbName)
    frame = evaluation.view(name)
    if frame is None:
        frame = evaluation.relations.published(name, caller_span())
    return [
        Column(
            field.name,
            field.metadata.get("comment"),
            field.dataType.simpleString(),
            field.nullable,
            False,
            False,
            False,
        )
        for field in frame.schema.fields
    ]


def database_exists(evaluation: Evaluation, _: Any, self: Any, dbName: str) -> bool:
    """Whether a schema is the default one or has a table."""
    catalog, schema = _schema(evaluation, dbName)
    known = ((each.catalog, each.schema) for each in _schemas(evaluation))
    return (catalog.casefold(), schema.casefold()) in {
        (a.casefold(), b.casefold()) for a, b in known
    }


def list_databases(
    evaluation: Evaluation, _: Any, self: Any, pattern: str | None = None
) -> list[Database]:
    """The schemas of the default catalog."""
    from pyspark.sql.catalog import Database

    mine = evaluation.relations.catalog
    return [
        Database(schema, mine, None, "")
        for schema in schemas_in(evaluation, mine)
        if _like(schema, pattern)
    ]


def list_catalogs(
    evaluation: Evaluation, _: Any, self: Any, pattern: str | None = None
) -> list[CatalogMetadata]:
    """The catalogs that are the default one or have a table."""
    from pyspark.sql.catalog import CatalogMetadata

    return [CatalogMetadata(name, None) for name in catalogs_of(evaluation) if _like(name, pattern)]


def nothing(evaluation: Evaluation, _: Any, self: Any, *args: Any, **named: Any) -> None:
    """Refreshing, caching and analysing change no answer."""


def not_cached(evaluation: Evaluation, _: Any, self: Any, tableName: str) -> bool:
    """Nothing is cached, as `cacheTable` does nothing."""
    return False


def drop_temp_view(
    evaluation: Evaluation, original: Callable[..., Any], self: Any, viewName: str
) -> bool:
    """Forget a temporary view of the query, or one that the top level of a file made."""
    if evaluation.views.pop(viewName.casefold(), None) is not None:
        return True
    return bool(original(self, viewName))


METHODS: dict[str, Callable[..., Any]] = {
    "cacheTable": nothing,
    "clearCache": nothing,
    "currentCatalog": current_catalog,
    "currentDatabase": current_database,
    "databaseExists": database_exists,
    "dropTempView": drop_temp_view,
    "getTable": get_table,
    "isCached": not_cached,
    "listCatalogs": list_catalogs,
    "listColumns": list_columns,
    "listDatabases": list_databases,
    "listTables": list_tables,
    "recoverPartitions": nothing,
    "refreshByPath": nothing,
    "refreshTable": nothing,
    "setCurrentCatalog": set_current_catalog,
    "setCurrentDatabase": set_current_database,
    "tableExists": table_exists,
    "uncacheTable": nothing,
}
"""What the methods of `spark.catalog` do during an evaluation."""


def delta_table(evaluation: Evaluation, owner: Any, session: Any, name: str) -> Any:
    """`DeltaTable.forName`: the Delta table that a name means to the user."""
    at = caller_span()
    parts = parse_name(name, at=at)
    if is_path(parts):
        path = evaluation.relations.local_path(parts[1], at)
    else:
        path = str(evaluation.relations.delta_path(parts, at))
    with evaluating(None):
        found = owner.forPath(session, path)
    whole = found.toDF
    found.toDF = lambda: visible(whole())
    return found


def tables_in(evaluation: Evaluation, catalog: str, schema: str) -> list[QualifiedName]:
    """The tables of a schema, by name."""
    wanted = (catalog.casefold(), schema.casefold())
    return sorted(
        (
            each
            for each in evaluation.relations.tables()
            if (each.catalog.casefold(), each.schema.casefold()) == wanted
        ),
        key=lambda each: each.key,
    )


def schemas_in(evaluation: Evaluation, catalog: str) -> list[str]:
    """The schemas of a catalog, sorted."""
    found = (e for e in _schemas(evaluation) if e.catalog.casefold() == catalog.casefold())
    return sorted({each.schema.casefold(): each.schema for each in found}.values())


def catalogs_of(evaluation: Evaluation) -> list[str]:
    """The catalogs, sorted."""
    return sorted({e.catalog.casefold(): e.catalog for e in _schemas(evaluation)}.values())


def _schemas(evaluation: Evaluation) -> list[QualifiedName]:
    relations = evaluation.relations
    return [QualifiedName(relations.catalog, relations.schema, ""), *relations.tables()]


def _schema(evaluation: Evaluation, name: str | None) -> tuple[str, str]:
    relations = evaluation.relations
    if name is None:
        return relations.catalog, relations.schema
    parts = parse_name(name, what="schema", at=caller_span())
    return (parts[-2] if len(parts) > 1 else relations.catalog), parts[-1]


def _name(table: str, schema: str | None) -> Name:
    at = caller_span()
    name = parse_name(table, at=at)
    return name if schema is None else (*parse_name(schema, what="schema", at=at), *name)


def _full(evaluation: Evaluation, name: Name) -> QualifiedName:
    return qualify(name, evaluation.relations.catalog, evaluation.relations.schema)


def _like(name: str, pattern: str | None) -> bool:
    return pattern is None or fnmatchcase(name.casefold(), pattern.casefold())
