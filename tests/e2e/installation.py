"""The shipped manifests, installed by kustomize under names of a test's own."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tests.manifests.shipped import variant
from tests.servers.namespaces import temporary_namespace

if TYPE_CHECKING:
    from tests.servers.plane import ControlPlane

ACT, BASE = "overlays/act", "base"
SHARED = ("CustomResourceDefinition", "Namespace")
"""Cluster-scoped kinds that stay: other tests use the first, and the second is deleted as such."""


@dataclass(frozen=True, slots=True)
class Installation:
    """Where the operator is installed, and how it reaches the API server: as its ServiceAccount."""

    namespace: str
    kubeconfig: Path


@contextlib.contextmanager
def installed(plane: ControlPlane, scratch: Path, folder: str = ACT) -> Iterator[Installation]:
    """Install manifests/FOLDER, without the Deployment: the operator runs as a process here."""
    scratch.mkdir()
    with temporary_namespace(plane, "meetscale") as namespace, contextlib.ExitStack() as undo:
        objects = variant(plane, scratch, folder, namespace=namespace)
        objects = [each for each in objects if each["kind"] != "Deployment"]
        plane.apply(objects)
        client = plane.client()
        for each in objects:
            api = client.resources.get(api_version=each["apiVersion"], kind=each["kind"])
            if not api.namespaced and each["kind"] not in SHARED:
                undo.callback(api.delete, name=each["metadata"]["name"])
        token = plane.token_for(namespace, f"meetscale-{namespace}")
        yield Installation(namespace, plane.kubeconfig(token))
