"""The story of 2020 at its full size."""

import numpy as np
import pytest

from simulations.policies.clairvoyant import foreseen_fleets
from simulations.scenario.load import load
from simulations.world.build import build
from simulations.world.replay import World

DAY = 1440


@pytest.fixture(scope="module")
def world() -> World:
    return build(load("tencent-2020", assignments=["historyDays=1"]))


def test_hosts_come_fifteen_thousand_a_day_from_four_regions() -> None:
    plan = load("tencent-2020")

    batches = np.array([[level.servers for level in pool.supply.stock] for pool in plan.pools])

    assert batches.shape == (4, 9)
    assert batches.sum(axis=0)[1:].tolist() == [15_000] * 8
    assert {pool.resource.spec.server.cores for pool in plan.pools} == {10}


def test_more_than_a_hundred_thousand_hosts_and_a_million_cores_are_needed_within_eight_days(
    world: World,
) -> None:
    hosts = np.sum([pool.required for pool in world.pools], axis=0)

    assert hosts[:DAY].max() < 20_000
    assert 100_000 < hosts[: 8 * DAY].max() < 140_000


def test_the_bound_never_has_more_hosts_than_were_delivered(world: World) -> None:
    for pool, fleet in zip(world.pools, foreseen_fleets(world), strict=True):
        assert pool.market.delivered is not None
        delivered = pool.initial + np.cumsum(pool.market.delivered)
        assert np.all(np.array(fleet.supply) <= delivered)


def test_links_carry_terabits_behind_three_signatures(world: World) -> None:
    wanted = np.sum([link.wanted for link in world.links], axis=0)

    assert wanted[: 8 * DAY].max() > 5e6
    for link in world.links:
        assert [tier.approver for tier in link.settings.tiers] == [
            "network", "director", "vice-president",
        ]  # fmt: skip
        assert link.wanted.max() < link.settings.port_mbps
