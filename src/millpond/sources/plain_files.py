"""What Spark's own readers of files are told that only Databricks' readers know.

Open-source Spark ignores an option that it does not know, and the answer is another one.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from millpond import codes, differences
from millpond.errors import MillpondError
from millpond.notices import note
from millpond.sources.auto_loader.options import BAD_RECORDS, refuse_databricks_only
from millpond.sources.written import WrittenOptions, place_of

if TYPE_CHECKING:
    from millpond.location import Span

_RESCUED = "rescuedDataColumn"
_MERGES = ("avro", "csv")
"""Formats whose `mergeSchema` is Databricks' own; the others either have it or always merge."""

_RESCUES = ("avro", "csv", "json", "orc", "parquet", "xml")
_TEXTUAL = ("csv", "json", "xml")


def options_for_spark(format: str, options: Mapping[str, str], at: Span | None) -> dict[str, str]:
    """What Spark's reader is to be told besides, so that it reads what Databricks' reads.

    Raises:
        MillpondError: OPTION_ONLY_ON_DATABRICKS, where the option was written.
    """
    folded = format.casefold()
    given = {key.casefold(): key for key in options}
    found = {}
    if folded in _TEXTUAL:
        refuse_databricks_only(options, at)
    if "filenamepattern" in given and "pathglobfilter" not in given:
        found["pathGlobFilter"] = options[given["filenamepattern"]]
    if BAD_RECORDS.casefold() in given and folded in _TEXTUAL:
        note(differences.BAD_RECORDS, place_of(options, BAD_RECORDS, at))
        found["mode"] = "DROPMALFORMED"
    if given.get("cleansource") and options[given["cleansource"]].casefold() != "off":
        note(differences.CLEAN_SOURCE, place_of(options, "cleanSource", at))
        found["cleanSource"] = "off"
    return found


def as_auto_loader(
    format: str, path: object, options: WrittenOptions, *, has_schema: bool, streaming: bool
) -> WrittenOptions | None:
    """The options by which Auto Loader gives the rows that Databricks' reader gives.

    Returns:
        None where Spark's own reader gives them.

    Raises:
        MillpondError: OPTION_ONLY_ON_DATABRICKS for several paths.
    """
    folded = format.casefold()
    given = {key.casefold(): value for key, value in options.items()}
    rescues = bool(given.get(_RESCUED.casefold())) and folded in _RESCUES
    merges = given.get("mergeschema", "").casefold() == "true" and folded in _MERGES
    needed = _RESCUED if rescues else "mergeSchema" if merges and not has_schema else None
    if needed is None or (streaming and not has_schema):  # of which Spark asks for a schema
        return None
    if not isinstance(path, str):
        raise MillpondError(
            codes.OPTION_ONLY_ON_DATABRICKS,
            at=place_of(options, needed, None),
            option=f"{needed} of several paths",
            instead="Read each path by itself, and unite the frames with unionByName.",
        )
    infers = folded != "csv" or given.get("inferschema", "").casefold() == "true"
    ours = {
        "cloudFiles.format": folded,
        "cloudFiles.inferColumnTypes": str(infers).lower(),
        "cloudFiles.schemaEvolutionMode": "none",
    }
    if folded == "csv" and "header" not in given:
        ours["header"] = "false"
    return WrittenOptions({**options, **ours}, options.places)
