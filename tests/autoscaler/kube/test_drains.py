"""What of a target's own settings makes a release unsafe, and what to do about it."""

from __future__ import annotations

from typing import Any

import pytest

from autoscaler.kube.drains import caution, unsafe
from autoscaler.kube.fields import Object
from tests.autoscaler.controller.fakes import sfupool

NODE_POOL = {
    "group": "karpenter.sh",
    "version": "v1",
    "resource": "nodepools",
    "name": "sfu",
    "semantics": "Size",
    "subresource": "scale",
    "fieldPath": None,
}


def deployment(*, grace: int | None = 14400, generation: int = 1, **status: int) -> Object:
    pod: dict[str, Any] = {"containers": [{"name": "sfu"}]}
    spec = pod if grace is None else {**pod, "terminationGracePeriodSeconds": grace}
    return {
        "metadata": {"name": "sfu", "generation": generation},
        "spec": {"strategy": {"type": "RollingUpdate"}, "template": {"spec": spec}},
        "status": {"observedGeneration": 1, "replicas": 4, "updatedReplicas": 4, **status},
    }


def nodes(**spec: str) -> Object:
    return {
        "metadata": {"name": "media", "generation": 1},
        "spec": {"template": {"spec": spec}},
        "status": {"nodes": 4},
    }


@pytest.mark.parametrize(
    ("workload", "node_pool", "code", "says"),
    [
        (deployment(), None, None, ""),
        (None, None, None, ""),
        (deployment(updatedReplicas=1), None, "RolloutInProgress", "1 of 4 servers are new"),
        (deployment(generation=2), None, "RolloutInProgress", "sfu is being rolled out"),
        (deployment(grace=3600), None, "GracePeriodTooShort", "ended 3600 s after"),
        # what the template does not say is Kubernetes' own half minute
        (deployment(grace=None), None, "GracePeriodTooShort", "ended 30 s after"),
        (deployment(), nodes(), None, ""),
        (deployment(), nodes(terminationGracePeriod="4h"), None, ""),
        (
            deployment(),
            nodes(terminationGracePeriod="1h30m"),
            "GracePeriodTooShort",
            "nodes of NodePool media are ended 5400 s after they begin to drain",
        ),
    ],
)
def test_a_release_is_refused_with_the_reason(
    workload: Object | None, node_pool: Object | None, code: str | None, says: str
) -> None:
    refusal = unsafe(sfupool(), target={}, workload=workload, node_pool=node_pool)

    assert (None if refusal is None else refusal.code) == code
    assert refusal is None or says in refusal.message


@pytest.mark.parametrize(
    ("guard", "spec", "code"),
    [
        ("None", {}, "StaticNodesUnguarded"),
        ("DenyUnlessReleased", {}, None),
        ("DenyUnlessReleased", {"terminationGracePeriod": "10m"}, "GracePeriodTooShort"),
    ],
)
def test_static_nodes_are_released_with_the_guard_or_never(
    guard: str, spec: dict[str, str], code: str | None
) -> None:
    server: dict[str, Any] = {"participants": 100, "selector": {"matchLabels": {"app": "sfu"}}}
    pool = sfupool(
        target={k: v for k, v in NODE_POOL.items() if v}, release={"guard": guard}, server=server
    )
    body = nodes(**spec)

    refusal = unsafe(pool, target=body, workload=body, node_pool=None)

    assert (None if refusal is None else refusal.code) == code


@pytest.mark.parametrize(
    ("node_pool", "says"),
    [
        (None, ""),
        (nodes(expireAfter="Never"), ""),
        (nodes(expireAfter="720h"), "nodes of NodePool media expire after 720 h"),
    ],
)
def test_nodes_that_expire_are_warned_about(node_pool: Object | None, says: str) -> None:
    assert caution(sfupool(), target={}, node_pool=node_pool).startswith(says)
    assert bool(caution(sfupool(), target={}, node_pool=node_pool)) == bool(says)
