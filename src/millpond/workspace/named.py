"""What a bundle's variables look up by name: warehouses, service principals and the like."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from millpond.workspace.api import Request, Router


@dataclass(frozen=True, slots=True)
class Listing:
    """How objects of one kind are listed: the path, and the fields of the answer."""

    path: str
    key: str
    name: str
    id: str


LISTINGS: Mapping[str, Listing] = {
    "cluster": Listing("/api/2.1/clusters/list", "clusters", "cluster_name", "cluster_id"),
    "cluster_policy": Listing("/api/2.0/policies/clusters/list", "policies", "name", "policy_id"),
    "instance_pool": Listing(
        "/api/2.0/instance-pools/list", "instance_pools", "instance_pool_name", "instance_pool_id"
    ),
    "metastore": Listing("/api/2.1/unity-catalog/metastores", "metastores", "name", "metastore_id"),
    "notification_destination": Listing(
        "/api/2.0/notification-destinations", "results", "display_name", "id"
    ),
    "query": Listing("/api/2.0/sql/queries", "results", "display_name", "id"),
    "service_principal": Listing(
        "/api/2.0/preview/scim/v2/ServicePrincipals", "Resources", "displayName", "applicationId"
    ),
    "warehouse": Listing("/api/2.0/sql/warehouses", "warehouses", "name", "id"),
}
"""Kind of lookup to its listing."""


class NamedObjects:
    """Objects that exist before anything is deployed, each with a name and an id."""

    def __init__(self) -> None:
        self._ids: dict[str, dict[str, str]] = {kind: {} for kind in LISTINGS}

    def add(self, kind: str, name: str) -> str:
        """Let there be an object of a kind in LISTINGS; its id is made of the two."""
        made = f"{kind}-{name}".lower().replace(" ", "-").replace("_", "-")
        return self._ids[kind].setdefault(name, made)

    def register(self, router: Router) -> None:
        """Take the requests that list them."""
        for kind, listing in LISTINGS.items():
            router.add("GET", listing.path, self._lister(kind, listing))

    def _lister(self, kind: str, listing: Listing) -> Any:
        def listed(request: Request) -> dict[str, Any]:
            found = [
                {"id": identity, listing.name: name, listing.id: identity}
                for name, identity in self._ids[kind].items()
            ]
            # All fit on one page; SCIM's clients ask for the next until one is empty.
            page = found if request.query.get("startIndex", "1") == "1" else []
            return {listing.key: page, "totalResults": len(found)}

        return listed
