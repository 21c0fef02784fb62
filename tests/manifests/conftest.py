"""The shipped manifests, installed where a test needs them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from kubernetes.dynamic import DynamicClient

    from tests.servers.plane import ControlPlane


@pytest.fixture(scope="session")
def admin(plane: ControlPlane) -> DynamicClient:
    """An administrator's client of a plane on which the CRDs are installed."""
    from tests.manifests.shipped import built

    plane.apply(built(plane, "crds"))
    return plane.client()


@pytest.fixture(scope="module")
def shared_namespace(plane: ControlPlane, request: pytest.FixtureRequest) -> Iterator[str]:
    """A namespace for all tests of a file: for those that leave nothing behind that matters."""
    from tests.servers.namespaces import temporary_namespace

    with temporary_namespace(plane, request.module.__name__.rpartition(".")[2]) as name:
        yield name
