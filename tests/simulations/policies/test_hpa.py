import pytest

from autoscaler.engine.observation import Demand, DemandState
from simulations.policies.hpa import hpa
from simulations.policies.hpa_cpu import hpa_cpu
from simulations.policies.hpa_loop import HpaLoop
from simulations.policy import Policy, PoolView, Removal
from tests.simulations.policies.views import START, at, facts, pool, seen


def first_size(policy: HpaLoop, view: PoolView, *, least: int = 1, most: int = 1000) -> int:
    policy.reset(facts(pool(least=least, most=most)))
    return policy.decide(at(START, view)).pools[0].size


def test_is_a_policy_at_the_period_of_kubernetes_that_does_not_know_meetings() -> None:
    policy: Policy = hpa()

    assert (policy.name, policy.period_seconds, policy.removal) == ("hpa", 15, Removal.REPLICA_SET)
    assert hpa_cpu().name == "hpa-cpu"


@pytest.mark.parametrize(
    ("demand", "expected"),
    [
        pytest.param(700.0, 10, id="at the target: 10 servers x 100 participants x 70 %"),
        pytest.param(765.0, 10, id="within the tolerance of 10 %"),
        pytest.param(840.0, 12, id="above it: 840 / 70"),
        pytest.param(2100.0, 20, id="30 would do, and one period allows to double"),
    ],
)
def test_sizes_for_participants(demand: float, expected: int) -> None:
    assert expected == first_size(hpa(), seen(demand))


def test_the_dial_is_the_share_of_a_server_to_aim_at() -> None:
    assert first_size(hpa(target_utilization=0.5), seen(700.0)) == 14


def test_refused_joins_count_although_every_server_is_full() -> None:
    """1000 participants sit on 10 full servers of 100; 300 more were refused."""
    full = seen(1000.0)._replace(
        demand=Demand(state=DemandState.CENSORED, participants=1300.0, sample_time=START),
    )

    assert first_size(hpa(), full) == 19


def test_servers_on_their_way_are_not_ordered_again() -> None:
    assert first_size(hpa(), seen(1400.0, ready=10, pending=10)) == 20


def test_servers_that_stopped_reporting_are_not_scaled_away() -> None:
    """Half the targets are lost: the total asks for 5 servers, missing ones count at the target."""
    policy = hpa()
    policy.reset(facts(pool()))
    sizes = {
        policy.decide(at(START + 15 * sync, seen(350.0, reporting=5))).pools[0].size
        for sync in range(40)
    }

    assert sizes == {10}


def test_without_metrics_nothing_moves() -> None:
    policy = hpa()
    policy.reset(facts(pool()))
    sizes = {policy.decide(at(START + 15 * sync, seen(None))).pools[0].size for sync in range(40)}

    assert sizes == {10}


def test_scales_down_only_after_five_quiet_minutes() -> None:
    policy = hpa()
    policy.reset(facts(pool()))
    policy.decide(at(START, seen(700.0)))
    sizes = [
        policy.decide(at(START + 15 * sync, seen(70.0))).pools[0].size for sync in range(1, 22)
    ]

    assert sizes == [10] * 19 + [1, 1]


def test_cpu_saturates_so_that_one_step_is_at_most_the_inverse_of_the_target() -> None:
    """Ten times the demand reads 100 % all the same: 10 x 100 / 70 = 14.3."""
    assert first_size(hpa_cpu(), seen(10_000.0, cpu=1.0)) == 15


def test_cpu_of_servers_that_are_starting_counts_as_idle() -> None:
    assert first_size(hpa_cpu(), seen(1000.0, cpu=1.0, pending=5)) == 15


def test_pools_are_synced_apart_and_within_their_bounds() -> None:
    policy = hpa()
    policy.reset(facts(pool("eu", most=12), pool("us", least=8)))

    orders = policy.decide(at(START, seen(2000.0), seen(700.0, ready=4)))

    assert [order.size for order in orders.pools] == [12, 8]


def test_a_new_run_remembers_nothing_of_the_last() -> None:
    policy = hpa()
    first = [first_size(policy, seen(70.0)) for _ in range(2)]

    assert first == [10, 10]
