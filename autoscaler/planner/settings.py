"""What owners of pools and links wrote, in servers, Mbit/s, seconds and money."""

from dataclasses import dataclass
from enum import StrEnum

from autoscaler.capacity.measured import Measured
from autoscaler.capacity.shape import MediaMix, ServerShape


class Mode(StrEnum):
    """How far Meetscale may go: report, propose, or write."""

    OBSERVE = "Observe"
    RECOMMEND = "Recommend"
    ACT = "Act"


class Semantics(StrEnum):
    """What the number written to a target means."""

    FLOOR = "Floor"
    SIZE = "Size"
    HEADROOM = "Headroom"


class OnExceeded(StrEnum):
    """What happens at the cost ceiling: ask a person, or clamp what the forecast adds."""

    ASK = "Ask"
    CLAMP = "Clamp"


class ReleasePolicy(StrEnum):
    """Whether a floor may fall at all."""

    NEVER = "Never"
    WHEN_EMPTY = "WhenEmpty"


@dataclass(frozen=True, slots=True)
class SupplyLimit:
    """Most servers that a supplier lets a pool have, by the `name` under which people know it."""

    name: str
    servers: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What bounds a pool. `None`: no such limit."""

    min_servers: int
    max_servers: int
    launch_per_minute: float
    launch_burst: int
    supply: tuple[SupplyLimit, ...] = ()
    """Quotas, addresses and stock, each of them a fact: the tightest binds."""
    max_hourly_cost: float | None = None
    max_monthly_cost: float | None = None
    """Of a calendar month, UTC."""
    on_exceeded: OnExceeded = OnExceeded.ASK
    approval_above: int | None = None

    @property
    def has_ceiling(self) -> bool:
        """Whether money is limited."""
        return self.max_hourly_cost is not None or self.max_monthly_cost is not None

    @property
    def tightest(self) -> SupplyLimit | None:
        """The limit of supply that is reached first."""
        return min(self.supply, key=lambda limit: limit.servers) if self.supply else None

    @property
    def quota(self) -> int | None:
        """Most servers that can be had at all; None: nobody said."""
        tightest = self.tightest
        return None if tightest is None else tightest.servers


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseSettings:
    """When and how fast a floor may fall."""

    policy: ReleasePolicy = ReleasePolicy.NEVER
    stabilization_seconds: int = 1800
    max_percent_per_minute: float = 10.0


@dataclass(frozen=True, slots=True)
class Failover:
    """Another pool, of whose demand this `share` (0 to 1) comes here when it is lost."""

    pool: str
    share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Reserve:
    """Capacity kept for losing `zones_lost` of `zones` equal zones, and the dearest other pool."""

    zones: int = 1
    zones_lost: int = 0
    failover: tuple[Failover, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PoolSettings:
    """One pool as its owner wants it."""

    name: str
    region: str
    mode: Mode
    semantics: Semantics | None
    quantile: float
    server: ServerShape
    mix: MediaMix
    limits: Limits
    release: ReleaseSettings
    reserve: Reserve
    lead_time_seconds: float
    """The prior, until enough starts were measured."""
    review_seconds: float
    """The longest pause between two decisions: ordering looks that much further ahead."""
    links: tuple[str, ...] = ()
    shape_from: str | None = None
    """The pool whose weekly shape this one borrows while it is young."""
    time_zone: str = "UTC"
    """By whose clocks (IANA) its days and weeks repeat."""
    measured: Measured | None = None
    """What `server` and `mix` come of besides what the owner declared; None: nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tier:
    """What it takes to have `up_to_mbps` in total. Empty approver: nobody is asked."""

    up_to_mbps: float
    lead_time_seconds: int
    approver: str


class BillingModel(StrEnum):
    """What of a link is paid for."""

    PERCENTILE95 = "Percentile95"
    PEAK = "Peak"
    COMMITTED = "Committed"
    PER_GIGABYTE = "PerGigabyte"


@dataclass(frozen=True, slots=True, kw_only=True)
class Billing:
    """How a link is paid for: `price` of one Mbit/s for a month, or of 10^9 bytes (PerGigabyte).

    Months begin by the clocks of `time_zone` (IANA).
    """

    model: BillingModel
    price: float
    time_zone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkSettings:
    """Egress that pools share, Mbit/s; tiers ascend and reach `max_mbps`, within the port."""

    name: str
    mode: Mode
    port_mbps: float
    committed_mbps: float
    step_mbps: float
    max_mbps: float
    utilization: float
    """Share of the ordered capacity that may be planned full, 0 to 1."""
    tiers: tuple[Tier, ...]
    billing: Billing | None = None
