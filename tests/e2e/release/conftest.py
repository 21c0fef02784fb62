"""One stage for every test in here, with Karpenter, its policies in force and an operator."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.e2e.release.stage import Stage
    from tests.servers.binaries import KarpenterBinaries, PrometheusBinaries
    from tests.servers.plane import ControlPlane


@pytest.fixture(scope="package")
def stage(
    plane: ControlPlane,
    karpenter_binaries: KarpenterBinaries,
    prometheus_binaries: PrometheusBinaries,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Stage]:
    """The stage, with every server occupied."""
    from tests.e2e.demand import played
    from tests.e2e.release.stage import Stage
    from tests.e2e.rig import rig
    from tests.manifests.shipped import guard_in_force
    from tests.servers.karpenter import Karpenter
    from tests.servers.kubelet import Kubelet

    folder = tmp_path_factory.mktemp("release")
    karpenter, kubelet = Karpenter(karpenter_binaries, plane, folder), Kubelet(plane)
    with contextlib.ExitStack() as stack:
        stack.callback(kubelet.stop)
        stack.callback(karpenter.stop)
        karpenter.start()
        kubelet.start()
        kubelet.add_nodes(2, prefix="release")
        demand = stack.enter_context(played(prometheus_binaries, folder))
        team = stack.enter_context(rig(plane, folder, demand=demand, name="release"))
        stack.enter_context(guard_in_force(plane))
        yield Stage(team, karpenter)
