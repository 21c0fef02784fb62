"""What each setting costs and risks, and which of them is the best for something."""

import numpy as np
import pytest

from autoscaler.errors import SpecError
from simulations.policies.registry import POLICIES
from simulations.sweep.frontier import Point, cheapest, frontiers, interval, labels, safest
from simulations.sweep.task import Row


def row(policy: str, blocked: float, cost: float, *, seed: int = 1) -> Row:
    return {
        "scenario": "small",
        "seed": seed,
        "policy": policy,
        "blocked_joins_pct": blocked,
        "node_hours_vs_bound": cost,
    }


ROWS = [
    row("hpa@0.7", 0.2, 1.3),
    row("hpa@0.7", 0.4, 1.5, seed=2),
    row("hpa@0.5", 0.0, 1.8),
    row("hpa@0.5", 0.1, 2.0, seed=2),
    row("meetscale", 0.0, 1.1),
    row("clairvoyant", 0.0, 1.0),
]


def test_a_point_is_the_mean_over_seeds_and_the_bound_is_none() -> None:
    points = frontiers(ROWS)
    assert [(each.policy, each.dial, each.seeds) for each in points] == [
        ("hpa", 0.5, 2),
        ("hpa", 0.7, 2),
        ("meetscale", None, 1),
    ]
    assert points[1].blocked_joins_pct == pytest.approx(0.3)
    assert points[1].cost_vs_bound == pytest.approx(1.4)
    assert points[1].cost_interval == pytest.approx((1.3, 1.5))


def test_whoever_finished_first_the_points_are_the_same() -> None:
    rows = [row("hpa@0.7", 0.1 * seed, 1.0 + 0.01 * seed**2, seed=seed) for seed in range(1, 8)]
    points = frontiers(rows)
    assert points == frontiers(rows[::-1]) == frontiers(rows[3:] + rows[:3])


def test_the_cheapest_within_a_target_and_the_safest_within_a_cost() -> None:
    hpa = [each for each in frontiers(ROWS) if each.policy == "hpa"]

    def dial(point: Point | None) -> float | None:
        return None if point is None else point.dial

    assert dial(cheapest(hpa, blocked_pct=0.1)) == 0.5
    assert dial(cheapest(hpa, blocked_pct=0.31)) == 0.7
    assert cheapest(hpa, blocked_pct=0.01) is None
    assert dial(safest(hpa, cost_vs_bound=2.0)) == 0.5
    assert dial(safest(hpa, cost_vs_bound=1.5)) == 0.7
    assert safest(hpa, cost_vs_bound=1.0) is None


def test_where_nothing_is_needed_there_is_nothing_to_compare_with() -> None:
    idle = row("hpa@0.7", 0.0, 1.0) | {"node_hours_vs_bound": None}

    with pytest.raises(SpecError, match="'small': with full knowledge no server is needed"):
        frontiers([idle])


def test_the_interval_holds_the_mean_and_shrinks_with_seeds() -> None:
    few, many = np.array([1.0, 2.0, 3.0]), np.tile([1.0, 2.0, 3.0], 20)
    low, high = interval(few)
    assert low < 2.0 < high
    assert interval(many)[1] - interval(many)[0] < high - low
    assert interval(few) == (low, high)


def test_a_dial_that_is_not_named_takes_its_grid_and_meetscale_its_own_settings_too() -> None:
    assert labels(["hpa"], {"hpa": (0.5, 0.7)}) == ("hpa@0.5", "hpa@0.7")
    dial = POLICIES["meetscale"].dial
    assert dial is not None
    whole = labels(["meetscale", "clairvoyant"], {})
    assert whole == ("meetscale", *(f"meetscale@{each:g}" for each in dial.values), "clairvoyant")
