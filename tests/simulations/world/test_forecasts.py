"""Forecasts shared by the policies of one world: the same bytes as if each had asked alone."""

from dataclasses import replace

from simulations.policies.meetscale import Meetscale
from simulations.scenario.schema import Scenario
from simulations.world.build import build
from simulations.world.forecasts import Forecasts
from simulations.world.pool_run import PoolRun
from simulations.world.replay import World, replay
from tests.simulations.small import pool, scenario, surge

QUANTILES = (0.5, 0.99)
QUARTERS = 4 * 4


def morning(multiplier: float) -> Scenario:
    """Three weeks are known, and the fourth Tuesday is that much larger from seven on."""
    demand = surge(multiplier, at="2026-03-10T07:00:00", ramp=600) | {"day": "Office"}
    slow = {"boot": {"p50Seconds": 600, "p95Seconds": 900}}
    pools = [pool(demand=demand | {"peakParticipants": 12_000}, supply=slow)]
    return scenario(start="2026-03-10T05:00:00", historyDays=21, pools=pools)


def run(world: World, quantile: float) -> PoolRun:
    return replay(world, Meetscale(quantile=quantile)).pools[0]


def alone(world: World) -> World:
    return replace(world, facts=replace(world.facts, forecasts=Forecasts()))


def assert_alike(plan: Scenario) -> int:
    """Run two dials in one world and each in its own; return how many forecasts were shared."""
    world = build(plan)
    together = [run(world, quantile) for quantile in QUANTILES]
    apart = [run(alone(world), quantile) for quantile in QUANTILES]
    for mine, own in zip(together, apart, strict=True):
        assert repr(mine.columns) == repr(own.columns)
    return 2 * QUARTERS - world.facts.forecasts.computed


def test_what_all_policies_see_is_forecast_once() -> None:
    assert assert_alike(scenario(historyDays=21)) >= QUARTERS - 1


def test_from_its_first_refusal_on_each_policy_has_its_own_forecasts() -> None:
    shared = assert_alike(morning(1.5))

    assert 0 < shared < QUARTERS - 1
