"""Trang và bảng trong giao diện Prefect: one artifact each, rewritten in place.

A new version each time would grow Prefect's database without end, and change the address.
"""

from collections.abc import Mapping
from itertools import count
from uuid import UUID

from prefect.client.orchestration import SyncPrefectClient
from prefect.client.schemas.actions import ArtifactCreate, ArtifactUpdate
from prefect.client.schemas.filters import ArtifactFilter, ArtifactFilterKey
from prefect.client.schemas.objects import Artifact
from prefect.client.schemas.sorting import ArtifactSort

PAGE = 200


def publish(client: SyncPrefectClient, key: str, markdown: str, description: str) -> UUID:
    """Make the artifact of that key say this; its id, which stays."""
    found = find(client, key)
    if found is None:
        made = client.create_artifact(
            ArtifactCreate(key=key, type="markdown", data=markdown, description=description)
        )
        return made.id
    client.update_artifact(
        artifact_id=found.id, artifact=ArtifactUpdate(data=markdown, description=description)
    )
    return found.id


def find(client: SyncPrefectClient, key: str) -> Artifact | None:
    """The artifact of a key, if it was published."""
    found = client.read_artifacts(
        artifact_filter=ArtifactFilter(key=ArtifactFilterKey(any_=[key])),
        sort=ArtifactSort.ID_DESC,
        limit=1,
    )
    return found[0] if found else None


def published(client: SyncPrefectClient, like: str) -> Mapping[str, Artifact]:
    """All artifacts whose key is like this (with SQL's wildcards), by key."""
    by_key: dict[str, Artifact] = {}
    for page in count():
        found = client.read_artifacts(
            artifact_filter=ArtifactFilter(key=ArtifactFilterKey(like_=like)),
            sort=ArtifactSort.ID_DESC,
            limit=PAGE,
            offset=page * PAGE,
        )
        for artifact in found:
            by_key.setdefault(str(artifact.key), artifact)
        if len(found) < PAGE:
            break
    return by_key
