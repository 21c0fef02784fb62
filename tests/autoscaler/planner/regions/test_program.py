"""Regions planned together: by hand, against every flow at every tick, and what cannot be."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autoscaler.errors import SpecError
from autoscaler.planner.regions import Supply, plan_alone, plan_at_home, plan_jointly
from tests.autoscaler.planner.regions.flows import asked, least_cost, served
from tests.autoscaler.planner.regions.worlds import at_random, demands

FAR = 300.0
SEEDS = st.integers(0, 2**32 - 1)


def test_two_regions_half_a_day_apart_share_what_each_would_hold_twice() -> None:
    # when the other sleeps (200), its 1,000 hold this one's people too: 1,200 in each place, either
    # may be lost. Alone each keeps its own 1,000 and 1,000 for the other.
    asked_for = demands([[1000, 200], [200, 1000]])

    joint, alone = plan_jointly(asked_for), plan_alone(asked_for)

    assert joint.provision.servers == joint.provision.steps == (12, 12)
    assert joint.provision.cost == pytest.approx(24 * 15.0)
    assert joint.cost_bound == pytest.approx(24 * 15.0)
    assert alone.servers == alone.steps == (20, 20)


def test_regions_that_peak_together_save_nothing() -> None:
    asked_for = demands([[1000, 200], [1000, 200]])

    assert plan_jointly(asked_for).provision == plan_alone(asked_for)


def test_three_equal_regions_back_each_other_up_with_a_half_each() -> None:
    asked_for = demands([[1000], [1000], [1000]])

    assert plan_jointly(asked_for).provision.servers == (15, 15, 15)


def test_capacity_goes_where_servers_and_egress_together_are_cheapest() -> None:
    asked_for = demands([[1000], [0], [0]])
    dear = asked_for.regions[1]._replace(link=Supply(100, 50.0))
    asked_for = type(asked_for)(
        (asked_for.regions[0], dear, asked_for.regions[2]),
        asked_for.paths,
        asked_for.latency_ms,
        asked_for.bound_ms,
    )

    assert plan_jointly(asked_for).provision.servers == (10, 0, 10)


def test_the_scarcer_of_servers_and_link_is_what_a_region_holds() -> None:
    asked_for = demands([[950]], link=Supply(400, 5.0))

    joint = plan_jointly(asked_for)

    assert (joint.provision.servers, joint.provision.steps) == ((10,), (3,))
    assert joint.provision.capacity(asked_for.regions).tolist() == [1000.0]
    assert joint.cost_bound == pytest.approx(9.5 * 10.0 + 950 / 400 * 5.0)


def test_a_region_beyond_the_latency_bound_is_uncovered_and_still_served_while_it_stands() -> None:
    latency = [[0, 50, FAR], [50, 0, FAR], [FAR, FAR, 0]]

    joint = plan_jointly(demands([[500], [500], [700]], latency=latency))

    assert joint.uncovered == (2,)
    assert joint.provision.servers == (10, 10, 7)


def test_a_quota_moves_capacity_and_none_left_is_said() -> None:
    asked_for = demands([[1000], [1000], [1000]])
    small = asked_for.regions[0]._replace(servers=Supply(100, 10.0, most=10))
    regions = (small, *asked_for.regions[1:])
    limited = type(asked_for)(regions, asked_for.paths, asked_for.latency_ms, asked_for.bound_ms)

    assert plan_jointly(limited).provision.servers == (10, 20, 20)

    limited = type(asked_for)(regions, 3.0 * asked_for.paths, asked_for.latency_ms, 10.0)
    with pytest.raises(
        SpecError,
        match=r"^a need 3,000 participants served, and at most 1,000 can be had in a: raise most",
    ):
        plan_jointly(limited)


def test_a_link_that_ends_below_what_a_loss_needs_is_said() -> None:
    asked_for = demands([[1000], [1000]], link=Supply(100, 5.0, most=15))

    with pytest.raises(SpecError, match=r"a, b need 2,000 participants served with [ab] lost"):
        plan_jointly(asked_for)


@given(SEEDS)
@settings(max_examples=25)
def test_the_bound_is_the_optimum_over_every_flow_at_every_tick(seed: int) -> None:
    asked_for = at_random(seed)

    assert plan_jointly(asked_for).cost_bound == pytest.approx(least_cost(asked_for), rel=1e-6)


@given(SEEDS)
@settings(max_examples=20)
def test_whole_units_serve_everybody_whichever_region_is_lost(seed: int) -> None:
    asked_for = at_random(seed)
    joint = plan_jointly(asked_for)
    capacity = joint.provision.capacity(asked_for.regions)

    for tick in range(len(asked_for.paths)):
        for lost in (None, *range(len(asked_for.regions))):
            flow = served(asked_for, capacity, tick=tick, lost=lost)
            assert flow == asked(asked_for, tick=tick, lost=lost)


@given(SEEDS)
@settings(max_examples=20)
def test_whole_units_cost_at_most_one_unit_of_each_kind_more_than_the_bound(seed: int) -> None:
    asked_for = at_random(seed)
    joint = plan_jointly(asked_for)

    a_unit_each = sum(each.servers.price + each.link.price for each in asked_for.regions)
    assert joint.cost_bound * (1.0 - 1e-9) <= joint.provision.cost
    assert joint.provision.cost <= joint.cost_bound + a_unit_each


@given(SEEDS)
@settings(max_examples=20)
def test_planning_separately_is_safe_and_never_below_the_bound(seed: int) -> None:
    asked_for = at_random(seed)
    bound = plan_jointly(asked_for).cost_bound

    for provision in (plan_alone(asked_for), plan_at_home(asked_for)):
        assert provision.cost >= bound * (1.0 - 1e-9)
        capacity = provision.capacity(asked_for.regions)
        for tick in range(len(asked_for.paths)):
            for lost in range(len(asked_for.regions)):
                flow = served(asked_for, capacity, tick=tick, lost=lost)
                assert flow == asked(asked_for, tick=tick, lost=lost)


def test_one_server_less_anywhere_and_somebody_is_not_served() -> None:
    asked_for = demands([[1000, 200], [200, 1000]])
    capacity = plan_jointly(asked_for).provision.capacity(asked_for.regions)
    capacity[0] -= 100.0

    assert served(asked_for, capacity, tick=0, lost=1) < asked(asked_for, tick=0, lost=1)


@pytest.mark.parametrize(
    ("paths", "latency", "sentence"),
    [
        ([[1.0]] * 13, 0.0, "13 regions: must be 1 to 12"),
        ([[1.0], [float("nan")]], 0.0, "demand must be known and at least 0"),
        ([[-1.0]], 0.0, "demand must be known and at least 0"),
        ([[], []], 0.0, r"demand has shape \(0, 2\), must be \(ticks, 2\)"),
    ],
)
def test_what_is_no_question_is_refused(
    paths: list[list[float]], latency: float, sentence: str
) -> None:
    count = len(paths)
    region = demands([[1.0]]).regions[0]
    with pytest.raises(SpecError, match=sentence):
        type(demands([[1.0]]))(
            tuple(region._replace(name=str(index)) for index in range(count)),
            np.array(paths).T,
            np.full((count, count), latency),
            1.0,
        )
