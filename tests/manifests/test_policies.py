from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import pytest

from tests.autoscaler.resources.samples import ABSENT, Object, changed, sample
from tests.manifests.api import RefusedError, create, replace
from tests.manifests.rights import binding, may

if TYPE_CHECKING:
    from kubernetes.dynamic import DynamicClient

    from tests.servers.plane import ControlPlane

pytestmark = pytest.mark.plane

OPERATOR = "system:serviceaccount:meetscale-system:meetscale"
WRITE = ["get", "create", "update", "patch"]
SCALE = {
    "spec.target.group": "apps",
    "spec.target.version": "v1",
    "spec.target.resource": "deployments",
    "spec.target.fieldPath": ABSENT,
    "spec.target.subresource": "scale",
    "spec.target.semantics": "Size",
}
TRANSIT = {
    "spec.mode": "Act",
    "spec.provider": {
        "type": "Object",
        "object": {
            "group": "net.example.com",
            "version": "v1",
            "resource": "transits",
            "name": "euw1",
            "fieldPath": "/spec/rate",
            "unit": "Gbps",
        },
    },
}


@pytest.fixture(scope="module")
def people(
    admin: DynamicClient, plane: ControlPlane, shared_namespace: str
) -> Mapping[str, DynamicClient]:
    """Who may what; the shipped policies are in force when this returns."""
    from tests.manifests.shipped import built, of_kind
    from tests.servers.process import until

    plane.apply(built(plane, "policies"))
    plane.apply(of_kind(built(plane, "base"), "ClusterRole"))
    plans = {"meetscale.io/capacityplans": WRITE}
    ours = {
        "meetscale.io/sfupools": WRITE,
        "meetscale.io/egresslinks": WRITE,
    }
    may(plane, shared_namespace, "patches-plans", plans)
    may(plane, shared_namespace, OPERATOR, {"meetscale.io/capacityplans": [*WRITE, "approve"]})
    may(plane, shared_namespace, "author", ours)
    may(
        plane,
        shared_namespace,
        "owner",
        {
            **ours,
            "autoscaling/horizontalpodautoscalers": ["patch"],
            "apps/deployments": ["patch"],
            "net.example.com/transits": ["patch"],
        },
    )
    may(plane, shared_namespace, "scaler", {**ours, "apps/deployments/scale": ["patch"]})
    approver = binding(shared_namespace, "approver", kind="ClusterRole", role="meetscale-approver")
    plane.apply([approver])

    def in_force() -> bool:
        forged = sample("capacityplan", {"spec.approval": approval("nobody")})
        try:
            create(admin, forged, shared_namespace, dry_run=True)
        except RefusedError as refused:
            return "requesting user" in str(refused)
        return False

    until(in_force, what="the admission policies are in force")
    names = ("approver", "patches-plans", OPERATOR, "author", "owner", "scaler")
    return {name: plane.user(name) for name in names}


@pytest.fixture(scope="module")
def plan(admin: DynamicClient, people: object, shared_namespace: str) -> Object:
    return create(admin, sample("capacityplan"), shared_namespace)


@pytest.fixture(scope="module")
def pool(admin: DynamicClient, people: object, shared_namespace: str) -> Object:
    return create(admin, sample("sfupool"), shared_namespace)


def approval(user: str, decision: str = "Approved") -> Object:
    return {"decision": decision, "user": user, "time": "2026-11-22T17:05:00Z"}


@pytest.mark.parametrize("decision", ["Approved", "Denied"])
def test_an_approver_decides_in_their_own_name(
    people: Mapping[str, DynamicClient], plan: Object, decision: str
) -> None:
    signed = changed(plan, {"spec.approval": approval("approver", decision)})

    decided = replace(people["approver"], signed, dry_run=True)

    assert decided["spec"]["approval"]["user"] == "approver"


@pytest.mark.parametrize(
    ("who", "named", "message"),
    [
        (
            "approver",
            "somebody-else",
            "spec.approval.user: must be the requesting user approver, not somebody-else",
        ),
        (
            "patches-plans",
            "patches-plans",
            "spec.approval: patches-plans lacks the verb approve on capacityplans in",
        ),
        (
            "patches-plans",
            "approver",
            "spec.approval: patches-plans lacks the verb approve on capacityplans in",
        ),
        (OPERATOR, OPERATOR, "spec.approval: the operator can never approve"),
        (OPERATOR, "approver", "spec.approval: the operator can never approve"),
    ],
)
@pytest.mark.parametrize("decision", ["Approved", "Denied"])
def test_nobody_else_decides(
    people: Mapping[str, DynamicClient],
    plan: Object,
    who: str,
    named: str,
    message: str,
    decision: str,
) -> None:
    signed = changed(plan, {"spec.approval": approval(named, decision)})

    with pytest.raises(RefusedError, match=message) as refused:
        replace(people[who], signed, dry_run=True)

    assert refused.value.code == 403


