"""One stage for every test in here: two operators, alike but for the forecast, on one Prometheus.

It takes minutes until its ramp is due; meanwhile the other tests have their turn. What they need
besides, such as a Prometheus to break, they bring themselves.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.e2e.rig import Rig
    from tests.e2e.shared.stage import Stage
    from tests.servers.binaries import PrometheusBinaries
    from tests.servers.plane import ControlPlane


@pytest.fixture(scope="package")
def stage(
    plane: ControlPlane,
    prometheus_binaries: PrometheusBinaries,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Stage]:
    """The stage, with its ramp still to come."""
    from tests.e2e.demand import played
    from tests.e2e.rig import rig
    from tests.e2e.shared.stage import Stage
    from tests.servers.kubelet import Kubelet

    folder = tmp_path_factory.mktemp("stage")
    kubelet = Kubelet(plane)
    with contextlib.ExitStack() as stack:
        stack.callback(kubelet.stop)
        demand = stack.enter_context(played(prometheus_binaries, folder))
        foreseeing = stack.enter_context(rig(plane, folder, demand=demand, name="foreseeing"))
        reacting = stack.enter_context(rig(plane, folder, demand=demand, name="reacting"))
        stage = Stage(kubelet=kubelet, foreseeing=foreseeing, reacting=reacting)
        stack.enter_context(stage.floors)
        stage.play()
        yield stage


@pytest.fixture(scope="package")
def team(stage: Stage) -> Rig:
    """The namespace in which the operator forecasts."""
    return stage.foreseeing
