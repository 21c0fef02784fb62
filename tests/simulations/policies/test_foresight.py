"""The bound: nobody has less shortage, and hardly anybody could have as much for less."""

from dataclasses import dataclass, field

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import linprog

from forecast.arrays import IntArray
from simulations.policies.clairvoyant import Clairvoyant
from simulations.policies.foresight import (
    before_stock_outs,
    bucket_envelope,
    kept_through_dips,
    least_supply,
)
from simulations.policy import Orders, PolicyView, Removal, WorldFacts
from simulations.run import run_policies
from simulations.world.build import build
from tests.simulations.small import pool, scenario, surge

TICKS = 40


@pytest.mark.parametrize(
    ("need", "burst", "supply"),
    [
        ([1, 1, 1, 9], 2, [3, 5, 7, 9]),  # two a tick, none saved up
        ([5, 5, 5, 5], 2, [5, 5, 5, 5]),
        ([9, 1, 1, 1], 2, [9, 1, 1, 1]),  # giving back is free
        ([1, 4, 1, 6], 2, [2, 4, 4, 6]),
        ([1, 1, 1, 9], 6, [1, 1, 3, 9]),  # a burst needs no lead
    ],
)
def test_the_envelope_is_the_least_that_the_launch_rate_can_follow(
    need: list[int], burst: int, supply: list[int]
) -> None:
    assert bucket_envelope(np.array(need), per_tick=2.0, burst=burst).tolist() == supply


@given(
    need=st.lists(st.integers(0, 50), min_size=1, max_size=40),
    per_tick=st.sampled_from([0.25, 1.0, 3.0]),
    burst=st.integers(3, 10),
)
def test_the_envelope_holds_the_need_and_keeps_to_the_bucket(
    need: list[int], per_tick: float, burst: int
) -> None:
    supply = bucket_envelope(np.array(need), per_tick=per_tick, burst=burst)

    assert np.all(supply >= need)
    for first in range(len(need)):
        for later in range(first + 1, len(need)):
            growth = supply[later] - supply[first]
            # rounding up to whole servers adds one at most
            assert growth <= burst + per_tick * (later - first - 1) + 1


def test_a_dip_no_longer_than_a_boot_is_kept_through() -> None:
    kept = kept_through_dips(np.array([5, 1, 1, 5, 2, 2, 2, 5, 1]), initial=5, boot=2.5)

    assert kept.tolist() == [5, 5, 5, 5, 2, 2, 2, 5, 1]


def test_what_a_stock_out_keeps_back_is_launched_before_it() -> None:
    shut = [False, False, True, True, False, False, False]

    lifted = before_stock_outs(np.array([1, 1, 1, 4, 6, 7, 7]), shut, boot=1)

    assert lifted.tolist() == [1, 1, 6, 6, 6, 7, 7]


def cheapest(need: IntArray, *, initial: int, boot: int, per_tick: float, burst: int) -> float:
    """Return the least server-ticks by linear programme: supply, launches and tokens by tick."""
    ticks = need.size
    nothing = np.zeros((ticks, ticks))
    grows = np.eye(ticks) - np.eye(ticks, k=-1)
    serves = np.eye(ticks, k=-boot)
    found = np.zeros(ticks)
    found[0] = initial
    tokens = np.full(ticks, per_tick)
    tokens[0] += burst
    least = linprog(
        np.concatenate([np.ones(ticks), np.minimum(boot, ticks - np.arange(ticks)), found * 0.0]),
        A_ub=np.block(
            [[grows, -serves, nothing], [nothing, np.eye(ticks), grows],
             [nothing, np.eye(ticks), np.eye(ticks)]]
        ),
        b_ub=np.concatenate([found, tokens, np.full(ticks, float(burst))]),
        bounds=[(each, None) for each in need.tolist()] + [(0, None)] * (2 * ticks),
        method="highs",
    )  # fmt: skip
    return float("nan") if least.fun is None else float(least.fun)


def ours(need: IntArray, *, initial: int, boot: int, per_tick: float, burst: int) -> float:
    supply = kept_through_dips(need, initial=initial, boot=boot)
    supply = bucket_envelope(supply, per_tick=per_tick, burst=burst)
    supply = kept_through_dips(supply, initial=initial, boot=boot)
    return float(supply.sum() + boot * np.maximum(np.diff(supply, prepend=initial), 0).sum())