def test_a_plan_cannot_be_born_approved(
    people: Mapping[str, DynamicClient], shared_namespace: str
) -> None:
    born = sample(
        "capacityplan",
        {
            "metadata.name": "eu-west-1-0000000b",
            "spec.digest": "0000000b",
            "spec.approval": approval(OPERATOR),
        },
    )

    with pytest.raises(RefusedError, match="the operator can never approve"):
        create(people[OPERATOR], born, shared_namespace, dry_run=True)

    del born["spec"]["approval"]
    assert create(people[OPERATOR], born, shared_namespace, dry_run=True)


def test_an_approval_is_withdrawn_by_an_approver_only(
    admin: DynamicClient, people: Mapping[str, DynamicClient], shared_namespace: str
) -> None:
    approved = sample(
        "capacityplan",
        {
            "metadata.name": "eu-west-1-0000000c",
            "spec.digest": "0000000c",
            "spec.approval": approval("admin"),
        },
    )
    stored = create(admin, approved, shared_namespace)

    withdrawn = changed(stored, {"spec.approval": approval("patches-plans", "Denied")})
    with pytest.raises(RefusedError, match="lacks the verb approve"):
        replace(people["patches-plans"], withdrawn, dry_run=True)

    withdrawn = changed(stored, {"spec.approval": approval("approver", "Denied")})
    assert replace(people["approver"], withdrawn, dry_run=True)


def test_an_author_without_the_right_cannot_have_the_target_written(
    people: Mapping[str, DynamicClient], shared_namespace: str
) -> None:
    with pytest.raises(RefusedError) as refused:
        create(people["author"], sample("sfupool"), shared_namespace, dry_run=True)

    assert refused.value.code == 403
    assert (
        "spec.target: author may not patch horizontalpodautoscalers"
        f" {shared_namespace}/sfu-eu-west-1, so may not have Meetscale write it"
    ) in str(refused.value)


@pytest.mark.parametrize(
    ("who", "changes"),
    [
        ("author", {"spec.target": ABSENT, "spec.mode": "Observe"}),
        ("owner", {}),
        ("owner", SCALE),
        ("scaler", SCALE),
    ],
)
def test_an_author_with_the_right_can(
    people: Mapping[str, DynamicClient],
    shared_namespace: str,
    who: str,
    changes: Mapping[str, object],
) -> None:
    document = sample("sfupool", {**changes, "metadata.name": "another"})

    assert create(people[who], document, shared_namespace, dry_run=True)


@pytest.mark.parametrize(
    "changes",
    [
        {"spec.maxReplicas": 700},
        {"spec.mode": "Observe"},
        {"spec.demand.matchLabels": {"sfu_pool": "everything"}},
        {"spec.cost": ABSENT},
        {"spec.override": {"pinnedReplicas": 600, "pinUntil": "2027-05-29T22:00:00Z"}},
    ],
)
def test_steering_somebody_elses_pool_needs_the_right_too(
    people: Mapping[str, DynamicClient], pool: Object, changes: Mapping[str, object]
) -> None:
    steered = changed(pool, changes)

    with pytest.raises(RefusedError, match="author may not patch horizontalpodautoscalers"):
        replace(people["author"], steered, dry_run=True)

    assert replace(people["owner"], steered, dry_run=True)


@pytest.mark.parametrize(
    "changes",
    [
        {"spec.override": {"freeze": "All", "freezeUntil": "2027-05-29T22:00:00Z"}},
        {"metadata.labels.team": "sre"},
    ],
)
def test_freezing_and_labelling_steer_nothing(
    people: Mapping[str, DynamicClient], pool: Object, changes: Mapping[str, object]
) -> None:
    assert replace(people["author"], changed(pool, changes), dry_run=True)


def test_a_link_does_not_lend_out_rights_either(
    people: Mapping[str, DynamicClient], shared_namespace: str
) -> None:
    document = sample("egresslink", TRANSIT)

    with pytest.raises(RefusedError, match="author may not patch transits"):
        create(people["author"], document, shared_namespace, dry_run=True)

    assert create(people["owner"], document, shared_namespace, dry_run=True)
    assert create(people["author"], sample("egresslink"), shared_namespace, dry_run=True)


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("more", {"spec.maxMbps": 1000000}),
        ("nothing-bought", {"spec.committedMbps": 0}),
        ("another-usage", {"spec.usage": ABSENT}),
    ],
)
def test_steering_somebody_elses_link_needs_the_right_too(
    admin: DynamicClient,
    people: Mapping[str, DynamicClient],
    shared_namespace: str,
    name: str,
    changes: Mapping[str, object],
) -> None:
    link = create(admin, sample("egresslink", {**TRANSIT, "metadata.name": name}), shared_namespace)
    steered = changed(link, changes)

    with pytest.raises(RefusedError, match="author may not patch transits"):
        replace(people["author"], steered, dry_run=True)

    assert replace(people["owner"], steered, dry_run=True)
    assert replace(people["author"], changed(link, {"metadata.labels.team": "net"}), dry_run=True)
