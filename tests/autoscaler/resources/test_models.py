from datetime import UTC, datetime
from decimal import Decimal

import pytest
from pydantic import BaseModel, ValidationError

from autoscaler.planner.inventory import Freeze
from autoscaler.planner.settings import Mode, OnExceeded, ReleasePolicy, Semantics
from autoscaler.resources.common import Expiry, LabelSelector
from autoscaler.resources.demandevent import DemandEvent
from autoscaler.resources.kinds import KINDS
from autoscaler.resources.load import load_as
from autoscaler.resources.policy import DrainBy, Guard, Risk
from autoscaler.resources.sfupool import SFUPool
from autoscaler.resources.target import Adopt, OnDelete, Target
from tests.autoscaler.resources.samples import sample

LEAST = {
    "metadata": {"name": "eu"},
    "spec": {
        "demand": {"query": "sum(participants)"},
        "server": {"participants": 400},
        "minReplicas": 1,
        "maxReplicas": 9,
    },
}


def test_a_pool_says_little_and_gets_the_documented_defaults() -> None:
    pool = load_as(SFUPool, LEAST)
    spec = pool.spec

    assert pool.key == "default/eu"
    assert spec.mode is Mode.OBSERVE
    assert spec.target is None
    assert (spec.demand.stale_after_seconds, spec.demand.min_targets_percent) == (60, 90)
    assert spec.server.termination_grace_period_seconds == 14400
    assert (spec.risk.shortage_cost, spec.risk.idle_cost, spec.risk.quantile) == (19, 1, None)
    assert (spec.lead_time.initial_seconds, spec.lead_time.review_seconds) == (420, 120)
    assert (spec.reserve.zones, spec.reserve.zones_lost, spec.reserve.failover) == (1, 0, ())
    assert (spec.launch.per_minute, spec.launch.burst) == (60, 120)
    assert spec.release.policy is ReleasePolicy.NEVER
    assert spec.release.drain_by is DrainBy.DELETION
    assert spec.release.guard is Guard.NONE
    assert spec.release.stabilization_seconds == 1800
    assert spec.release.max_percent_per_minute == 10
    assert spec.approval.above_replicas is None
    assert (spec.approval.expire_after_seconds, spec.approval.on_expiry) == (3600, Expiry.HOLD)


def test_a_full_pool_is_read_as_written() -> None:
    override = {"freeze": "All", "freezeUntil": "2027-05-29T23:00:00+02:00"}
    spec = load_as(SFUPool, sample("sfupool", {"spec.override": override})).spec

    assert spec.target == Target(
        group="autoscaling",
        version="v2",
        resource="horizontalpodautoscalers",
        name="sfu-eu-west-1",
        semantics=Semantics.FLOOR,
        field_path="/spec/minReplicas",
        servers_per_replica=1,
        adopt=Adopt.IF_UNOWNED,
        on_delete=OnDelete.KEEP,
    )
    assert spec.server.hourly_cost == Decimal("1.70")
    assert spec.cost
    assert (spec.cost.max_hourly, spec.cost.on_exceeded) == (Decimal(900), OnExceeded.ASK)
    assert [(pool.name, pool.percent) for pool in spec.reserve.failover] == [("eu-central-1", 50)]
    assert spec.override
    assert spec.override.freeze is Freeze.ALL
    assert spec.override.freeze_until == datetime(2027, 5, 29, 21, tzinfo=UTC)


def test_models_cannot_be_changed() -> None:
    pool = load_as(SFUPool, LEAST)

    with pytest.raises(ValidationError, match="frozen"):
        pool.spec.min_replicas = 5


def test_rules_hold_for_objects_made_in_python_too() -> None:
    with pytest.raises(ValidationError, match="set either quantile or both"):
        Risk(shortage_cost=19)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_a_resource_written_out_reads_back_the_same(kind: type[BaseModel]) -> None:
    resource = kind.model_validate(sample(kind.__name__.lower()))

    written = resource.model_dump(mode="json", by_alias=True, exclude_none=True)

    assert kind.model_validate(written) == resource


def test_a_status_of_another_version_is_read_as_far_as_it_is_known() -> None:
    status = {
        "demand": {"state": "Observed", "participants": 8, "shiny": True},
        "conditions": [
            {
                "type": "Ready",
                "status": "True",
                "reason": "AllGood",
                "message": "",
                "lastTransitionTime": "2026-11-22T17:00:00Z",
            }
        ],
    }
    pool = load_as(SFUPool, {**LEAST, "status": status})

    assert pool.status.demand
    assert pool.status.demand.participants == 8
    assert pool.status.conditions[0].type == "Ready"


@pytest.mark.parametrize(
    ("wanted", "labels", "selected"),
    [
        ({}, {}, True),
        ({}, {"continent": "eu"}, True),
        ({"continent": "eu"}, {"continent": "eu", "tier": "1"}, True),
        ({"continent": "eu"}, {"continent": "us"}, False),
        ({"continent": "eu"}, {}, False),
    ],
)
def test_a_selector_selects_what_carries_all_its_labels(
    wanted: dict[str, str], labels: dict[str, str], selected: bool
) -> None:
    assert LabelSelector(match_labels=wanted).selects(labels) is selected


def test_an_event_with_a_tag_may_leave_its_size_to_be_learned() -> None:
    spec = {
        "tag": "all-hands",
        "once": {"startTime": "2026-03-02T15:00:00Z", "endTime": "2026-03-02T16:00:00Z"},
    }
    event = load_as(DemandEvent, {"metadata": {"name": "all-hands"}, "spec": spec})
    assert (event.spec.multiplier, event.spec.participants_per_pool) == (None, None)
