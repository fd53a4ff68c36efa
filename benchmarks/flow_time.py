"""How long a flow ran, from the event log of an update."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path


def flow_seconds(state: Path, dataset: str) -> float:
    """Seconds from RUNNING to COMPLETED of the one flow of a dataset, of the one update there is.

    Args:
        dataset: the end of the dataset's name.

    Raises:
        ValueError: the log does not have both.
    """
    import pyarrow.parquet

    moments: dict[str, datetime] = {}
    for file in sorted((state / "events").glob("*.parquet")):
        for event in pyarrow.parquet.read_table(file).to_pylist():
            of_this = str(event["origin"]["dataset_name"]).endswith(dataset)
            if of_this and event["event_type"] == "flow_progress":
                status = json.loads(event["details"])["flow_progress"]["status"]
                # A flow says that it is running again and again, and files are in no order.
                moments[status] = min(moments.get(status, event["timestamp"]), event["timestamp"])
    if not {"RUNNING", "COMPLETED"} <= moments.keys():
        raise ValueError(f"the event log in {state} has {sorted(moments)} of {dataset}")
    return (moments["COMPLETED"] - moments["RUNNING"]).total_seconds()
