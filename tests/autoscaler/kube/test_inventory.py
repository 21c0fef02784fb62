"""Servers counted from a workload's status, of every kind that we know."""

from typing import Any

import pytest

from autoscaler.kube.inventory import server_counts
from autoscaler.ports.fleet import ServerCounts


@pytest.mark.parametrize(
    ("workload", "each", "expected"),
    [
        # a Deployment, one of whose pods drains; counts of zero are left out of a status
        (
            {
                "spec": {"replicas": 6},
                "status": {"replicas": 5, "readyReplicas": 4, "terminatingReplicas": 1},
            },
            1,
            (6, 5, 4, 1),
        ),
        ({"spec": {"replicas": 2}, "status": {"replicas": 2}}, 1, (2, 2, 0, 0)),
        ({"spec": {"replicas": 2}, "status": {}}, 1, (2, 0, 0, 0)),
        ({"spec": {}}, 1, (0, 0, 0, 0)),
        # two servers a replica
        ({"spec": {"replicas": 3}, "status": {"replicas": 3, "readyReplicas": 2}}, 2, (6, 6, 4, 0)),
        # a rollout's surge: more ready than asked for
        ({"spec": {"replicas": 2}, "status": {"replicas": 3, "readyReplicas": 3}}, 1, (2, 3, 3, 0)),
        # a static Karpenter NodePool counts nodes, and does not say which are ready
        ({"spec": {"replicas": 4}, "status": {"nodes": 3}}, 1, (4, 3, 3, 0)),
        # an Agones Fleet counts servers with a session apart
        (
            {
                "spec": {"replicas": 9},
                "status": {
                    "replicas": 9,
                    "readyReplicas": 2,
                    "allocatedReplicas": 5,
                    "reservedReplicas": 1,
                },
            },
            1,
            (9, 9, 8, 0),
        ),
    ],
)
def test_counts(workload: dict[str, Any], each: int, expected: tuple[int, ...]) -> None:
    desired, existing, ready, terminating = expected

    assert server_counts(workload, servers_per_replica=each) == ServerCounts(
        desired=desired, existing=existing, ready=ready, terminating=terminating
    )
