"""`EgressLink`: egress that pools share; a port, a commit bought in steps, and a bill."""

from enum import StrEnum
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from autoscaler.planner.settings import BillingModel, Mode
from autoscaler.resources.bounds import KeyedBy
from autoscaler.resources.common import (
    Column,
    ExpiryPolicy,
    Names,
    ObjectReference,
    Part,
    Reported,
    Resource,
    ResourceStatus,
)
from autoscaler.resources.rules import rule
from autoscaler.resources.scalars import (
    Approver,
    Count,
    Currency,
    FieldPath,
    Identifier,
    Mbps,
    Money,
    PositiveMbps,
    PositivePercent,
    PositiveSeconds,
    PromQL,
    Seconds,
    ShortText,
    Timestamp,
    TimeZone,
    Uid,
)
from autoscaler.resources.target import Adopt


class LinkTier(Part):
    """What it takes to have up to so much in total."""

    up_to_mbps: PositiveMbps
    """Total ordered that this tier reaches to, in Mbit/s."""
    lead_time_seconds: Seconds
    """From approval until it is delivered, in seconds."""
    approver: Approver = ""
    """Who has to approve; empty: nobody is asked."""


class Usage(Part):
    """How the link's traffic is measured."""

    query: PromQL
    """PromQL that gives one series: bit/s that leave by this link."""


class Billing(Part):
    """How the link is paid for."""

    model: BillingModel
    """Percentile95 (36 h of burst a month are free), Peak, Committed or PerGigabyte."""
    period: Literal["Month"] = "Month"
    """Over what the model is computed."""
    time_zone: TimeZone
    """IANA time zone in which the period begins."""
    currency: Currency
    """ISO 4217 code of the price."""
    price_per_mbps: Money | None = None
    """Price of one Mbit/s for one period."""
    price_per_gigabyte: Money | None = None
    """Price of 10^9 bytes sent."""

    @rule(
        "self.model == 'PerGigabyte'"
        " ? has(self.pricePerGigabyte) && !has(self.pricePerMbps)"
        " : has(self.pricePerMbps) && !has(self.pricePerGigabyte)",
        message="set pricePerGigabyte with model PerGigabyte, and pricePerMbps with every other",
        field="model",
    )
    def _has_its_price(self) -> bool:
        prices = (self.price_per_mbps is not None, self.price_per_gigabyte is not None)
        return prices == (
            (False, True) if self.model is BillingModel.PER_GIGABYTE else (True, False)
        )


class ProviderType(StrEnum):
    """Who makes an order real."""

    MANUAL = "Manual"
    HTTP = "HTTP"
    OBJECT = "Object"


class HTTPProvider(Part):
    """A provider of the operator's configuration: address and secrets are never the author's."""

    name: Identifier
    """Name of the provider in the operator's configuration."""
    link_id: Identifier
    """What the provider calls this link."""


class RateUnit(StrEnum):
    """The unit in which a provider counts."""

    BPS = "bps"
    MBPS = "Mbps"
    GBPS = "Gbps"


class ObjectProvider(ObjectReference):
    """A field of a Kubernetes object that holds the rate."""

    field_path: FieldPath
    """JSON pointer to the field."""
    unit: RateUnit
    """Unit of the number there."""
    adopt: Adopt = Adopt.IF_UNOWNED
    """IfUnowned refuses a field that another manager owns; Force takes it over once, and a later
    change by somebody else is reported and never fought."""


class Provider(Part):
    """Who makes an order real: a person, an HTTP service, or another operator by its object."""

    type: ProviderType = ProviderType.MANUAL
    """Manual: people confirm. HTTP: a provider of the operator's configuration. Object: a field."""
    http: HTTPProvider | None = None
    """With type HTTP."""
    object: ObjectProvider | None = None
    """With type Object."""

    @rule(
        "has(self.http) == (self.type == 'HTTP')",
        message="http goes with type HTTP",
        field="http",
    )
    def _http_goes_with_its_type(self) -> bool:
        return (self.http is not None) == (self.type is ProviderType.HTTP)

    @rule(
        "has(self.object) == (self.type == 'Object')",
        message="object goes with type Object",
        field="object",
    )
    def _object_goes_with_its_type(self) -> bool:
        return (self.object is not None) == (self.type is ProviderType.OBJECT)


class LinkApproval(ExpiryPolicy):
    """How long an order waits for a person."""

    expire_after_seconds: PositiveSeconds = 86400
    """How long a plan waits for its approval, in seconds."""


