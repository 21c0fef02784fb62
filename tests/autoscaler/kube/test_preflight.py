"""Each refusal, over objects as they are listed; on a real API server: test_refusals.py."""

from typing import Any

import pytest

from autoscaler.kube.fields import MANAGER
from autoscaler.kube.preflight import Sight, preflight, rivals
from autoscaler.ports.fleet import RefusalCode
from autoscaler.resources.sfupool import SFUPool
from tests.autoscaler.controller.fakes import sfupool

HPA = {
    "group": "autoscaling",
    "version": "v2",
    "resource": "horizontalpodautoscalers",
    "name": "sfu",
    "semantics": "Floor",
    "fieldPath": "/spec/minReplicas",
}
SCALE = {
    "group": "apps",
    "version": "v1",
    "resource": "deployments",
    "name": "sfu",
    "semantics": "Size",
    "subresource": "scale",
}
KEDA = {
    **HPA,
    "group": "keda.sh",
    "version": "v1alpha1",
    "resource": "scaledobjects",
    "fieldPath": "/spec/minReplicaCount",
}


def owned(path: str, *managers: tuple[str, str]) -> dict[str, Any]:
    field: dict[str, Any] = {}
    for key in reversed(path.split("/")[1:]):
        field = {f"f:{key}": field}
    fields = [
        {"manager": manager, "operation": operation, "fieldsV1": field}
        for manager, operation in managers
    ]
    return {"uid": "target", "managedFields": fields}


def refusal(
    target: dict[str, Any], body: dict[str, Any], pool: SFUPool | None = None, **sight: Any
) -> RefusalCode | None:
    pool = pool or sfupool(target=target)
    assert pool.spec.target is not None
    found = preflight(pool, pool.spec.target, Sight(object=body, **sight))
    return None if found is None else found.code


def adopted(target: dict[str, Any]) -> SFUPool:
    pool = sfupool(target=target)
    status = pool.status.model_validate({"target": {"uid": "target", "adoptedValue": 2}})
    return pool.model_copy(update={"status": status})


FORCED = {**HPA, "adopt": "Force"}
MIN = "/spec/minReplicas"
OURS, CREATOR, GITOPS = (MANAGER, "Apply"), ("kubectl-create", "Update"), ("argocd", "Apply")


@pytest.mark.parametrize(
    ("target", "managers", "was_adopted", "expected"),
    [
        (HPA, [], False, None),
        (HPA, [OURS], False, None),
        (HPA, [OURS, CREATOR], False, None),
        (HPA, [CREATOR], False, RefusalCode.FIELD_CONTESTED),
        (HPA, [GITOPS], False, RefusalCode.TARGET_CONTESTED),
        (HPA, [CREATOR, GITOPS], False, RefusalCode.TARGET_CONTESTED),
        (FORCED, [CREATOR], False, None),
        (FORCED, [GITOPS], False, None),
        (FORCED, [OURS], True, None),
        (FORCED, [GITOPS], True, RefusalCode.FIELD_CONTESTED),
        (FORCED, [CREATOR], True, RefusalCode.FIELD_CONTESTED),
        (FORCED, [], True, None),
    ],
)
def test_whose_the_field_is(
    target: dict[str, Any],
    managers: list[tuple[str, str]],
    was_adopted: bool,
    expected: RefusalCode | None,
) -> None:
    body = {"metadata": owned(MIN, *managers), "spec": {"minReplicas": 2}}
    pool = adopted(target) if was_adopted else None

    assert refusal(target, body, pool) == expected


@pytest.mark.parametrize(
    ("target", "body", "sight", "expected"),
    [
        (SCALE, {}, {"scalers": ("sfu",)}, RefusalCode.TARGET_CONTESTED),
        (HPA, {}, {"scalers": ("sfu",)}, None),
        (HPA, {}, {"rival": "media/older"}, RefusalCode.TARGET_CONTESTED),
        (
            HPA,
            {"metadata": {"ownerReferences": [{"kind": "ScaledObject", "name": "sfu"}]}},
            {},
            RefusalCode.TARGET_CONTESTED,
        ),
        (
            SCALE,
            {"metadata": {"ownerReferences": [{"kind": "Media", "name": "m", "controller": True}]}},
            {},
            RefusalCode.TARGET_CONTESTED,
        ),
        (
            SCALE,
            {"metadata": {"ownerReferences": [{"kind": "Cluster", "name": "c"}]}},
            {},
            None,
        ),
        (
            KEDA,
            {"metadata": {"annotations": {"autoscaling.keda.sh/paused-replicas": "3"}}},
            {},
            RefusalCode.TARGET_PAUSED,
        ),
        (KEDA, {"spec": {"idleReplicaCount": 0}}, {}, RefusalCode.IDLE_BELOW_FLOOR),
        (KEDA, {"spec": {"minReplicaCount": 2}}, {}, None),
        (
            HPA,
            {},
            {"scaled": {"metadata": {"name": "sfu"}, "spec": {"replicas": 0}}},
            RefusalCode.TARGET_AT_ZERO,
        ),
        (HPA, {}, {"scaled": {"metadata": {"name": "sfu"}, "spec": {"replicas": 1}}}, None),
        (SCALE, {"spec": {"replicas": 0}}, {}, None),
        ({**HPA, "onDelete": "Restore"}, {}, {}, RefusalCode.RESTORE_UNSUPPORTED),
        (HPA, {"spec": {"minReplicas": "many"}}, {}, RefusalCode.FIELD_NOT_A_NUMBER),
    ],
)
def test_who_else_writes_and_what_makes_a_floor_void(
    target: dict[str, Any],
    body: dict[str, Any],
    sight: dict[str, Any],
    expected: RefusalCode | None,
) -> None:
    assert refusal(target, body, **sight) == expected


def test_each_refusal_says_what_to_do() -> None:
    pool = sfupool(target=HPA)
    assert pool.spec.target is not None
    body = {"metadata": owned(MIN, CREATOR), "spec": {"minReplicas": 2}}

    found = preflight(pool, pool.spec.target, Sight(object=body))

    assert found is not None
    assert found.message == (
        "horizontalpodautoscalers/sfu /spec/minReplicas belongs to kubectl-create: "
        "set target.adopt to Force to take it over once"
    )


def test_the_older_pool_has_the_target_and_one_that_only_observes_gives_way() -> None:
    watching = sfupool("watching", mode="Observe")
    older, younger, alone = sfupool("older"), sfupool("younger"), sfupool("alone")
    pools = [
        ("hpas/a", "2026-01-03T00:00:00Z", younger),
        ("hpas/a", "2026-01-01T00:00:00Z", watching),
        ("hpas/a", "2026-01-02T00:00:00Z", older),
        ("hpas/b", "2026-01-04T00:00:00Z", alone),
    ]

    assert rivals(pools) == {"media/younger": "media/older", "media/watching": "media/older"}
