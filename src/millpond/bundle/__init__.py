"""Load databricks.yml as the Databricks CLI does: includes, variables, targets, paths."""

from millpond.bundle.bundle import Bundle, choose_pipeline, load_bundle
from millpond.bundle.project import (
    Project,
    ProjectKind,
    find_project,
    override,
    spec_for_sources,
)
from millpond.bundle.workspace import User

__all__ = [
    "Bundle",
    "Project",
    "ProjectKind",
    "User",
    "choose_pipeline",
    "find_project",
    "load_bundle",
    "override",
    "spec_for_sources",
]
