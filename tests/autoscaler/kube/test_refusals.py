"""Each preflight refusal on real objects: its reason as a condition, and nothing written."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from tests.autoscaler.kube.cluster import (
    APPS,
    AUTOSCALING,
    OURS,
    buffer_target,
    hpa_target,
    scale_target,
)

if TYPE_CHECKING:
    from tests.autoscaler.kube.cluster import Cluster, Operator

pytestmark = pytest.mark.plane
Operate = Callable[..., "Operator"]
HPAS = "horizontalpodautoscalers"


def refused(cluster: Cluster, operator: Operator, name: str = "eu") -> str:
    """Do two ticks; return why nothing may be written."""
    operator.tick()
    pool = operator.pool(name)
    assert pool.result is None
    assert pool.intent.write is None
    status, reason = cluster.condition("ScalingActive", name)
    assert status == "False"
    assert cluster.condition("Ready", name) == ("False", reason)
    return reason


def test_a_target_that_does_not_exist(cluster: Cluster, operate: Operate) -> None:
    cluster.pool()

    assert refused(cluster, operate(eu=1000.0)) == "TargetNotFound"


def test_a_kind_that_the_cluster_does_not_serve(cluster: Cluster, operate: Operate) -> None:
    cluster.pool(target=scale_target(group="agones.dev", resource="fleets"))

    assert refused(cluster, operate(eu=1000.0)) == "TargetNotFound"


def test_a_field_that_its_creator_owns(cluster: Cluster, operate: Operate) -> None:
    cluster.deployment()
    cluster.hpa()
    cluster.pool(target=hpa_target(adopt="IfUnowned"))

    assert refused(cluster, operate(eu=1000.0)) == "FieldContested"
    assert cluster.get(AUTOSCALING, HPAS, "sfu")["spec"]["minReplicas"] == 2


def test_a_field_that_somebody_applies(cluster: Cluster, operate: Operate) -> None:
    cluster.deployment()
    cluster.plane.apply([hpa_manifest(cluster.namespace)])
    cluster.pool(target=hpa_target(adopt="IfUnowned"))

    assert refused(cluster, operate(eu=1000.0)) == "TargetContested"
    assert cluster.get(AUTOSCALING, HPAS, "sfu")["spec"]["minReplicas"] == 2


def test_a_field_that_is_reset_after_it_was_adopted_is_not_fought_over(
    cluster: Cluster, operate: Operate
) -> None:
    cluster.deployment()
    cluster.hpa()
    cluster.pool()
    operator = operate(eu=1000.0)
    operator.tick()

    cluster.plane.apply([hpa_manifest(cluster.namespace)])

    assert refused(cluster, operator) == "FieldContested"
    assert cluster.get(AUTOSCALING, HPAS, "sfu")["spec"]["minReplicas"] == 2


def test_after_a_look_in_observe_a_field_may_be_adopted_again(
    cluster: Cluster, operate: Operate
) -> None:
    cluster.deployment()
    cluster.hpa()
    cluster.pool()
    operator = operate(eu=1000.0)
    operator.tick()
    cluster.plane.apply([hpa_manifest(cluster.namespace)])
    cluster.merge(OURS, "sfupools", "eu", {"spec": {"mode": "Observe"}})
    operator.tick()
    cluster.merge(OURS, "sfupools", "eu", {"spec": {"mode": "Act"}})

    operator.tick()

    assert cluster.get(AUTOSCALING, HPAS, "sfu")["spec"]["minReplicas"] == 10


def test_an_hpa_on_a_size(cluster: Cluster, operate: Operate) -> None:
    cluster.deployment()
    cluster.hpa()
    cluster.pool(target=scale_target())

    assert refused(cluster, operate(eu=1000.0)) == "TargetContested"
    assert cluster.get(APPS, "deployments", "sfu")["spec"]["replicas"] == 2


def test_an_hpa_that_belongs_to_a_scaled_object(cluster: Cluster, operate: Operate) -> None:
    cluster.deployment()
    cluster.hpa()
    own(cluster, kind="ScaledObject", api_version="keda.sh/v1alpha1", controller=False)
    cluster.pool()

    assert refused(cluster, operate(eu=1000.0)) == "TargetContested"


def test_a_target_with_a_controller(cluster: Cluster, operate: Operate) -> None:
    cluster.deployment()
    cluster.hpa()
    own(cluster, kind="MediaFleet", api_version="example.com/v1", controller=True)
    cluster.pool()

    assert refused(cluster, operate(eu=1000.0)) == "TargetContested"


def test_of_two_pools_with_one_target_the_older_has_it(cluster: Cluster, operate: Operate) -> None:
    cluster.deployment()
    cluster.hpa()
    cluster.pool("eu")
    cluster.tell_apart()
    cluster.pool("another")

    operator = operate(eu=1000.0, another=2000.0)

    assert refused(cluster, operator, "another") == "TargetContested"
    assert cluster.get(AUTOSCALING, HPAS, "sfu")["spec"]["minReplicas"] == 10


def test_a_target_at_zero_replicas(cluster: Cluster, operate: Operate) -> None:
    cluster.deployment(replicas=0)
    cluster.hpa()
    cluster.pool()

    assert refused(cluster, operate(eu=1000.0)) == "TargetAtZero"


def test_a_target_that_counts_no_servers(cluster: Cluster, operate: Operate, buffers: None) -> None:
    cluster.buffer()
    cluster.pool(target=buffer_target("Floor"))

    assert refused(cluster, operate(eu=1000.0)) == "WorkloadUnknown"


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"metadata": {"annotations": {"autoscaling.keda.sh/paused": "true"}}}, "TargetPaused"),
        ({"spec": {"idleReplicaCount": 0}}, "IdleReplicasBelowFloor"),
    ],
)
def test_a_scaled_object_that_does_not_keep_its_minimum(
    cluster: Cluster,
    operate: Operate,
    scaled_objects: None,
    changes: dict[str, Any],
    reason: str,
) -> None:
    cluster.deployment()
    cluster.scaled_object(changes)
    cluster.pool(
        target=hpa_target(
            group="keda.sh",
            version="v1alpha1",
            resource="scaledobjects",
            fieldPath="/spec/minReplicaCount",
        )
    )

    assert refused(cluster, operate(eu=1000.0)) == reason


def own(cluster: Cluster, *, kind: str, api_version: str, controller: bool) -> None:
    reference = {
        "apiVersion": api_version,
        "kind": kind,
        "name": "owner",
        "uid": "11111111-1111-1111-1111-111111111111",
        "controller": controller,
    }
    cluster.merge(AUTOSCALING, HPAS, "sfu", {"metadata": {"ownerReferences": [reference]}})


def hpa_manifest(namespace: str) -> dict[str, Any]:
    """Return the HPA as a GitOps tool applies it."""
    return {
        "apiVersion": "autoscaling/v2",
        "kind": "HorizontalPodAutoscaler",
        "metadata": {"name": "sfu", "namespace": namespace},
        "spec": {
            "minReplicas": 2,
            "maxReplicas": 50,
            "scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": "sfu"},
        },
    }
