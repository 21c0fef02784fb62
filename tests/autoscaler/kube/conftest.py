"""Our resources on the real API server, and a namespace with an operator to look after it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import yaml

if TYPE_CHECKING:
    from tests.autoscaler.kube.cluster import Cluster, Operator
    from tests.servers.binaries import KarpenterBinaries
    from tests.servers.plane import ControlPlane

CRDS = Path(__file__).parents[3] / "manifests" / "crds"


def installed(plane: ControlPlane) -> ControlPlane:
    """Install our CRDs on a plane."""
    files = [file for file in sorted(CRDS.glob("*.yaml")) if file.name != "kustomization.yaml"]
    plane.apply([yaml.safe_load(file.read_text(encoding="utf-8")) for file in files])
    return plane


@pytest.fixture(scope="session")
def resources(plane: ControlPlane) -> ControlPlane:
    """The plane with our CRDs."""
    return installed(plane)


@pytest.fixture
def cluster(resources: ControlPlane, namespace: str) -> Cluster:
    """A namespace of the test's own."""
    from tests.autoscaler.kube.cluster import Cluster

    return Cluster(resources, namespace)


@pytest.fixture
def buffers(resources: ControlPlane, karpenter_binaries: KarpenterBinaries) -> None:
    """CapacityBuffers, as Karpenter's CRD has them."""
    (file,) = karpenter_binaries.crds.glob("*capacitybuffers*.yaml")
    resources.apply([yaml.safe_load(file.read_text(encoding="utf-8"))])


@pytest.fixture
def scaled_objects(resources: ControlPlane) -> None:
    """ScaledObjects: nobody needs KEDA to refuse them."""
    from tests.servers.manifests import scaled_objects

    resources.apply([scaled_objects()])


@pytest.fixture
def transits(resources: ControlPlane) -> None:
    """Objects of somebody else's operator, which hold the rate of a link."""
    from tests.servers.manifests import transits

    resources.apply([transits()])


@pytest.fixture
def operate(cluster: Cluster) -> Iterator[Callable[..., Operator]]:
    """Start operators of the namespace; `operate(eu=1000.0)` sees that many participants."""
    from tests.autoscaler.kube.cluster import Operator, connect

    started: list[Operator] = []

    def operate(**participants: float) -> Operator:
        started.append(Operator(connect(cluster.plane), cluster.namespace, **participants))
        return started[-1]

    yield operate
    for operator in started:
        operator.close()
