"""What the owner of a pool allows: at which risk, how fast, for how much, and when to let go."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from autoscaler.planner.inventory import Freeze
from autoscaler.planner.run_out import MAX_HOURLY, MAX_MONTHLY, MAX_REPLICAS
from autoscaler.planner.settings import OnExceeded, ReleasePolicy
from autoscaler.resources.bounds import KeyedBy
from autoscaler.resources.common import ExpiryPolicy, Part
from autoscaler.resources.rules import rule
from autoscaler.resources.scalars import (
    Currency,
    Identifier,
    Money,
    ObjectName,
    PositivePercent,
    PositiveSeconds,
    Quantile,
    Seconds,
    Servers,
    ShortText,
    Timestamp,
    Weight,
)

STOCK = "stock"
"""The limit that all instance types in stock make together."""


class Risk(Part):
    """How much shortage to accept: from two costs, or as the quantile itself."""

    shortage_cost: Weight | None = None
    """What one missing server costs, relative to idleCost. 19 to 1 plans for the P95."""
    idle_cost: Weight | None = None
    """What one idle server costs, relative to shortageCost."""
    quantile: Quantile | None = None
    """The quantile of demand to have capacity for."""

    @rule(
        "has(self.quantile) ? !has(self.shortageCost) && !has(self.idleCost)"
        " : has(self.shortageCost) && has(self.idleCost)",
        message="set either quantile or both shortageCost and idleCost",
        field="quantile",
    )
    def _is_said_once(self) -> bool:
        costs = (self.shortage_cost is not None, self.idle_cost is not None)
        return costs == ((False, False) if self.quantile is not None else (True, True))


class LeadTimePrior(Part):
    """How far ahead to order until enough starts were measured."""

    initial_seconds: PositiveSeconds = 420
    """From ordering a server until it serves, in seconds."""
    review_seconds: PositiveSeconds = 120
    """Longest pause between two decisions, in seconds: ordering looks that much further ahead."""


class Failover(Part):
    """Another pool whose load this one takes in."""

    name: ObjectName
    """Name of the other pool."""
    percent: PositivePercent
    """Share of its demand that comes here when it is lost."""


class ReservePolicy(Part):
    """Capacity kept for what may be lost."""

    zones: Annotated[int, Field(strict=True, ge=1, le=32)] = 1
    """Zones that the servers are spread over equally."""
    zones_lost: Annotated[int, Field(strict=True, ge=0, le=31)] = 0
    """Zones that may be lost without a shortage."""
    failover: Annotated[tuple[Failover, ...], Field(max_length=16), KeyedBy("name")] = ()
    """Pools whose load to take in when they are lost."""

    @rule(
        "self.zonesLost < self.zones",
        message="zonesLost must be smaller than zones",
        field="zonesLost",
    )
    def _some_zone_is_left(self) -> bool:
        return self.zones_lost < self.zones


class Launch(Part):
    """What the supplier of servers delivers: a token bucket."""

    per_minute: Annotated[int, Field(strict=True, ge=1, le=100_000)] = 60
    """Servers a minute, sustained."""
    burst: Annotated[int, Field(strict=True, ge=1, le=100_000)] = 120
    """Servers at once."""


class SupplyLimit(Part):
    """Something that runs out: a quota, public addresses, the stock of an instance type."""

    name: Identifier
    """What people call it, such as vcpu-quota, public-addresses or c7i.4xlarge."""
    servers: Servers
    """Servers of this pool that it is enough for, those that exist included."""


class Supply(Part):
    """How many servers the supplier has for this pool. What pools share is divided by hand."""

    limits: Annotated[tuple[SupplyLimit, ...], Field(max_length=16), KeyedBy("name")] = ()
    """Quotas and addresses: each of them bounds the pool, the tightest binds and is named."""
    stock: Annotated[tuple[SupplyLimit, ...], Field(max_length=32), KeyedBy("name")] = ()
    """Instance types that stand in for one another: their sum bounds the pool, as `stock`."""

    @rule(
        "!has(self.limits) || !self.limits.exists(limit,"
        " limit.name in ['stock', 'maxReplicas', 'maxHourly', 'maxMonthly'])",
        message="stock, maxReplicas, maxHourly and maxMonthly name other limits",
        field="limits",
    )
    def _names_are_free(self) -> bool:
        taken = {STOCK, MAX_REPLICAS, MAX_HOURLY, MAX_MONTHLY}
        return not any(limit.name in taken for limit in self.limits)


class CostPolicy(Part):
    """What the pool may cost. Never holds back what observed demand needs."""

    currency: Currency
    """ISO 4217 code of every amount of this pool."""
    max_hourly: Money | None = None
    """Most the pool may cost an hour."""
    max_monthly: Money | None = None
    """Most the pool may cost in a calendar month, UTC, as far as the operator saw it."""
    on_exceeded: OnExceeded = OnExceeded.ASK
    """Above it: Ask a person with a CapacityPlan, or Clamp what the forecast adds."""


class DrainBy(StrEnum):
    """How a server is told to take no new meetings."""

    DELETION = "Deletion"
    LABEL = "Label"


class Guard(StrEnum):
    """Whether servers that were not released can be deleted by others."""

    NONE = "None"
    DENY_UNLESS_RELEASED = "DenyUnlessReleased"


class Release(Part):
    """When and how fast capacity may be given back."""

    policy: ReleasePolicy = ReleasePolicy.NEVER
    """Never lowers the floor, or WhenEmpty: servers go after their meetings ended."""
    drain_by: DrainBy = DrainBy.DELETION
    """Deletion: the pod's grace period is the drain. Label: a labelled server drains itself."""
    guard: Guard = Guard.NONE
    """DenyUnlessReleased: an admission policy denies deleting servers that were not released."""
    stabilization_seconds: Seconds = 1800
    """How long less must have been needed before anything is given back, in seconds."""
    max_percent_per_minute: PositivePercent = 10
    """Most of the pool that is given back in a minute, in percent."""


class PoolApproval(ExpiryPolicy):
    """When a person is asked before anything is written."""

    above_replicas: Servers | None = None
    """Ask above this number of servers, in mode Act too. Absent: only mode Recommend asks."""
    expire_after_seconds: PositiveSeconds = 3600
    """How long a plan waits for its approval, in seconds."""


class Override(Part):
    """What a person on duty decides for now. Keep it out of Git."""

    freeze: Freeze | None = None
    """Release: give nothing back. All: write nothing."""
    freeze_until: Timestamp | None = None
    """When the freeze ends."""
    pinned_replicas: Servers | None = None
    """The number of servers to hold, whatever is forecast."""
    pin_until: Timestamp | None = None
    """When the pin ends."""
    reason: ShortText = ""
    """Why, for whoever looks next."""

    @rule(
        "has(self.freeze) == has(self.freezeUntil)",
        message="freeze and freezeUntil go together: a freeze that never ends is forgotten",
        field="freezeUntil",
        reason="FieldValueRequired",
    )
    def _freeze_ends(self) -> bool:
        return (self.freeze is None) == (self.freeze_until is None)

    @rule(
        "!has(self.pinnedReplicas) || has(self.pinUntil)",
        message="pinnedReplicas needs pinUntil: a pin that never ends is forgotten",
        field="pinUntil",
        reason="FieldValueRequired",
    )
    def _pin_ends(self) -> bool:
        return self.pinned_replicas is None or self.pin_until is not None
