"""The timings of Cluster Autoscaler's FAQ."""

from simulations.policies.cluster_autoscaler import ClusterAutoscaler, Nodes
from simulations.policy import Policy, Removal
from tests.simulations.policies.views import START, at, facts, pool, seen


def test_scans_every_ten_seconds() -> None:
    policy: Policy = ClusterAutoscaler()

    assert (policy.period_seconds, policy.removal) == (10, Removal.REPLICA_SET)


def test_pods_that_do_not_fit_get_nodes_at_once() -> None:
    assert Nodes().scan(nodes=10, pods=25, now=START) == 25


def test_a_node_goes_after_ten_unneeded_minutes() -> None:
    nodes = Nodes()
    sizes = [nodes.scan(nodes=10, pods=8, now=START + second) for second in (0, 590, 600)]

    assert sizes == [10, 10, 8]


def test_a_node_that_is_needed_again_starts_anew() -> None:
    nodes = Nodes()
    nodes.scan(nodes=10, pods=8, now=START)
    nodes.scan(nodes=10, pods=10, now=START + 300)

    assert nodes.scan(nodes=10, pods=8, now=START + 600) == 10
    assert nodes.scan(nodes=10, pods=8, now=START + 1200) == 8


def test_nothing_goes_within_ten_minutes_of_an_addition() -> None:
    nodes = Nodes(unneeded_since=[START - 900], added_at=START - 590)

    assert nodes.scan(nodes=10, pods=9, now=START) == 10
    assert nodes.scan(nodes=10, pods=9, now=START + 10) == 9


def test_at_most_ten_go_at_a_time() -> None:
    nodes = Nodes()
    nodes.scan(nodes=40, pods=5, now=START)

    assert nodes.scan(nodes=40, pods=5, now=START + 600) == 30
    assert nodes.scan(nodes=30, pods=5, now=START + 610) == 20


def test_pods_are_the_hpas_and_nodes_outlive_them() -> None:
    """70 % of 100 per server: 700 need 10 pods; 70 need one, five minutes later at the soonest."""
    policy = ClusterAutoscaler()
    policy.reset(facts(pool()))
    size, at_minute = 10, {}
    for scan in range(6 * 30):
        demand = 1400.0 if scan == 0 else 70.0
        size = policy.decide(at(START + 10 * scan, seen(demand, ready=size))).pools[0].size
        at_minute[scan // 6] = size

    assert at_minute[0] == 20
    assert at_minute[14] == 20, "five minutes of stabilisation, ten of being unneeded"
    assert at_minute[16] == 1
