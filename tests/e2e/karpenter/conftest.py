"""One stage for every test in here: it takes minutes to set and to play."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.e2e.karpenter.stage import Stage
    from tests.servers.binaries import KarpenterBinaries, PrometheusBinaries
    from tests.servers.plane import ControlPlane


@pytest.fixture(scope="package")
def over(
    plane: ControlPlane,
    karpenter_binaries: KarpenterBinaries,
    prometheus_binaries: PrometheusBinaries,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Stage]:
    """The stage after the ramp, when everybody has caught up with it."""
    from tests.e2e.demand import played
    from tests.e2e.karpenter.recording import write_recording
    from tests.e2e.karpenter.stage import Stage
    from tests.e2e.rig import rig
    from tests.servers.karpenter import Karpenter
    from tests.servers.kubelet import Kubelet

    folder = tmp_path_factory.mktemp("karpenter")
    karpenter = Karpenter(karpenter_binaries, plane, folder)
    kubelet = Kubelet(plane)
    with contextlib.ExitStack() as stack:
        stack.callback(kubelet.stop)
        stack.callback(karpenter.stop)
        karpenter.start()
        demand = stack.enter_context(played(prometheus_binaries, folder))
        foreseeing = stack.enter_context(rig(plane, folder, demand=demand, name="foreseeing"))
        reacting = stack.enter_context(rig(plane, folder, demand=demand, name="reacting"))
        stage = Stage(karpenter, kubelet, foreseeing=foreseeing, reacting=reacting)
        stack.callback(stage.stop)
        for timeline in (*stage.nodes.values(), stage.orders):
            stack.enter_context(timeline)
        stage.play()
        if path := os.environ.get("MEETSCALE_RECORD"):
            write_recording(stage, Path(path))
        yield stage
