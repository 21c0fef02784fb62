from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.autoscaler.resources.samples import ABSENT, Object, changed, sample
from tests.manifests.api import RefusedError, create, patch_status, replace

if TYPE_CHECKING:
    from kubernetes.dynamic import DynamicClient

    from tests.servers.plane import ControlPlane

pytestmark = pytest.mark.plane

TARGET = (
    "spec.target",
    "target is immutable while mode is Act: set mode to Observe first",
)
PLAN = ("spec", "a plan is immutable except for its approval")
APPROVAL = (
    "spec.approval",
    "an approval may only be withdrawn: Approved to Denied, never back",
)
APPROVED = {"decision": "Approved", "user": "admin", "time": "2026-11-22T17:05:00Z"}
DENIED = {"decision": "Denied", "user": "admin", "time": "2026-11-22T17:06:00Z"}


@pytest.fixture(scope="module")
def stored(admin: DynamicClient, shared_namespace: str) -> dict[str, Object]:
    """Objects to be changed in dry runs."""
    approved = {"metadata.name": "eu-west-1-0000000a", "spec.digest": "0000000a"}
    denied = {"metadata.name": "eu-west-1-0000000d", "spec.digest": "0000000d"}
    objects = {
        "acting": sample("sfupool"),
        "observing": sample("sfupool", {"metadata.name": "observing", "spec.mode": "Observe"}),
        "plan": sample("capacityplan"),
        "approved plan": sample("capacityplan", {**approved, "spec.approval": APPROVED}),
        "denied plan": sample("capacityplan", {**denied, "spec.approval": DENIED}),
    }
    return {name: create(admin, body, shared_namespace) for name, body in objects.items()}


@pytest.mark.parametrize(
    ("which", "changes", "refusal"),
    [
        ("acting", {"spec.target.name": "another"}, TARGET),
        ("acting", {"spec.target.name": "another", "spec.mode": "Observe"}, TARGET),
        ("acting", {"spec.target": ABSENT, "spec.mode": "Observe"}, TARGET),
        ("acting", {"spec.mode": "Observe"}, None),
        ("acting", {"spec.maxReplicas": 700}, None),
        ("observing", {"spec.target.name": "another"}, None),
        ("observing", {"spec.target": ABSENT}, None),
        ("observing", {"spec.target.name": "another", "spec.mode": "Act"}, None),
        ("plan", {"spec.unit": "Mbps"}, PLAN),
        ("plan", {"spec.expireTime": "2026-11-22T19:00:00Z"}, PLAN),
        ("plan", {"spec.onExpiry": "Proceed"}, PLAN),
        ("plan", {"spec.allowance.upTo": 500}, PLAN),
        ("plan", {"spec.subject.generation": 8}, PLAN),
        ("plan", {"spec.cost": ABSENT}, PLAN),
        ("plan", {"spec.cost.planned": "1"}, PLAN),
        ("plan", {"spec.approval": APPROVED, "spec.allowance.upTo": 500}, PLAN),
        ("plan", {"spec.approval": APPROVED}, None),
        ("plan", {"spec.approval": DENIED}, None),
        ("approved plan", {"spec.approval": DENIED}, None),
        ("approved plan", {"spec.approval": ABSENT}, APPROVAL),
        ("approved plan", {"spec.approval.comment": "more, please"}, APPROVAL),
        ("denied plan", {"spec.approval": APPROVED}, APPROVAL),
        ("denied plan", {"spec.approval": ABSENT}, APPROVAL),
        ("denied plan", {"spec.approval.comment": "sorry"}, APPROVAL),
    ],
)
def test_what_must_not_change_does_not(
    admin: DynamicClient,
    stored: dict[str, Object],
    which: str,
    changes: dict[str, object],
    refusal: tuple[str, str] | None,
) -> None:
    body = changed(stored[which], changes)

    if refusal is None:
        assert replace(admin, body, dry_run=True)["spec"] == body["spec"]
    else:
        with pytest.raises(RefusedError) as refused:
            replace(admin, body, dry_run=True)
        assert refused.value.says(*refusal), refused.value.causes


