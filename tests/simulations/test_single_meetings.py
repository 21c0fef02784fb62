"""The cohort world against the same meetings one by one (docs/validation.md)."""

import math
from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from simulations.policy import PoolOrder, Removal
from simulations.scenario.demand import OFFICE_MEETINGS
from simulations.world.build import build
from simulations.world.latent import Latent
from simulations.world.meetings import kinds
from simulations.world.pool_run import PoolRun
from simulations.world.replay import ordered_fleet
from tests.simulations.single_meetings import Seen, by_tick, meetings, watch
from tests.simulations.small import pool, scenario

WARM, TICKS = 360, 600
SEEDS = (1, 2, 3)
CLASSES = kinds(OFFICE_MEETINGS, tick_seconds=60)
NIGHTS = {
    # participants at these ticks of 600, and servers ordered at the same
    "steady": ([0, 599], [9000, 9000], [40, 40]),
    "evening": ([0, 60, 300, 599], [9000, 9000, 1800, 1800], [40, 40, 9, 9]),
    "morning": ([0, 60, 360, 599], [1800, 1800, 9000, 9000], [12, 12, 44, 44]),
    "surge": ([0, 60, 180, 599], [6000, 6000, 12000, 12000], [30, 30, 34, 34]),
    "full": ([0, 60, 180, 599], [6000, 6000, 9100, 9100], [30, 30, 34, 34]),
    "fuller": ([0, 60, 180, 599], [6000, 6000, 10000, 10000], [30, 30, 34, 34]),
    "tight": ([0, 60, 180, 599], [6000, 6000, 11000, 11000], [30, 30, 34, 34]),
    "flood": ([0, 60, 180, 599], [6000, 6000, 14000, 14000], [30, 30, 34, 34]),
}


@cache
def night(name: str, seed: int) -> tuple[Seen, PoolRun]:
    """Return one night, meeting by meeting and in cohorts."""
    ticks, people, servers = NIGHTS[name]
    rng = np.random.default_rng(seed)
    wanted = np.interp(np.arange(-WARM, TICKS), ticks, people)
    sizes = [round(size) for size in np.interp(np.arange(TICKS), ticks, servers)]
    plan = scenario(durationSeconds=TICKS * 60, pools=[pool(supply={"initialServers": sizes[0]})])
    world = build(plan.model_copy(update={"seed": seed}))
    all_meetings = meetings(wanted, CLASSES, rng)
    joins, present = by_tick(all_meetings, WARM + TICKS)
    start = world.facts.start
    latent = Latent(
        start=start - WARM * 60,
        tick_seconds=60,
        history_ticks=WARM,
        joins=joins,
        participants=present,
        rooms_started=joins,
        rooms=present,
    )
    only = replace(world.pools[0], latent=latent)
    fleet = ordered_fleet(only, ticks=TICKS, removal=Removal.EMPTY)
    cohorts = PoolRun(only, fleet, world.metrics, start)
    for tick, size in enumerate(sizes):
        cohorts.order(PoolOrder(size=size), start + tick * 60, tick)
        cohorts.advance(start + tick * 60, tick, most=math.inf)
    return watch(only, all_meetings, sizes, warm=WARM, rng=rng), cohorts


@pytest.mark.parametrize(
    ("name", "within"),
    [(name, 0.01) for name in NIGHTS],
)
def test_as_many_people_are_present(name: str, within: float) -> None:
    one_by_one, cohorts = zip(*(night(name, seed) for seed in SEEDS), strict=True)

    real = np.mean([seen.present for seen in one_by_one])
    assert np.mean([run.columns.present for run in cohorts]) == pytest.approx(real, rel=within)


@pytest.mark.parametrize("name", ["evening", "morning", "surge"])
def test_servers_are_paid_for_as_long(name: str) -> None:
    one_by_one, cohorts = zip(*(night(name, seed) for seed in SEEDS), strict=True)

    real = np.mean([seen.paid for seen in one_by_one])
    assert np.mean([run.columns.paid for run in cohorts]) == pytest.approx(real, rel=0.02)


@pytest.mark.parametrize(
    ("name", "within"),
    [("full", 0.004), ("fuller", 0.008), ("tight", 0.015), ("surge", 0.015), ("flood", 0.02)],
)
def test_as_many_joins_are_blocked(name: str, within: float) -> None:
    one_by_one, cohorts = zip(*(night(name, seed) for seed in SEEDS), strict=True)

    real = sum(seen.blocked for seen in one_by_one) / sum(seen.joins for seen in one_by_one)
    sums = [run.admission.sums for run in cohorts]
    modelled = sum(each.blocked for each in sums) / sum(each.attempted for each in sums)
    assert real > 0.002
    assert modelled == pytest.approx(real, abs=within)


@pytest.mark.parametrize("name", ["steady", "evening", "morning"])
def test_nobody_is_blocked_where_nobody_is_meeting_by_meeting(name: str) -> None:
    for seed in SEEDS:
        one_by_one, cohorts = night(name, seed)
        assert cohorts.admission.sums.blocked <= 0.001 * cohorts.admission.sums.attempted
        assert one_by_one.blocked <= 0.002 * one_by_one.joins
