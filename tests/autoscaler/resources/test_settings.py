"""Resources in the planner's units: the shipped samples, and what changes in them changes."""

from typing import Any, TypeVar

import pytest

from autoscaler.capacity.shape import ServerShape
from autoscaler.planner.inventory import Allowance, Controls, Freeze
from autoscaler.planner.settings import (
    Failover,
    Limits,
    Mode,
    ReleasePolicy,
    Reserve,
    Semantics,
    SupplyLimit,
    Tier,
)
from autoscaler.resources.capacityplan import CapacityPlan
from autoscaler.resources.egresslink import EgressLink
from autoscaler.resources.load import load_object
from autoscaler.resources.settings import (
    link_controls,
    link_settings,
    pool_controls,
    pool_settings,
)
from autoscaler.resources.sfupool import SFUPool
from tests.autoscaler.resources.samples import ABSENT, sample

R = TypeVar("R", SFUPool, EgressLink, CapacityPlan)
UID = "7d0c2a4e-6b0f-4a53-9d5e-3f2b8a1c9e10"
EIGHT_PM = 1_795_377_600
"""2026-11-22 20:00 UTC, before the sample plan's allowance ends."""


def made(kind: type[R], changes: dict[str, object]) -> R:
    resource = load_object(sample(kind.__name__.lower(), changes))
    assert isinstance(resource, kind)
    return resource


def pool(**changes: object) -> SFUPool:
    return made(SFUPool, {"metadata.uid": UID, **_dotted(changes)})


def plan(decision: str | None = "Approved", **changes: object) -> CapacityPlan:
    """Return the sample plan as somebody decided it, or as nobody has."""
    approval = {"decision": decision, "user": "ann", "time": "2026-11-22T17:30:00Z"}
    decided = {"spec.approval": approval} if decision is not None else {}
    return made(CapacityPlan, {**decided, **_dotted(changes)})


def _dotted(changes: dict[str, object]) -> dict[str, object]:
    return {name.replace("__", "."): value for name, value in changes.items()}


def test_a_pool_with_everything_said() -> None:
    settings = pool_settings(pool())
    assert settings.name == "sfu/eu-west-1"
    assert (settings.mode, settings.semantics) == (Mode.ACT, Semantics.FLOOR)
    assert settings.quantile == 0.95
    assert settings.server == ServerShape(
        participants=400.0,
        egress_mbps=2000.0,
        packets_per_second=450_000.0,
        hourly_cost=1.7,
        cores=16.0,
    )
    assert settings.limits == Limits(
        min_servers=6,
        max_servers=600,
        launch_per_minute=60.0,
        launch_burst=120,
        supply=(
            SupplyLimit("vcpu-quota", 500),
            SupplyLimit("public-addresses", 560),
            SupplyLimit("stock", 700),  # 400 of one type and 300 of another
        ),
        max_hourly_cost=900.0,
        max_monthly_cost=250_000.0,
        approval_above=50,
    )
    assert settings.release.policy is ReleasePolicy.NEVER
    assert settings.reserve == Reserve(
        zones=3, zones_lost=1, failover=(Failover("sfu/eu-central-1", 0.5),)
    )
    assert (settings.lead_time_seconds, settings.review_seconds) == (420.0, 120.0)
    assert settings.links == ("sfu/eu-west-1-transit",)


def test_the_tightest_limit_of_supply_binds() -> None:
    tightest = pool_settings(pool()).limits.tightest

    assert tightest == SupplyLimit("vcpu-quota", 500)


def test_a_pool_with_little_said_costs_nothing_and_asks_nobody() -> None:
    settings = pool_settings(
        pool(
            spec__cost=ABSENT,
            spec__approval=ABSENT,
            spec__target=ABSENT,
            spec__mode="Observe",
            spec__server={"participants": 100},
        )
    )
    assert settings.semantics is None
    assert settings.server == ServerShape(
        participants=100.0, egress_mbps=0.0, packets_per_second=0.0, hourly_cost=0.0
    )
    assert (settings.limits.max_hourly_cost, settings.limits.approval_above) == (None, None)