def test_the_steps_of_a_plan_stay(admin: DynamicClient, stored: dict[str, Object]) -> None:
    steps = [{**stored["plan"]["spec"]["steps"][0], "to": 999}]

    with pytest.raises(RefusedError) as refused:
        replace(admin, changed(stored["plan"], {"spec.steps": steps}), dry_run=True)

    assert refused.value.says(*PLAN)


def test_status_is_written_on_its_own(admin: DynamicClient, namespace: str) -> None:
    status = {"observedGeneration": 1, "capacity": {"need": 90, "written": 90}}
    pool = create(admin, sample("sfupool", {"status": status}), namespace)

    assert "status" not in pool

    reported = patch_status(admin, pool, status)

    assert reported["status"] == status
    assert reported["spec"] == pool["spec"]
    assert reported["metadata"]["generation"] == pool["metadata"]["generation"] == 1

    replaced = replace(admin, changed(reported, {"spec.maxReplicas": 700, "status": ABSENT}))

    assert replaced["status"] == status
    assert replaced["metadata"]["generation"] == 2


def test_there_is_one_condition_of_a_type(admin: DynamicClient, namespace: str) -> None:
    pool = create(admin, sample("sfupool"), namespace)
    ready = {
        "type": "Ready",
        "status": "True",
        "reason": "AllGood",
        "message": "",
        "lastTransitionTime": "2026-11-22T17:00:00Z",
    }

    with pytest.raises(RefusedError) as refused:
        patch_status(admin, pool, {"conditions": [ready, {**ready, "status": "False"}]})

    assert [field for field, _ in refused.value.causes] == ["status.conditions[1]"]


@pytest.mark.parametrize(
    ("name", "short", "status", "columns", "values"),
    [
        (
            "sfupool",
            "sfup",
            {
                "capacity": {"need": 93, "written": 90, "ready": 88},
                "demand": {"participants": 35200, "state": "Observed"},
                "conditions": [
                    {
                        "type": "Ready",
                        "status": "True",
                        "reason": "AllGood",
                        "message": "",
                        "lastTransitionTime": "2026-11-22T17:00:00Z",
                    }
                ],
            },
            "NAME MODE NEED WRITTEN READY DEMAND STATE READY? AGE",
            "eu-west-1 Act 93 90 88 35200 Observed True",
        ),
        (
            "egresslink",
            "egl",
            {"usedMbps": 210000, "needMbps": 390000, "orderedMbps": 400000},
            "NAME MODE USED NEED ORDERED MAX EXHAUSTED READY? AGE",
            "eu-west-1-transit Recommend 210000 390000 400000 2000000",
        ),
        (
            "demandevent",
            "dev",
            {"nextStartTime": "2026-11-26T14:55:00Z", "selectedPools": 3},
            "NAME TAG NEXT POOLS MULTIPLIER PARTICIPANTS LEARNED READY? AGE",
            "all-hands all-hands 2026-11-26T14:55:00Z 3 2.5",
        ),
        (
            "capacityplan",
            "cplan",
            {"observedGeneration": 1},
            "NAME SUBJECT UP TO UNIT EXPIRES DECISION BY AGE",
            "eu-west-1-3f9a1c07 eu-west-1 230 replicas 2026-11-22T18:00:00Z",
        ),
    ],
)
def test_people_see_what_matters(
    admin: DynamicClient,
    plane: ControlPlane,
    namespace: str,
    name: str,
    short: str,
    status: Object,
    columns: str,
    values: str,
) -> None:
    patch_status(admin, create(admin, sample(name), namespace), status)

    header, row = plane.kubectl("get", short, "--namespace", namespace).splitlines()

    assert header.split() == columns.split()
    assert row.split()[: len(values.split())] == values.split()
    assert row.split()[0] in plane.kubectl("get", "autoscaling", "--namespace", namespace)