@pytest.mark.parametrize(
    ("per_tick", "within"), [(1000.0, 1e-6), (5.0, 0.02), (2.0, 0.02), (1.0, 0.02)]
)
def test_it_costs_what_the_linear_programme_says_it_must(per_tick: float, within: float) -> None:
    rng, compared = np.random.default_rng(7), 0
    for _ in range(60):
        boot, initial = int(rng.integers(1, 8)), 40
        wave = 20 + 15 * np.sin(np.arange(TICKS) / rng.uniform(3, 12))
        need = np.maximum(np.rint(wave + rng.normal(0, 2, TICKS)), 1).astype(np.int64)
        how = {"initial": initial, "boot": boot, "burst": int(3 * per_tick)}
        least = cheapest(need, per_tick=per_tick, **how)
        if np.isnan(least):
            continue  # not even everything ordered at once would do
        compared += 1
        assert least * (1 - 1e-9) <= ours(need, per_tick=per_tick, **how) <= least * (1 + within)

    assert compared > 40


@dataclass
class Wild:
    """Orders anything."""

    sizes: list[int]
    name: str = "wild"
    period_seconds: int = 600
    removal: Removal = Removal.EMPTY
    views: list[PolicyView] = field(default_factory=list)

    def reset(self, facts: WorldFacts) -> None:
        self.views.clear()

    def decide(self, view: PolicyView) -> Orders:
        self.views.append(view)
        return Orders.of([self.sizes[len(self.views) % len(self.sizes)]])


def fault(kind: str, **fields: object) -> dict[str, object]:
    return {"name": "fault", "kind": kind, "start": "2026-03-02T13:00:00"} | fields


FAULTS = (
    None,
    fault("StockOut", durationSeconds=1800),
    fault("SlowBoot", durationSeconds=1800, factor=6),
    fault("BootFailure", durationSeconds=1800, share=0.7),
    fault("ZoneLoss", share=0.4),
    fault("SpotReclaim", share=0.4, noticeSeconds=300),
)


@pytest.mark.parametrize("trouble", FAULTS, ids=lambda one: one["kind"] if one else "none")
@pytest.mark.parametrize("seed", range(4))
def test_nobody_has_less_shortage_nor_as_little_for_less(
    trouble: dict[str, object] | None, seed: int
) -> None:
    rng = np.random.default_rng(seed)
    supply = {"initialServers": int(rng.integers(11, 20)), "boot": {"failedPercent": 5.0}}
    limits = {"perMinute": int(rng.choice([1, 60])), "burst": int(rng.choice([2, 60]))}
    only = pool(demand=surge(float(rng.uniform(2, 6)), ramp=1200), supply=supply)
    only["resource"]["spec"]["launch"] = limits
    plan = scenario(
        pools=[only], faults=[trouble] if trouble else [], durationSeconds=2 * 3600, seed=seed
    )
    required = int(build(plan).pools[0].required.max())
    # one that has everything at once, one that has what it takes, and two that guess
    sizes = [[100], [required + 1], rng.integers(1, 100, 12).tolist(), [15, 30, 60, 100, 60, 30]]
    others = [Wild(each, name=f"wild-{number}") for number, each in enumerate(sizes)]

    result = run_policies(plan, [*others, Clairvoyant()], clock=lambda: 0.0)

    bound = result.policies["clairvoyant"]
    for other in others:
        theirs = result.policies[other.name]
        assert theirs.shortage_node_minutes >= bound.shortage_node_minutes
        if theirs.shortage_node_minutes == bound.shortage_node_minutes:
            assert theirs.node_hours >= 0.99 * bound.node_hours


def test_failed_boots_are_paid_for() -> None:
    def hours(percent: float) -> float:
        supply = {"initialServers": 12, "boot": {"failedPercent": percent}}
        plan = scenario(pools=[pool(demand=surge(4.0), supply=supply)])
        bound = run_policies(plan, [Clairvoyant()], clock=lambda: 0.0).policies["clairvoyant"]
        return bound.node_hours

    assert hours(30.0) > hours(0.0)


def test_the_reserve_for_another_pool_is_held_too() -> None:
    def highest(*, reserved: bool) -> int:
        kept, lost = pool(), pool()
        lost["resource"]["metadata"] = {"name": "us"}
        if reserved:
            guests = [{"name": "us", "percent": 100}]
            kept["resource"]["spec"]["reserve"] = {"failover": guests}
        return int(least_supply(build(scenario(pools=[kept, lost])))[0].max())

    assert highest(reserved=True) > 1.7 * highest(reserved=False)
