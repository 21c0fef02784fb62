from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from autoscaler.resources.load import load_object
from tests.autoscaler.resources.refusals import ACCEPTED, REFUSALS, Refusal
from tests.autoscaler.resources.samples import ABSENT, changed, sample
from tests.manifests.api import RefusedError, create

if TYPE_CHECKING:
    from kubernetes.dynamic import DynamicClient

    from tests.servers.plane import ControlPlane

pytestmark = pytest.mark.plane


@pytest.mark.parametrize(("name", "changes"), ACCEPTED)
def test_what_is_right_is_stored_as_the_models_read_it(
    admin: DynamicClient, name: str, changes: dict[str, object]
) -> None:
    document = sample(name, changes)

    stored = create(admin, document, "default", dry_run=True)

    assert load_object(stored).spec == load_object(document).spec


@pytest.mark.parametrize("refusal", REFUSALS, ids=lambda case: f"{case.sample}-{case.field}")
def test_what_is_wrong_is_refused_with_its_field_and_message(
    admin: DynamicClient, refusal: Refusal
) -> None:
    document = sample(refusal.sample, refusal.changes)

    with pytest.raises(RefusedError) as refused:
        create(admin, document, "default", dry_run=True)

    assert refused.value.code == 422
    assert refused.value.says(refusal.field, refusal.message), refused.value.causes


@pytest.mark.parametrize(
    ("name", "changes", "field"),
    [
        ("sfupool", {"spec.mode": "act"}, "spec.mode"),
        ("sfupool", {"spec.minReplicas": "6"}, "spec.minReplicas"),
        ("sfupool", {"spec.minReplicas": -1}, "spec.minReplicas"),
        ("sfupool", {"spec.maxReplicas": ABSENT}, "spec.maxReplicas"),
        ("sfupool", {"spec.target.semantics": ABSENT}, "spec.target.semantics"),
        ("sfupool", {"spec.server.hourlyCost": 1.7}, "spec.server.hourlyCost"),
        ("sfupool", {"spec.region": "x" * 64}, "spec.region"),
        ("sfupool", {"spec.links": [{"name": "x"}] * 2}, "spec.links[1]"),
        ("sfupool", {"spec.server.selector.matchLabels": {}}, "spec.server.selector.matchLabels"),
        ("egresslink", {"spec.tiers": []}, "spec.tiers"),
        ("demandevent", {"spec.recurring.timeZone": ABSENT}, "spec.recurring.timeZone"),
        ("demandevent", {"spec.recurring.exceptDates": ["12/24"]}, "spec.recurring.exceptDates[0]"),
        ("capacityplan", {"spec.steps": []}, "spec.steps"),
    ],
)
def test_what_has_the_wrong_shape_is_refused_by_both_at_the_same_field(
    admin: DynamicClient, name: str, changes: dict[str, object], field: str
) -> None:
    document = sample(name, changes)

    with pytest.raises(RefusedError) as refused:
        create(admin, document, "default", dry_run=True)
    with pytest.raises(Exception, match=field.split("[")[0].replace(".", r"\.")):
        load_object(document)

    assert field in [blamed for blamed, _ in refused.value.causes]


def test_an_unknown_field_is_refused_when_asked_to_be_strict(
    admin: DynamicClient, plane: ControlPlane
) -> None:
    from tests.servers.errors import ServerError

    document = sample("sfupool", {"spec.minReplica": 6, "metadata.namespace": "default"})

    with pytest.raises(ServerError, match=r'unknown field "spec\.minReplica"'):
        plane.kubectl("create", "--dry-run=server", "-f", "-", stdin=_json(document))


@pytest.mark.parametrize(
    ("name", "changes", "filled_in"),
    [
        (
            "sfupool",
            {
                "spec": {
                    "demand": {"query": "sum(participants)"},
                    "server": {"participants": 400},
                    "target": {
                        "group": "apps",
                        "version": "v1",
                        "resource": "deployments",
                        "name": "sfu",
                        "subresource": "scale",
                        "semantics": "Size",
                    },
                    "minReplicas": 1,
                    "maxReplicas": 9,
                }
            },
            {
                "spec.mode": "Observe",
                "spec.demand.staleAfterSeconds": 60,
                "spec.demand.minTargetsPercent": 90,
                "spec.server.terminationGracePeriodSeconds": 14400,
                "spec.forecast": {"timeZone": "UTC"},
                "spec.server.figures": "Cautious",
                "spec.target.serversPerReplica": 1,
                "spec.target.adopt": "IfUnowned",
                "spec.target.onDelete": "Keep",
                "spec.risk": {"shortageCost": 19, "idleCost": 1},
                "spec.leadTime": {"initialSeconds": 420, "reviewSeconds": 120},
                "spec.reserve": {"zones": 1, "zonesLost": 0},
                "spec.launch": {"perMinute": 60, "burst": 120},
                "spec.release": {
                    "policy": "Never",
                    "drainBy": "Deletion",
                    "guard": "None",
                    "stabilizationSeconds": 1800,
                    "maxPercentPerMinute": 10,
                },
                "spec.approval": {"expireAfterSeconds": 3600, "onExpiry": "Hold"},
            },
        ),
        (
            "sfupool",
            {"spec.release": {"policy": "WhenEmpty"}, "spec.cost.onExceeded": ABSENT},
            {
                "spec.cost.onExceeded": "Ask",
                "spec.release.drainBy": "Deletion",
                "spec.release.guard": "None",
                "spec.release.stabilizationSeconds": 1800,
                "spec.release.maxPercentPerMinute": 10,
            },
        ),
        (
            "egresslink",
            {
                "spec.mode": ABSENT,
                "spec.utilizationPercent": ABSENT,
                "spec.provider": ABSENT,
                "spec.approval": ABSENT,
                "spec.billing.period": ABSENT,
            },
            {
                "spec.mode": "Observe",
                "spec.utilizationPercent": 80,
                "spec.provider": {"type": "Manual"},
                "spec.approval": {"expireAfterSeconds": 86400, "onExpiry": "Hold"},
                "spec.billing.period": "Month",
            },
        ),
        ("capacityplan", {"spec.onExpiry": ABSENT}, {"spec.onExpiry": "Hold"}),
    ],
)
def test_defaults_are_filled_in_and_nothing_else(
    admin: DynamicClient,
    name: str,
    changes: dict[str, object],
    filled_in: dict[str, object],
) -> None:
    document = sample(name, changes)

    stored = create(admin, document, "default", dry_run=True)

    assert stored["spec"] == changed(document, filled_in)["spec"]


def _json(document: dict[str, object]) -> str:
    import json

    return json.dumps(document)