@pytest.mark.parametrize(
    ("risk", "quantile"),
    [
        ({"shortageCost": 19, "idleCost": 1}, 0.95),
        ({"shortageCost": 1, "idleCost": 1}, 0.5),
        ({"quantile": "0.99"}, 0.99),
    ],
)
def test_the_quantile_is_the_newsvendors(risk: dict[str, object], quantile: float) -> None:
    assert pool_settings(pool(spec__risk=risk)).quantile == quantile


def test_replicas_become_servers() -> None:
    four = pool(
        spec__target__serversPerReplica=4,
        spec__override={"pinnedReplicas": 20, "pinUntil": "2026-11-23T00:00:00Z"},
    )
    limits = pool_settings(four).limits
    assert (limits.min_servers, limits.max_servers, limits.approval_above) == (24, 2400, 200)
    assert pool_controls(four, plans=(), now=EIGHT_PM).pinned == 80
    allowance = pool_controls(four, plans=[plan()], now=EIGHT_PM).allowance
    assert allowance is not None
    assert allowance.up_to == 920.0


def test_a_freeze_carries_its_end() -> None:
    override = {"freeze": "All", "freezeUntil": "2026-11-22T20:00:00Z"}
    controls = pool_controls(pool(spec__override=override), plans=(), now=0)
    assert controls == Controls(freeze=Freeze.ALL, freeze_until=EIGHT_PM)


class TestAllowances:
    granted = Allowance(up_to=230.0, max_hourly_cost=391.0, until=1_795_399_200)

    @pytest.mark.parametrize(
        ("changes", "granted"),
        [
            ({}, True),
            ({"decision": None}, False),
            ({"decision": None, "spec__onExpiry": "Proceed"}, True),
            (
                {
                    "decision": None,
                    "spec__onExpiry": "Proceed",
                    "spec__expireTime": "2026-11-22T21:00:00Z",
                },
                False,
            ),
            ({"decision": "Denied", "spec__onExpiry": "Proceed"}, False),
            ({"spec__allowance__until": "2026-11-22T20:00:00Z"}, False),
            ({"spec__subject__uid": "another"}, False),
            ({"metadata__namespace": "elsewhere"}, False),
        ],
    )
    def test_a_plan_allows(self, changes: dict[str, Any], granted: bool) -> None:
        controls = pool_controls(pool(), plans=[plan(**changes)], now=EIGHT_PM)
        assert controls.allowance == (self.granted if granted else None)

    def test_the_widest_counts(self) -> None:
        wider = plan(spec__allowance__upTo=300)
        controls = pool_controls(pool(), plans=[plan(), wider, plan()], now=EIGHT_PM)
        assert controls.allowance is not None
        assert controls.allowance.up_to == 300.0

    def test_a_link_has_its_own(self) -> None:
        link = made(EgressLink, {"metadata.uid": UID})
        assert link_controls(link, plans=[plan()], now=EIGHT_PM).allowance is None
        of_link = plan(spec__subject__resource="egresslinks")
        assert link_controls(link, plans=[of_link], now=EIGHT_PM).allowance == self.granted


def test_a_link_with_its_tiers_in_order() -> None:
    settings = link_settings(made(EgressLink, {}))
    assert settings.name == "sfu/eu-west-1-transit"
    assert settings.utilization == 0.8
    assert settings.tiers == (
        Tier(up_to_mbps=500_000.0, lead_time_seconds=3600, approver=""),
        Tier(up_to_mbps=2_000_000.0, lead_time_seconds=432_000, approver="network-team"),
    )


def test_a_pool_lives_by_the_clocks_that_it_names() -> None:
    cairo = pool(spec__forecast__timeZone="Africa/Cairo")
    assert pool_settings(cairo).time_zone == "Africa/Cairo"
    assert pool_settings(pool(spec__forecast={})).time_zone == "UTC"


def test_a_pool_borrows_the_shape_of_one_beside_it() -> None:
    assert pool_settings(pool(spec__forecast__shapeFrom={"name": "eu-central-1"})).shape_from == (
        "sfu/eu-central-1"
    )
    assert pool_settings(pool()).shape_from is None