class EgressLinkSpec(Part):
    """What the link is, and what may be bought."""

    mode: Mode = Mode.OBSERVE
    """Observe: forecast and report. Recommend: plans wait for people. Act: order it."""
    port_mbps: PositiveMbps
    """What the port carries, in Mbit/s: physics, never exceeded."""
    committed_mbps: Mbps
    """Bought today, in Mbit/s."""
    step_mbps: PositiveMbps
    """Smallest amount that can be bought, in Mbit/s."""
    max_mbps: PositiveMbps
    """Most that can be bought, in Mbit/s."""
    utilization_percent: PositivePercent = 80
    """Share of what is ordered that may be planned full."""
    tiers: Annotated[
        tuple[LinkTier, ...], Field(min_length=1, max_length=16), KeyedBy("up_to_mbps")
    ]
    """What it takes to have so much in total; the smallest tier that reaches far enough applies."""
    usage: Usage | None = None
    """How traffic is measured; by default the sum of the link's pools."""
    billing: Billing | None = None
    """How the link is paid for."""
    provider: Provider = Provider()
    """Who makes an order real."""
    approval: LinkApproval = LinkApproval()
    """How long an order waits for a person."""

    @rule(
        "self.maxMbps <= self.portMbps",
        message="maxMbps must not exceed portMbps",
        field="maxMbps",
    )
    def _fits_its_port(self) -> bool:
        return self.max_mbps <= self.port_mbps

    @rule(
        "self.committedMbps <= self.maxMbps",
        message="committedMbps must not exceed maxMbps",
        field="committedMbps",
    )
    def _commit_can_be_bought(self) -> bool:
        return self.committed_mbps <= self.max_mbps

    @rule(
        "self.tiers.all(a, self.tiers.all(b,"
        " a.upToMbps <= b.upToMbps || a.leadTimeSeconds >= b.leadTimeSeconds))",
        message="a larger tier must not have a shorter lead time",
        field="tiers",
    )
    def _larger_takes_longer(self) -> bool:
        by_size = sorted(self.tiers, key=lambda tier: tier.up_to_mbps)
        waits = [tier.lead_time_seconds for tier in by_size]
        return waits == sorted(waits)

    @rule(
        "self.tiers.exists(tier, tier.upToMbps >= self.maxMbps)",
        message="the tiers must reach maxMbps",
        field="tiers",
    )
    def _tiers_reach_the_top(self) -> bool:
        return any(tier.up_to_mbps >= self.max_mbps for tier in self.tiers)

    @rule(
        "self.mode != 'Act' || self.provider.type != 'Manual'",
        message="a Manual provider is confirmed by people: use mode Recommend",
        field="mode",
    )
    def _people_are_asked(self) -> bool:
        return self.mode is not Mode.ACT or self.provider.type is not ProviderType.MANUAL

    @rule(
        "!has(self.provider.object) || self.provider.object.unit != 'Gbps'"
        " || [self.committedMbps, self.stepMbps, self.maxMbps].all(mbps, mbps % 1000 == 0)",
        message="unit Gbps needs committedMbps, stepMbps and maxMbps in multiples of 1000",
        field="provider.object.unit",
    )
    def _whole_in_its_unit(self) -> bool:
        other = self.provider.object
        bought = (self.committed_mbps, self.step_mbps, self.max_mbps)
        whole = all(mbps % 1000 == 0 for mbps in bought)
        return other is None or other.unit is not RateUnit.GBPS or whole


class Exhausted(Reported):
    """When the most that can be bought will not do any more."""

    p50: Timestamp | None = None
    """At median growth."""
    p90: Timestamp | None = None
    """At the 90th percentile of growth."""


class ProviderStatus(Reported):
    """What the link's provider says, where nobody buys by hand."""

    delivered_mbps: Count | None = None
    """What can be used, in Mbit/s."""
    message: ShortText | None = None
    """The provider's own words."""
    uid: Uid | None = None
    """The object whose field was taken over (type Object)."""


class EgressLinkStatus(ResourceStatus):
    """What the link carries and will have to carry, in Mbit/s."""

    used_mbps: Count | None = None
    """What it carries now."""
    need_mbps: Count | None = None
    """What it has to carry within its lead time."""
    ordered_mbps: Count | None = None
    """What is bought and on its way."""
    provider: ProviderStatus | None = None
    """What the provider says, where nobody buys by hand."""
    free_burst_minutes_left: Count | None = None
    """Minutes above the commit that this period still gives for nothing (Percentile95)."""
    exhausted: Exhausted | None = None
    """When the most that can be bought will not do any more."""


class EgressLink(Resource):
    """Egress that pools share: a port, a commit bought in steps behind approvals, and a bill."""

    names: ClassVar[Names] = Names(
        plural="egresslinks",
        singular="egresslink",
        short="egl",
        columns=(
            Column("Mode", ".spec.mode"),
            Column("Used", ".status.usedMbps", "integer"),
            Column("Need", ".status.needMbps", "integer"),
            Column("Ordered", ".status.orderedMbps", "integer"),
            Column("Max", ".spec.maxMbps", "integer"),
            Column("Exhausted", ".status.exhausted.p90"),
            Column("Ready?", '.status.conditions[?(@.type=="Ready")].status'),
            Column("Provider", ".spec.provider.type", priority=1),
            Column("Age", ".metadata.creationTimestamp", "date"),
        ),
    )

    kind: Literal["EgressLink"] = "EgressLink"
    spec: EgressLinkSpec
    status: EgressLinkStatus = EgressLinkStatus()

    @rule(
        "size(self.metadata.name) <= 52",
        message="name must be at most 52 characters: plans are named after it",
        field="metadata.name",
    )
    def _name_leaves_room(self) -> bool:
        return len(self.metadata.name) <= 52
