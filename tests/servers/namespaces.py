"""Namespaces of single tests, whose pods are gone when they are left."""

from __future__ import annotations

import contextlib
import re
import uuid
from collections.abc import Iterator
from typing import TYPE_CHECKING

from kubernetes.dynamic.exceptions import ForbiddenError, NotFoundError

from tests.servers.process import until

if TYPE_CHECKING:
    from tests.servers.plane import ControlPlane

LONGEST_NAME = 63
AT_ONCE = {"gracePeriodSeconds": 0}


@contextlib.contextmanager
def temporary_namespace(plane: ControlPlane, test: str) -> Iterator[str]:
    """Create a namespace named after `test`; delete it with all it holds."""
    suffix = f"-{uuid.uuid4().hex[:8]}"
    stem = re.sub(r"[^a-z0-9]+", "-", test.lower()).strip("-")
    name = stem[: LONGEST_NAME - len(suffix)].rstrip("-") + suffix
    plane.apply([{"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}}])
    client = plane.client()
    namespaces = client.resources.get(api_version="v1", kind="Namespace")
    pods = client.resources.get(api_version="v1", kind="Pod")

    def empty() -> bool:
        left = pods.get(namespace=name).items
        for pod in left:
            # What guards a pod goes with the namespace too, not before it.
            with contextlib.suppress(NotFoundError, ForbiddenError):
                pods.delete(name=pod.metadata.name, namespace=name, body=AT_ONCE)
        return not left

    try:
        yield name
    finally:
        # From here on nothing can be created in it; the rest goes when its controller gets to it.
        namespaces.delete(name=name)
        until(empty, what=f"no pods in namespace {name}")
