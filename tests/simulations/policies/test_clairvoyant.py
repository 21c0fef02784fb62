import numpy as np

from simulations.policies.clairvoyant import foreseen_fleets
from simulations.policies.foresight import least_supply
from simulations.world.build import build
from tests.simulations.small import pool, scenario, surge


def test_servers_are_there_when_demand_comes_and_gone_when_it_went() -> None:
    demand = surge(4.0) | {"surges": [surge(4.0)["surges"][0] | {"holdSeconds": 1800}]}
    world = build(scenario(durationSeconds=8 * 3600, pools=[pool(demand=demand)]))

    supply = least_supply(world)[0]

    assert np.all(supply >= world.pools[0].reserved)
    assert supply[-1] < 0.5 * supply.max()


def test_nothing_is_there_sooner_than_it_can_boot() -> None:
    step = surge(4.0, ramp=0)
    step["surges"][0] |= {"shape": "Step", "start": "2026-03-02T12:00:00"}
    slow = {"boot": {"p50Seconds": 600, "p95Seconds": 600}, "initialServers": 10}
    world = build(scenario(pools=[pool(demand=step, supply=slow)]))

    supply = least_supply(world)[0]

    assert np.all(supply[:10] <= 10)
    assert supply[10] > 10
    assert world.pools[0].required[9] > 10, "shortage that nobody could have avoided"


def test_boots_are_paid_for_before_they_serve() -> None:
    supply = {"initialServers": 15}
    world = build(scenario(pools=[pool(demand=surge(4.0), supply=supply)]))
    (fleet,) = foreseen_fleets(world)

    added = int(np.maximum(np.diff(fleet.supply, prepend=fleet.ready), 0).sum())
    boots = world.pools[0].boots.ticks[:added]

    assert sum(fleet.booting) == sum(boots)
