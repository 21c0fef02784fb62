"""`SFUPool`: a fleet of like SFU servers in one region, sized as one number."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from autoscaler.engine.observation import DemandState
from autoscaler.planner.settings import Mode, Semantics
from autoscaler.resources.bounds import KeyedBy
from autoscaler.resources.common import (
    Column,
    LocalReference,
    Names,
    Part,
    Reported,
    Resource,
    ResourceStatus,
)
from autoscaler.resources.demand import DemandQuery
from autoscaler.resources.policy import (
    CostPolicy,
    Guard,
    Launch,
    LeadTimePrior,
    Override,
    PoolApproval,
    Release,
    ReservePolicy,
    Risk,
    Supply,
)
from autoscaler.resources.rules import Rule, rule, unchanged
from autoscaler.resources.scalars import (
    Count,
    Identifier,
    ObjectName,
    Participants,
    PositiveServers,
    Servers,
    Timestamp,
    TimeZone,
    Uid,
)
from autoscaler.resources.server import Server
from autoscaler.resources.target import Target


class ForecastPolicy(Part):
    """How demand is forecast."""

    shape_from: LocalReference | None = None
    """SFUPool whose weekly shape this one borrows until it has a week of its own."""
    time_zone: TimeZone = "UTC"
    """Zone by whose clocks the pool's people live: days and weeks repeat by these."""


class SFUPoolSpec(Part):
    """What the owner of a pool wants."""

    mode: Mode = Mode.OBSERVE
    """Observe: forecast and report. Recommend: plans wait for approval. Act: write the target."""
    region: Identifier | None = None
    """Region that the pool serves."""
    demand: DemandQuery
    """Where demand is read."""
    forecast: ForecastPolicy = ForecastPolicy()
    """How demand is forecast."""
    server: Server
    """One server of the pool."""
    target: Target | None = None
    """What is written, and what the number means."""
    min_replicas: Servers
    """Fewest servers, whatever is forecast."""
    max_replicas: PositiveServers
    """Most servers, whatever is needed."""
    risk: Risk = Risk(shortage_cost=19, idle_cost=1)
    """How much shortage to accept."""
    lead_time: LeadTimePrior = LeadTimePrior()
    """How far ahead to order until enough starts were measured."""
    reserve: ReservePolicy = ReservePolicy()
    """Capacity kept for what may be lost."""
    launch: Launch = Launch()
    """What the supplier of servers delivers."""
    supply: Supply = Supply()
    """How many servers the supplier has."""
    cost: CostPolicy | None = None
    """What the pool may cost."""
    release: Release = Release()
    """When and how fast capacity may be given back."""
    approval: PoolApproval = PoolApproval()
    """When a person is asked before anything is written."""
    override: Override | None = None
    """What a person on duty decides for now; keep it out of Git."""
    links: Annotated[tuple[LocalReference, ...], Field(max_length=8), KeyedBy("name")] = ()
    """EgressLinks that this pool's traffic leaves by."""

    @rule(
        "self.minReplicas <= self.maxReplicas",
        message="minReplicas must not exceed maxReplicas",
        field="minReplicas",
    )
    def _bounds_are_ordered(self) -> bool:
        return self.min_replicas <= self.max_replicas

    @rule(
        "self.mode == 'Observe' || has(self.target)",
        message="modes Recommend and Act need a target",
        field="target",
        reason="FieldValueRequired",
    )
    def _writing_needs_a_target(self) -> bool:
        return self.mode is Mode.OBSERVE or self.target is not None

    @rule(
        "!has(self.target) || self.target.semantics != 'Headroom' || has(self.server.workload)",
        message="Headroom is the floor minus the servers that exist:"
        " server.workload must say what counts them",
        field="server.workload",
        reason="FieldValueRequired",
    )
    def _headroom_counts_servers(self) -> bool:
        headroom = self.target is not None and self.target.semantics is Semantics.HEADROOM
        return not headroom or self.server.workload is not None

    @rule(
        "!has(self.cost) || !(has(self.cost.maxHourly) || has(self.cost.maxMonthly))"
        " || has(self.server.hourlyCost)",
        message="cost.maxHourly and cost.maxMonthly need server.hourlyCost:"
        " without it nothing can be counted",
        field="server.hourlyCost",
        reason="FieldValueRequired",
    )
    def _ceiling_has_a_price(self) -> bool:
        cost = self.cost
        limited = cost is not None and (cost.max_hourly, cost.max_monthly) != (None, None)
        return not limited or self.server.hourly_cost is not None

    @rule(
        "!has(self.release) || self.release.guard != 'DenyUnlessReleased'"
        " || has(self.server.selector)",
        message="the guard needs server.selector: nobody could be released otherwise",
        field="server.selector",
        reason="FieldValueRequired",
    )
    def _guard_finds_servers(self) -> bool:
        guarded = self.release.guard is Guard.DENY_UNLESS_RELEASED
        return not guarded or self.server.selector is not None

    _target_stays = Rule(
        cel=f"oldSelf.mode != 'Act' || {unchanged('target')}",
        message="target is immutable while mode is Act: set mode to Observe first",
        field="target",
        reason="FieldValueForbidden",
    )


