"""Who serves whom, and how much of it counts."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autoscaler.planner.regions import credited, plan_jointly, provision_for, route
from tests.autoscaler.planner.regions.worlds import at_random, demands

FAR = 300.0


def test_people_stay_at_home_as_long_as_it_holds_them_then_the_nearest_takes_them() -> None:
    latency = [[0, 90, 40], [90, 0, 90], [40, 90, 0]]
    asked_for = demands([[1500, 500], [300, 300], [100, 100]], latency=latency)
    provision = plan_jointly(asked_for).provision
    capacity = provision.capacity(asked_for.regions)

    shares = route(asked_for, provision)

    at_home = min(1.0, capacity[0] / 1500)
    assert shares[0, 0, 0] == pytest.approx(at_home)
    assert shares[1].tolist() == np.eye(3).tolist()
    assert shares[0, 0, 2] == pytest.approx(min(1.0 - at_home, (capacity[2] - 100) / 1500))


def test_a_lost_regions_people_go_where_somebody_may_serve_them() -> None:
    latency = [[0, 50, FAR], [50, 0, FAR], [FAR, FAR, 0]]
    asked_for = demands([[500], [500], [700]], latency=latency)
    provision = plan_jointly(asked_for).provision

    assert route(asked_for, provision, lost=0)[0].tolist() == [[0, 1, 0], [0, 1, 0], [0, 0, 1]]
    assert route(asked_for, provision, lost=2)[0].tolist() == [[1, 0, 0], [0, 1, 0], [0, 0, 0]]


def test_a_region_without_people_is_routed_home_and_while_lost_nowhere() -> None:
    asked_for = demands([[0], [500]])
    provision = plan_jointly(asked_for).provision

    assert route(asked_for, provision)[0].tolist() == [[1, 0], [0, 1]]
    assert route(asked_for, provision, lost=0)[0].tolist() == [[0, 0], [0, 1]]


@pytest.mark.parametrize(
    ("followed", "counts"),
    [(0.0, [0.0, 0.0, 0.0]), (0.2, [0.0, 0.2, 0.2]), (0.5, [0.0, 0.3, 0.5])],
)
def test_elsewhere_counts_as_far_as_traffic_was_seen_to_follow(
    followed: float, counts: list[float]
) -> None:
    shares = np.array([[0.2, 0.3, 0.5], [0, 1, 0], [0, 0, 1]])
    seen = np.full((3, 3), followed)

    normal, loss = credited(shares, seen), credited(shares, seen, lost=0)

    assert normal[0].tolist() == pytest.approx([1.0 - sum(counts), *counts[1:]])
    assert loss[0].tolist() == pytest.approx(counts), "what does not follow is served by nobody"
    assert normal[1:].tolist() == loss[1:].tolist() == [[0, 1, 0], [0, 0, 1]]


def test_until_traffic_follows_every_region_needs_its_own_peak() -> None:
    asked_for = demands([[1000, 200], [200, 1000]])
    provision = plan_jointly(asked_for).provision
    none = np.zeros((2, 2))

    counted = [
        credited(route(asked_for, provision, lost=lost), none, lost=lost) for lost in (None, 0, 1)
    ]

    assert provision_for(asked_for, *counted).servers == (10, 10)


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=15)
def test_routes_are_within_the_provision_and_leave_nobody_out(seed: int) -> None:
    asked_for = at_random(seed)
    joint = plan_jointly(asked_for)
    capacity = joint.provision.capacity(asked_for.regions)
    everything = np.ones_like(asked_for.latency_ms)
    routes = []

    for lost in (None, *range(len(asked_for.regions))):
        shares = route(asked_for, joint.provision, lost=lost)
        loads = np.einsum("th,ths->ts", asked_for.paths, shares)
        assert (loads <= capacity * (1.0 + 1e-6) + 1e-6).all()
        assert not shares[:, ~asked_for.reach].any()
        assert lost is None or not shares[:, :, lost].any()
        left = asked_for.paths * (1.0 - shares.sum(axis=-1))
        if lost is not None and lost in joint.uncovered:
            left[:, lost] = 0.0
        assert np.abs(left).max() < 1e-3
        assert shares * (1.0 - np.eye(len(capacity))) == pytest.approx(
            credited(shares, everything, lost=lost) * (1.0 - np.eye(len(capacity)))
        )
        routes.append(shares)

    needed = provision_for(asked_for, *routes)
    assert all(np.array(needed.servers) <= np.array(joint.provision.servers))
    assert all(np.array(needed.steps) <= np.array(joint.provision.steps))
