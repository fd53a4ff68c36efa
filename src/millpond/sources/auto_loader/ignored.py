"""Tell the user of options that have another effect here than in a cloud."""

from __future__ import annotations

from typing import TYPE_CHECKING

from millpond import differences
from millpond.notices import note
from millpond.sources.auto_loader.options import ignored_options
from millpond.sources.written import place_of

if TYPE_CHECKING:
    from millpond.differences import Feature
    from millpond.sources.auto_loader.request import AutoLoaderRequest

_SAME_HERE = (
    "inferschema",
    "samplingratio",
    "cloudfiles.fetchparallelism",
    "cloudfiles.usestrictglobber",
)
"""Options that change no result on Databricks either, or ask for what is done here anyway."""

_FEATURES = {
    "badrecordspath": differences.BAD_RECORDS,
    "cloudfiles.allowoverwrites": differences.ALLOW_OVERWRITES,
    "cloudfiles.backfillinterval": differences.BACKFILL,
    "cloudfiles.schemalocation": differences.SCHEMA_LOCATION,
}


def note_ignored(request: AutoLoaderRequest) -> None:
    """Note each such option that is in force, where it was written."""
    for key in ignored_options(request):
        name, value = key.casefold(), str(request.options[key]).strip().casefold()
        if name not in _SAME_HERE and value not in ("false", "off"):
            note(_feature(name), place_of(request.options, key, request.at))


def _feature(name: str) -> Feature:
    if name.startswith("cloudfiles.cleansource"):
        return differences.CLEAN_SOURCE
    return _FEATURES.get(name, differences.FILE_NOTIFICATIONS)
