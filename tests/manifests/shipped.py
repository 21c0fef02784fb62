"""The shipped manifests as objects: read from their files, or built by kustomize."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from tests.autoscaler.resources.samples import MANIFESTS

if TYPE_CHECKING:
    from tests.servers.plane import ControlPlane

Object = dict[str, Any]


def objects_in(folder: str) -> Iterator[Object]:
    """Yield every object that lies in a folder of manifests/, without its kustomization."""
    for file in sorted((MANIFESTS / folder).glob("*.yaml")):
        if file.name != "kustomization.yaml":
            yield from yaml.safe_load_all(file.read_text(encoding="utf-8"))


def built(plane: ControlPlane, folder: str) -> list[Object]:
    """Return what `kubectl apply -k manifests/FOLDER` would apply."""
    return list(yaml.safe_load_all(plane.kubectl("kustomize", str(MANIFESTS / folder))))


@contextlib.contextmanager
def guard_in_force(plane: ControlPlane) -> Iterator[None]:
    """Install the policies of `release.guard`; other tests find none of them."""
    policies = list(yaml.safe_load_all((MANIFESTS / "policies" / "guard.yaml").read_text("utf-8")))
    plane.apply(policies)
    try:
        yield
    finally:
        client = plane.client()
        for each in policies:
            api = client.resources.get(api_version=each["apiVersion"], kind=each["kind"])
            api.delete(name=each["metadata"]["name"])


def of_kind(objects: list[Object], *kinds: str) -> list[Object]:
    """Return the objects of these kinds, in their order."""
    return [each for each in objects if each["kind"] in kinds]


def variant(plane: ControlPlane, scratch: Path, folder: str, *, namespace: str) -> list[Object]:
    """Return what a user's own overlay of manifests/FOLDER builds: elsewhere, by other names.

    Several variants live on one plane without touching each other, or the shipped names.
    """
    overlay = {
        "apiVersion": "kustomize.config.k8s.io/v1beta1",
        "kind": "Kustomization",
        "namespace": namespace,
        "nameSuffix": f"-{namespace}",
        "resources": [os.path.relpath(MANIFESTS / folder, scratch)],
    }
    (scratch / "kustomization.yaml").write_text(yaml.safe_dump(overlay), encoding="utf-8")
    return list(yaml.safe_load_all(plane.kubectl("kustomize", str(scratch))))
