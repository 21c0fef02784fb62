"""Targets that must not be written: each refusal with its reason, and nothing written."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

from tests.autoscaler.kube.cluster import (
    APPS,
    AUTOSCALING,
    KEDA,
    Cluster,
    hpa_target,
    scale_target,
)
from tests.e2e.records import untouched, writes_of
from tests.servers.manifests import scaled_objects
from tests.servers.process import until

if TYPE_CHECKING:
    from tests.e2e.rig import Rig
    from tests.e2e.shared.stage import Stage

pytestmark = [pytest.mark.plane, pytest.mark.prometheus]

Json = dict[str, Any]
HPAS, DEPLOYMENTS, SCALED = "horizontalpodautoscalers", "deployments", "scaledobjects"
STEADY_NEEDS = 10


@pytest.fixture(scope="module")
def team(stage: Stage) -> Rig:
    """The namespace in which the operator forecasts, on an API server that serves ScaledObjects."""
    stage.foreseeing.cluster.plane.apply([scaled_objects()])
    return stage.foreseeing


@contextlib.contextmanager
def refusal(
    stage: Stage, pool: str, reason: str, *, kind: tuple[str, str], name: str, says: str
) -> Iterator[None]:
    """Require that what is made in the block is refused, and its target left as it is.

    `kind` is the target's group and version, and its resource; it is there already.
    """
    team = stage.foreseeing
    with untouched(lambda: team.cluster.get(*kind, name)):
        yield
        scaling = team.records.await_condition(pool, "ScalingActive", "False", reason)
        stage.foreseer.await_ticks(2)
    assert says in scaling["message"]
    assert team.records.conditions(pool)["Ready"]["reason"] == reason
    until(
        lambda: reason in {event["reason"] for event in team.records.events(pool)},
        what=f"an event {reason}",
    )
    assert writes_of(team.cluster.get(*kind, name)) == []


def own(cluster: Cluster, hpa: str, *, by: Json, controller: bool) -> None:
    """Let an object that exists own an HPA, so that no garbage collector takes it away."""
    reference = {
        "apiVersion": by["apiVersion"],
        "kind": by["kind"],
        "name": by["metadata"]["name"],
        "uid": by["metadata"]["uid"],
        "controller": controller,
    }
    cluster.merge(AUTOSCALING, HPAS, hpa, {"metadata": {"ownerReferences": [reference]}})


def scaled_object(cluster: Cluster, name: str, **changes: Json) -> Json:
    """Create a ScaledObject for the Deployment of the same name."""
    spec = {"scaleTargetRef": {"name": name}, "minReplicaCount": 2, **changes.get("spec", {})}
    return cluster.create(
        KEDA,
        SCALED,
        {
            "apiVersion": "keda.sh/v1alpha1",
            "kind": "ScaledObject",
            "metadata": {"name": name, "annotations": changes.get("annotations", {})},
            "spec": spec,
        },
    )


def keda_target(name: str) -> Json:
    """Return a ScaledObject as a target."""
    return hpa_target(
        group="keda.sh",
        version="v1alpha1",
        resource=SCALED,
        name=name,
        fieldPath="/spec/minReplicaCount",
    )


def test_a_size_that_an_hpa_sizes_too(stage: Stage, team: Rig) -> None:
    team.pools.servers("sized")
    team.cluster.hpa("sizer", scales="sized")

    with refusal(
        stage,
        "sized",
        "TargetContested",
        kind=(APPS, DEPLOYMENTS),
        name="sized",
        says="HorizontalPodAutoscaler sizer sizes deployments/sized too",
    ):
        team.pools.pool("sized", reads="steady", target=scale_target(name="sized"))


def test_an_hpa_that_belongs_to_a_scaled_object(stage: Stage, team: Rig) -> None:
    team.pools.servers("keda-owned")
    owner = scaled_object(team.cluster, "keda-owned")
    team.cluster.hpa("keda-hpa", scales="keda-owned")
    own(team.cluster, "keda-hpa", by=owner, controller=True)

    with refusal(
        stage,
        "keda-owned",
        "TargetContested",
        kind=(AUTOSCALING, HPAS),
        name="keda-hpa",
        says="belongs to ScaledObject keda-owned, which resets it: target its",
    ):
        team.pools.pool("keda-owned", reads="steady", target=hpa_target(name="keda-hpa"))


def test_a_target_with_a_controller(stage: Stage, team: Rig) -> None:
    team.pools.servers("controlled")
    team.cluster.hpa("controlled", scales="controlled")
    config = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "controller"}}
    owner = team.cluster.create("/api/v1", "configmaps", config)
    own(team.cluster, "controlled", by={**config, **owner}, controller=True)

    with refusal(
        stage,
        "controlled",
        "TargetContested",
        kind=(AUTOSCALING, HPAS),
        name="controlled",
        says="is controlled by ConfigMap controller, which resets it",
    ):
        team.pools.pool("controlled", reads="steady", target=hpa_target(name="controlled"))


def test_a_field_that_its_creator_owns(stage: Stage, team: Rig) -> None:
    team.pools.servers("created")
    team.cluster.hpa("created", scales="created")

    with refusal(
        stage,
        "created",
        "FieldContested",
        kind=(AUTOSCALING, HPAS),
        name="created",
        says="set target.adopt to Force to take it over once",
    ):
        target = hpa_target(name="created", adopt="IfUnowned")
        team.pools.pool("created", reads="steady", target=target)


def test_a_field_that_somebody_applies(stage: Stage, team: Rig) -> None:
    team.pools.servers("applied")
    team.cluster.plane.apply([applied_hpa(team.cluster.namespace, "applied", floor=2)])

    with refusal(
        stage,
        "applied",
        "TargetContested",
        kind=(AUTOSCALING, HPAS),
        name="applied",
        says="is applied by tests, which will apply it again: leave the field out there",
    ):
        target = hpa_target(name="applied", adopt="IfUnowned")
        team.pools.pool("applied", reads="steady", target=target)


def test_a_field_that_is_taken_back_is_not_fought_over(stage: Stage, team: Rig) -> None:
    team.pools.on_hpa("synced", reads="steady")
    until(lambda: team.pools.floor("synced") == STEADY_NEEDS, what="the floor")
    team.cluster.plane.apply([applied_hpa(team.cluster.namespace, "synced", floor=3)])

    with refusal(
        stage,
        "synced",
        "FieldContested",
        kind=(AUTOSCALING, HPAS),
        name="synced",
        says="was taken back by tests after it had been adopted",
    ):
        pass

    assert team.pools.floor("synced") == 3


def test_of_two_pools_with_one_target_the_older_has_it(stage: Stage, team: Rig) -> None:
    team.pools.on_hpa("older", reads="steady")
    until(lambda: team.pools.floor("older") == STEADY_NEEDS, what="the older one's floor")
    before = writes_of(team.cluster.get(AUTOSCALING, HPAS, "older"))

    team.pools.pool("younger", reads="ramp", minReplicas=30, target=hpa_target(name="older"))
    refused = team.records.await_condition("younger", "ScalingActive", "False", "TargetContested")
    stage.foreseer.await_ticks(2)

    assert f"SFUPool {team.cluster.namespace}/older has the same target" in refused["message"]
    assert writes_of(team.cluster.get(AUTOSCALING, HPAS, "older")) == before
    assert team.records.conditions("older")["ScalingActive"]["status"] == "True"


@pytest.mark.parametrize(
    ("name", "changes", "reason", "says"),
    [
        (
            "paused",
            {"annotations": {"autoscaling.keda.sh/paused": "true"}},
            "TargetPaused",
            "is paused by autoscaling.keda.sh/paused",
        ),
        (
            "paused-at",
            {"annotations": {"autoscaling.keda.sh/paused-replicas": "4"}},
            "TargetPaused",
            "is paused by autoscaling.keda.sh/paused-replicas",
        ),
        (
            "idle",
            {"spec": {"idleReplicaCount": 0}},
            "IdleReplicasBelowFloor",
            "has idleReplicaCount 0, which goes below any floor",
        ),
    ],
)
def test_a_scaled_object_that_does_not_keep_its_minimum(
    stage: Stage, team: Rig, name: str, changes: dict[str, Json], reason: str, says: str
) -> None:
    team.pools.servers(name)
    scaled_object(team.cluster, name, **changes)

    with refusal(stage, name, reason, kind=(KEDA, SCALED), name=name, says=says):
        team.pools.pool(name, reads="steady", target=keda_target(name))


def test_a_scaled_object_that_keeps_its_minimum_is_written(team: Rig) -> None:
    team.pools.servers("keda")
    scaled_object(team.cluster, "keda")
    team.pools.pool("keda", reads="steady", target=keda_target("keda"))

    def floor() -> int:
        return int(team.cluster.get(KEDA, SCALED, "keda")["spec"]["minReplicaCount"])

    until(lambda: floor() == STEADY_NEEDS, what="the floor")


def test_a_target_at_zero(stage: Stage, team: Rig) -> None:
    team.pools.servers("zero", replicas=0)
    team.cluster.hpa("zero", scales="zero")

    with refusal(
        stage,
        "zero",
        "TargetAtZero",
        kind=(AUTOSCALING, HPAS),
        name="zero",
        says="zero is at 0 replicas, where an HPA leaves it: scale it to 1 first",
    ):
        team.pools.pool("zero", reads="steady", target=hpa_target(name="zero"))


def test_a_floor_above_the_targets_own_maximum_is_clamped_and_said(team: Rig) -> None:
    team.pools.servers("clamped")
    team.cluster.hpa("clamped", scales="clamped", maxReplicas=6)
    team.pools.pool("clamped", reads="steady", target=hpa_target(name="clamped"))

    limited = team.records.await_condition("clamped", "ScalingLimited", "True", "TargetMaximum")

    assert team.pools.floor("clamped") == 6
    assert "maximum is 6, the floor needs 10: raise it" in limited["message"]


def applied_hpa(namespace: str, name: str, *, floor: int) -> Json:
    """Return an HPA as a GitOps tool applies it."""
    scaled = {"apiVersion": "apps/v1", "kind": "Deployment", "name": name}
    return {
        "apiVersion": "autoscaling/v2",
        "kind": "HorizontalPodAutoscaler",
        "metadata": {"name": name, "namespace": namespace},
        "spec": {"minReplicas": floor, "maxReplicas": 200, "scaleTargetRef": scaled},
    }
