"""A rig for a test of its own; files whose tests share one make it by `played` and `rig`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.e2e.demand import Demand
    from tests.e2e.rig import Rig
    from tests.servers.binaries import PrometheusBinaries
    from tests.servers.plane import ControlPlane


@pytest.fixture
def demand(prometheus_binaries: PrometheusBinaries, tmp_path: Path) -> Iterator[Demand]:
    """Demand to play, on a Prometheus that is not started yet."""
    from tests.e2e.demand import played

    with played(prometheus_binaries, tmp_path) as demand:
        yield demand


@pytest.fixture
def team(plane: ControlPlane, demand: Demand, tmp_path: Path) -> Iterator[Rig]:
    """A rig with overlays/act; its operator is not started yet."""
    from tests.e2e.rig import rig

    with rig(plane, tmp_path, demand=demand) as made:
        yield made
