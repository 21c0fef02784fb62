"""Forecasts made ahead, and shared, by the policies of one world: the same bytes as one's own."""

from dataclasses import replace
from itertools import chain
from typing import Any

import numpy as np
import pytest

from simulations.policies.meetscale import Meetscale
from simulations.scenario.schema import Scenario
from simulations.world.build import build
from simulations.world.forecasts import Forecasts
from simulations.world.ledger import Ledger
from simulations.world.plane import Plane, Sample
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


def dark() -> Scenario:
    """Prometheus says nothing for half an hour, from one and a half hours on."""
    night = {"name": "night", "kind": "NoData", "start": "2026-03-02T13:31:00"}
    return scenario(historyDays=21, faults=[night | {"durationSeconds": 1800}])


def beside_it(plan: Scenario, **fields: Any) -> Scenario:
    """The same, and a pool in another region that refuses nobody."""
    calm = pool()
    calm["resource"]["metadata"]["name"] = "us"
    calm["resource"]["spec"] |= {"minReplicas": 30} | fields
    return plan.model_copy(update={"pools": (*plan.pools, *scenario(pools=[calm]).pools)})


def run(world: World, quantile: float) -> tuple[PoolRun, ...]:
    return replay(world, Meetscale(quantile=quantile)).pools


def with_forecasts(world: World, forecasts: Forecasts) -> World:
    return replace(world, facts=replace(world.facts, forecasts=forecasts))


def one_by_one(plan: Scenario) -> int:
    """Run two dials in one world and each on its own; return how many forecasts were not shared."""
    world = build(plan)
    together = [run(world, quantile) for quantile in QUANTILES]
    apart = [run(with_forecasts(world, Forecasts()), quantile) for quantile in QUANTILES]
    for mine, own in zip(chain(*together), chain(*apart), strict=True):
        assert repr(mine.columns) == repr(own.columns)
    return world.facts.forecasts.computed


def test_what_all_policies_see_is_forecast_ahead() -> None:
    assert one_by_one(scenario(historyDays=21)) == 0


def test_from_its_first_refusal_on_each_policy_has_its_own_forecasts() -> None:
    assert 0 < one_by_one(morning(1.5)) < 2 * (QUARTERS - 8)


def test_what_one_pool_refuses_leaves_the_forecasts_of_another_ahead() -> None:
    assert one_by_one(beside_it(morning(1.5))) == one_by_one(morning(1.5))


def test_who_borrows_a_shape_is_forecast_with_whom_it_is_borrowed_from() -> None:
    lent = beside_it(morning(1.5), forecast={"shapeFrom": {"name": "eu"}})
    assert one_by_one(lent) == 2 * one_by_one(morning(1.5))


def test_from_the_first_quarter_hour_without_an_answer_on_nothing_is_foreseen() -> None:
    world = build(dark())
    run(world, 0.9)
    # Of sixteen, the one at the start and those after each of the first six quarter-hours.
    assert world.facts.forecasts.computed == QUARTERS - 7


def test_without_anything_foreseen_what_was_asked_before_is_remembered() -> None:
    world = with_forecasts(build(scenario(historyDays=21)), Forecasts())
    for quantile in QUANTILES:
        run(world, quantile)
    assert world.facts.forecasts.computed == QUARTERS


@pytest.mark.parametrize("scrape", [15, 60, 240])
def test_what_is_foreseen_is_what_the_metrics_show(scrape: int) -> None:
    world = build(scenario(metrics={"scrapeSeconds": scrape}))
    latent = world.pools[0].latent
    plane = Plane(
        settings=world.metrics,
        stale_after=900,
        min_visible=0.9,
        failures=(),
        tick_seconds=60,
        first=latent.start + 60,
        samples=[Sample(float(each), 0.0, 0.0, 1, False) for each in latent.participants],
    )
    ledger = Ledger(world.facts.history, seconds=4 * 3600)
    for _ in range(QUARTERS):
        ledger.write_quarter([plane], 60)

    foreseen = world.facts.forecasts.foreseen
    assert foreseen is not None
    seen = ledger.history()
    assert foreseen.undisturbed.end == seen.end
    assert np.array_equal(foreseen.undisturbed.values, seen.values)
    assert np.array_equal(foreseen.undisturbed.states, seen.states)