class DemandStatus(Reported):
    """The newest demand, and how far it can be trusted."""

    participants: Participants | None = None
    """Participants present plus joins refused."""
    state: DemandState
    """How far the number can be trusted."""
    sample_time: Timestamp | None = None
    """When it was measured."""


class CapacityStatus(Reported):
    """Replicas of the target."""

    need: Count | None = None
    """What demand requires within the lead time, before any guard."""
    written: Count | None = None
    """What was last written."""
    ready: Count | None = None
    """What serves."""
    pending: Count | None = None
    """What is ordered and does not serve yet."""
    draining: Count | None = None
    """What holds old meetings and takes no new ones."""
    occupied: Count | None = None
    """What serves and holds a meeting."""


class LeadTimeStatus(Reported):
    """From ordering a server until it serves, as measured."""

    p50_seconds: Count
    """Median, in seconds."""
    p95_seconds: Count
    """95th percentile, in seconds: what ordering looks ahead."""
    samples: Count
    """Starts that were measured."""


class TargetStatus(Reported):
    """What was found and written at the target."""

    uid: Uid | None = None
    """UID of the object that was adopted."""
    adopted_value: Count | None = None
    """The number found at adoption."""
    last_write_time: Timestamp | None = None
    """When the number was last written."""


class SFUPoolStatus(ResourceStatus):
    """What was seen and done.

    Conditions: Ready, MetricsAvailable, ForecastReady, ScalingActive, ScalingLimited, Blind, Surge,
    Releasing.
    """

    demand: DemandStatus | None = None
    """The newest demand."""
    capacity: CapacityStatus | None = None
    """Replicas of the target."""
    lead_time: LeadTimeStatus | None = None
    """From ordering a server until it serves."""
    target: TargetStatus | None = None
    """What was found and written at the target."""
    plan: ObjectName | None = None
    """Name of the current CapacityPlan."""


class SFUPool(Resource):
    """A fleet of like SFU servers in one region, sized as one number."""

    names: ClassVar[Names] = Names(
        plural="sfupools",
        singular="sfupool",
        short="sfup",
        columns=(
            Column("Mode", ".spec.mode"),
            Column("Need", ".status.capacity.need", "integer"),
            Column("Written", ".status.capacity.written", "integer"),
            Column("Ready", ".status.capacity.ready", "integer"),
            Column("Demand", ".status.demand.participants", "integer"),
            Column("State", ".status.demand.state"),
            Column("Ready?", '.status.conditions[?(@.type=="Ready")].status'),
            Column("Plan", ".status.plan", priority=1),
            Column("Target", ".spec.target.resource", priority=1),
            Column("Age", ".metadata.creationTimestamp", "date"),
        ),
    )

    kind: Literal["SFUPool"] = "SFUPool"
    spec: SFUPoolSpec
    status: SFUPoolStatus = SFUPoolStatus()

    @rule(
        "size(self.metadata.name) <= 52",
        message="name must be at most 52 characters: plans are named after it",
        field="metadata.name",
    )
    def _name_leaves_room(self) -> bool:
        return len(self.metadata.name) <= 52
