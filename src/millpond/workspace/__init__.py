"""A workspace on this machine, for tests: enough of the REST API to deploy a bundle and run it."""

from millpond.workspace.server import FakeWorkspace

__all__ = ["FakeWorkspace"]
