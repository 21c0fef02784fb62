import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulations.policies.clairvoyant import bucket_envelope, foreseen_fleets, least_supply
from simulations.world.build import build
from tests.simulations.small import pool, scenario, surge


@pytest.mark.parametrize(
    ("need", "supply"),
    [
        ([1, 1, 1, 9], [3, 5, 7, 9]),  # two a tick after a burst of none
        ([5, 5, 5, 5], [5, 5, 5, 5]),
        ([9, 1, 1, 1], [9, 1, 1, 1]),  # giving back is free
        ([1, 4, 1, 6], [2, 4, 4, 6]),
    ],
)
def test_the_envelope_is_the_least_that_the_launch_rate_can_follow(
    need: list[int], supply: list[int]
) -> None:
    assert bucket_envelope(np.array(need), per_tick=np.full(4, 2.0), burst=0).tolist() == supply


def test_a_burst_needs_no_lead() -> None:
    assert bucket_envelope(np.array([1, 1, 1, 9]), per_tick=np.full(4, 2.0), burst=4).tolist() == [
        1,
        1,
        3,
        9,
    ]


@given(
    need=st.lists(st.integers(0, 50), min_size=1, max_size=40),
    per_tick=st.sampled_from([0.25, 1.0, 3.0]),
    burst=st.integers(0, 10),
)
def test_the_envelope_holds_the_need_and_keeps_to_the_bucket(
    need: list[int], per_tick: float, burst: int
) -> None:
    supply = bucket_envelope(np.array(need), per_tick=np.full(len(need), per_tick), burst=burst)

    assert np.all(supply >= need)
    for first in range(len(need)):
        for later in range(first + 1, len(need)):
            growth = supply[later] - supply[first]
            # rounding up to whole servers adds one at most
            assert growth <= burst + per_tick * (later - first) + 1


def test_servers_are_there_when_demand_comes_and_gone_when_it_went() -> None:
    demand = surge(4.0) | {"surges": [surge(4.0)["surges"][0] | {"holdSeconds": 1800}]}
    world = build(scenario(durationSeconds=8 * 3600, pools=[pool(demand=demand)]))

    supply = least_supply(world.pools[0], ticks=world.ticks)

    assert np.all(supply >= world.pools[0].reserved)
    assert supply[-1] < 0.5 * supply.max()


def test_nothing_is_there_sooner_than_it_can_boot() -> None:
    step = surge(4.0, ramp=0)
    step["surges"][0] |= {"shape": "Step", "start": "2026-03-02T12:00:00"}
    slow = {"boot": {"p50Seconds": 600, "p95Seconds": 600}, "initialServers": 10}
    world = build(scenario(pools=[pool(demand=step, supply=slow)]))

    supply = least_supply(world.pools[0], ticks=world.ticks)

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
