"""A real node autoscaler has the nodes ready before a ramp that is due, and buys none twice."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

from tests.servers.process import until

if TYPE_CHECKING:
    from tests.e2e.karpenter.fleet import Fleet
    from tests.e2e.karpenter.stage import Stage

pytestmark = [pytest.mark.plane, pytest.mark.prometheus, pytest.mark.live]

FORESEEN = ("floor", "headroom")


def short_seconds(stage: Stage, fleet: Fleet) -> list[float]:
    """Return the seconds since half a minute before the ramp at which demand exceeded capacity."""
    return stage.demand.short_seconds("ramp", fleet.served, since=stage.ramp_at - 30)


@pytest.mark.parametrize("name", FORESEEN)
def test_nodes_and_servers_are_there_before_a_ramp_that_is_due(over: Stage, name: str) -> None:
    from tests.e2e.karpenter.stage import AFTER

    fleet: Fleet = getattr(over, name)

    assert fleet.served[AFTER - 1] < over.ramp_at
    assert short_seconds(over, fleet) == []


def test_without_a_forecast_the_same_ramp_is_missed(over: Stage) -> None:
    from tests.e2e.karpenter.stage import AFTER, BEFORE

    served = over.unforeseen.served

    assert served[BEFORE - 1] < over.ramp_at < served[BEFORE]
    assert len(served) >= AFTER  # it is made good, late
    assert short_seconds(over, over.unforeseen)


@pytest.mark.parametrize("name", FORESEEN)
def test_nodes_follow_the_floor_when_servers_land_on_the_warm_ones(over: Stage, name: str) -> None:
    fleet: Fleet = getattr(over, name)

    until(
        lambda: fleet.count_nodes() == fleet.written == len(fleet.served),
        what=f"as many nodes as the floor of {name}",
        timeout=90,
    )
    settled = fleet.written
    refill = time.time() + 12  # measured: a buffer that asks for more has it in 8 seconds
    while time.time() < refill:
        assert fleet.count_nodes() <= fleet.written
        time.sleep(0.5)
    assert fleet.count_nodes() == fleet.written >= settled
    assert fleet.buffer == (fleet.written if name == "floor" else 0)


def test_a_floor_of_one_per_node_chunks_never_buys_a_node_twice(over: Stage) -> None:
    assert max(over.nodes[over.floor].values) == over.floor.written
