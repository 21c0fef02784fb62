"""Numbers written to real targets: each semantics, adoption, and what is left alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from tests.autoscaler.kube.cluster import (
    APPS,
    AUTOSCALING,
    BUFFERS,
    OURS,
    buffer_target,
    hpa_target,
    scale_target,
    workload,
)

if TYPE_CHECKING:
    from tests.autoscaler.kube.cluster import Cluster, Operator

pytestmark = pytest.mark.plane
Operate = Callable[..., "Operator"]
HPAS = "horizontalpodautoscalers"


def test_a_floor_is_written_to_an_hpa_and_the_hpa_follows(
    cluster: Cluster, operate: Operate
) -> None:
    cluster.deployment()
    cluster.hpa()
    cluster.pool()
    operator = operate(eu=1000.0)

    operator.tick()

    hpa = cluster.get(AUTOSCALING, HPAS, "sfu")
    assert hpa["spec"]["minReplicas"] == 10
    assert cluster.status()["target"]["adoptedValue"] == 2
    assert cluster.status()["capacity"]["written"] == 10
    assert cluster.condition("ScalingActive") == ("True", "Written")


def test_a_second_tick_writes_nothing(cluster: Cluster, operate: Operate) -> None:
    cluster.deployment()
    cluster.hpa()
    cluster.pool()
    operator = operate(eu=1000.0)
    operator.tick()
    before = cluster.get(AUTOSCALING, HPAS, "sfu")["metadata"]["managedFields"]

    second = operator.pool()

    assert second.result is None
    assert cluster.get(AUTOSCALING, HPAS, "sfu")["metadata"]["managedFields"] == before


def test_a_size_is_written_through_the_scale_subresource(
    cluster: Cluster, operate: Operate
) -> None:
    cluster.deployment()
    cluster.pool(target=scale_target())

    operate(eu=700.0).tick()

    assert cluster.get(APPS, "deployments", "sfu")["spec"]["replicas"] == 7


def test_taking_a_size_over_never_lowers_it(cluster: Cluster, operate: Operate) -> None:
    cluster.deployment(replicas=9)
    cluster.pool(target=scale_target())

    operate(eu=300.0).tick()

    assert cluster.get(APPS, "deployments", "sfu")["spec"]["replicas"] == 9
    assert cluster.status()["capacity"]["written"] == 9


def test_a_field_adopted_at_the_number_it_held_is_still_taken_over_when_that_changes(
    cluster: Cluster, operate: Operate
) -> None:
    cluster.deployment()
    cluster.hpa()
    cluster.pool()
    operator = operate(eu=200.0)
    operator.tick()

    operator.sees(eu=1000.0)
    operator.tick()

    assert cluster.get(AUTOSCALING, HPAS, "sfu")["spec"]["minReplicas"] >= 10
    assert cluster.condition("ScalingActive") == ("True", "Written")


def test_a_field_that_somebody_came_to_own_as_well_is_not_fought_over(
    cluster: Cluster, operate: Operate
) -> None:
    cluster.deployment()
    cluster.hpa()
    cluster.pool()
    operator = operate(eu=1000.0)
    operator.tick()
    hpa = cluster.get(AUTOSCALING, HPAS, "sfu")
    identity = {"name": "sfu", "namespace": cluster.namespace}
    cluster.plane.apply([{**hpa, "metadata": identity}])

    operator.sees(eu=2000.0)
    operator.tick()

    assert cluster.get(AUTOSCALING, HPAS, "sfu")["spec"]["minReplicas"] == 10
    assert cluster.condition("ScalingActive") == ("False", "FieldContested")


def test_a_floor_above_the_targets_own_maximum_is_clamped_and_said(
    cluster: Cluster, operate: Operate
) -> None:
    cluster.deployment()
    cluster.hpa(maxReplicas=8)
    cluster.pool()

    operate(eu=1000.0).tick()

    assert cluster.get(AUTOSCALING, HPAS, "sfu")["spec"]["minReplicas"] == 8
    assert cluster.condition("ScalingLimited") == ("True", "TargetMaximum")


def test_two_servers_a_replica_need_half_the_replicas(cluster: Cluster, operate: Operate) -> None:
    cluster.deployment()
    cluster.hpa()
    cluster.pool(target=hpa_target(serversPerReplica=2))

    operate(eu=900.0).tick()

    assert cluster.get(AUTOSCALING, HPAS, "sfu")["spec"]["minReplicas"] == 5


def test_a_target_deleted_after_it_was_listed_does_not_come_back_as_a_ghost(
    cluster: Cluster, operate: Operate
) -> None:
    cluster.deployment()
    cluster.hpa()
    cluster.pool()
    operator = operate(eu=1000.0)
    operator.before_writes(lambda: cluster.delete(AUTOSCALING, HPAS, "sfu"))

    pool = operator.pool()

    assert pool.result is not None
    assert pool.result.outcome == "Changed"
    assert not cluster.exists(AUTOSCALING, HPAS, "sfu")


def test_a_target_made_again_after_it_was_listed_is_not_written(
    cluster: Cluster, operate: Operate
) -> None:
    cluster.deployment()
    cluster.hpa()
    cluster.pool()
    operator = operate(eu=1000.0)

    def replace() -> None:
        cluster.delete(AUTOSCALING, HPAS, "sfu")
        cluster.hpa()

    operator.before_writes(replace)

    pool = operator.pool()

    assert pool.result is not None
    assert pool.result.outcome == "Changed"
    assert cluster.get(AUTOSCALING, HPAS, "sfu")["spec"]["minReplicas"] == 2


@pytest.mark.parametrize("target", [hpa_target(), scale_target()], ids=["Floor", "Size"])
def test_a_number_that_somebody_changed_after_it_was_listed_is_not_overwritten(
    cluster: Cluster, operate: Operate, target: dict[str, str]
) -> None:
    cluster.deployment()
    if target["semantics"] == "Floor":
        cluster.hpa()
    cluster.pool(target=target)
    operator = operate(eu=1000.0)

    def edit() -> None:
        if target["semantics"] == "Floor":
            cluster.merge(AUTOSCALING, HPAS, "sfu", {"spec": {"minReplicas": 5}})
        else:
            cluster.merge(APPS, "deployments", "sfu", {"spec": {"replicas": 5}})

    operator.before_writes(edit)

    pool = operator.pool()

    assert pool.result is not None
    assert pool.result.outcome == "Changed"


def test_a_status_that_moved_after_it_was_listed_does_not_keep_the_number_back(
    cluster: Cluster, operate: Operate
) -> None:
    cluster.deployment()
    cluster.hpa()
    cluster.pool()
    operator = operate(eu=1000.0)
    label = {"metadata": {"labels": {"seen": "true"}}}
    operator.before_writes(lambda: cluster.merge(AUTOSCALING, HPAS, "sfu", label))

    operator.tick()

    assert cluster.get(AUTOSCALING, HPAS, "sfu")["spec"]["minReplicas"] == 10


def test_a_pool_that_was_frozen_after_it_was_listed_is_not_acted_for(
    cluster: Cluster, operate: Operate
) -> None:
    cluster.deployment()
    cluster.hpa()
    cluster.pool()
    operator = operate(eu=1000.0)
    freeze = {"freeze": "All", "freezeUntil": "2099-01-01T00:00:00Z"}
    operator.before_writes(
        lambda: cluster.merge(OURS, "sfupools", "eu", {"spec": {"override": freeze}})
    )

    operator.tick()

    assert cluster.get(AUTOSCALING, HPAS, "sfu")["spec"]["minReplicas"] == 2


def test_headroom_is_what_the_servers_that_exist_leave_of_the_floor(
    cluster: Cluster, operate: Operate, buffers: None
) -> None:
    cluster.deployment(replicas=4)
    cluster.buffer()
    cluster.pool(
        target=buffer_target("Headroom"),
        server={"participants": 100, "workload": workload("deployments", "sfu")},
    )
    cluster.await_replicas("sfu", 4)
    operator = operate(eu=1000.0)

    operator.tick()
    first = cluster.get(BUFFERS, "capacitybuffers", "warm")["spec"]["replicas"]
    cluster.merge(APPS, "deployments", "sfu", {"spec": {"replicas": 7}})
    cluster.await_replicas("sfu", 7)
    second = operator.pool()

    assert first == 6
    assert cluster.get(BUFFERS, "capacitybuffers", "warm")["spec"]["replicas"] == 3
    assert second.decision.floor == 10


def test_headroom_goes_on_from_its_floor_after_a_restart(
    cluster: Cluster, operate: Operate, buffers: None
) -> None:
    cluster.deployment(replicas=4)
    cluster.buffer()
    cluster.pool(
        target=buffer_target("Headroom"),
        server={"participants": 100, "workload": workload("deployments", "sfu")},
    )
    cluster.await_replicas("sfu", 4)
    operate(eu=1000.0).tick()
    cluster.merge(APPS, "deployments", "sfu", {"spec": {"replicas": 7}})
    cluster.await_replicas("sfu", 7)

    restarted = operate(eu=1000.0).pool()

    assert restarted.observed.inventory.floor == 10
    assert cluster.get(BUFFERS, "capacitybuffers", "warm")["spec"]["replicas"] == 3


def test_a_floor_of_one_per_node_chunks_is_the_floor_itself(
    cluster: Cluster, operate: Operate, buffers: None
) -> None:
    cluster.deployment(replicas=4)
    cluster.buffer()
    cluster.pool(
        target=buffer_target("Floor"),
        server={"participants": 100, "workload": workload("deployments", "sfu")},
    )

    operate(eu=1000.0).tick()

    assert cluster.get(BUFFERS, "capacitybuffers", "warm")["spec"]["replicas"] == 10


def test_a_number_in_an_annotation_is_written_as_text(cluster: Cluster, operate: Operate) -> None:
    cluster.deployment()
    path = "/metadata/annotations/cluster.x-k8s.io~1cluster-api-autoscaler-node-group-min-size"
    cluster.pool(target=scale_target(semantics="Floor", subresource=None, fieldPath=path))

    operate(eu=400.0).tick()

    annotations = cluster.get(APPS, "deployments", "sfu")["metadata"]["annotations"]
    assert annotations["cluster.x-k8s.io/cluster-api-autoscaler-node-group-min-size"] == "4"
