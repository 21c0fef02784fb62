"""What stands between an order and a participant: boots, servers, metrics, clients, faults."""

from enum import StrEnum
from typing import Annotated, Self

from pydantic import Field, model_validator
from pydantic.alias_generators import to_camel

from autoscaler.resources.bounds import KeyedBy
from autoscaler.resources.common import Part
from autoscaler.resources.scalars import PositiveSeconds, Seconds, Servers
from simulations.scenario.scalars import (
    Moment,
    PercentOf,
    PositiveShare,
    ScenarioName,
    blame,
)


class Boot(Part):
    """From launching a server until a room can be placed on it: lognormal, in seconds."""

    p50_seconds: PositiveSeconds = 240
    p95_seconds: PositiveSeconds = 600
    failed_percent: PercentOf = 0.0
    """Boots that never serve; each is replaced once it is given up."""
    give_up_seconds: PositiveSeconds = 900
    """When a failed boot is given up, in seconds after its launch."""

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.p95_seconds < self.p50_seconds:
            raise blame("p95Seconds", f"must be at least p50Seconds, which is {self.p50_seconds}")
        return self


class SupplyLevel(Part):
    """A number of servers, from a moment on."""

    start: Moment
    servers: Servers


Levels = Annotated[tuple[SupplyLevel, ...], Field(max_length=400), KeyedBy("start")]


class Supply(Part):
    """What the pool's resource does not say about its servers.

    The default boot is the spread of published starts (JVB on new nodes 240 s in the mean, minutes
    more with image pulls); how a server degrades and refuses is ours.
    """

    initial_servers: Servers | None = None
    """Ready at the start, for every policy; by default what demand needs, reserve included, until
    the first servers ordered in the run can serve."""
    boot: Boot = Boot()
    quota: Levels = ()
    """Most servers at once, booting and draining ones included, from each moment on."""
    stock: Levels = ()
    """Servers that the supplier gets to sell, at each moment; without any it always has some. What
    was released can be bought again."""
    refuse_above_percent: Annotated[float, Field(ge=100.0, le=1000.0)] = 120.0
    """A server refuses joins above this percentage of its rating; it degrades before."""
    cpu_at_rated: PositiveShare = 0.8
    """CPU utilisation at the rated load; grows in proportion and saturates at 1."""


class MetricsPlane(Part):
    """How the world's metrics reach a policy."""

    scrape_seconds: PositiveSeconds = 15
    lag_seconds: Seconds = 15
    """From a scrape until a query sees it, in seconds."""
    nearly_full: PositiveShare = 0.95
    """From this share of the capacity on, present participants are only a lower bound of demand."""


class Clients(Part):
    """What people do whose join was refused, or whose meeting was ended under them."""

    patience_seconds: PositiveSeconds = 600
    """Mean time for which they retry, in seconds; exponential."""
    rejoin_over_seconds: Seconds = 0
    """Those whose server went away come back evenly over so many seconds: the jitter of clients; 0
    is all at once."""


class FaultKind(StrEnum):
    """What can go wrong."""

    NO_DATA = "NoData"
    """Prometheus answers nothing."""
    PARTIAL = "Partial"
    """Some servers' targets vanish; sums fall without an error."""
    STALE = "Stale"
    """The last sample stays the newest."""
    STUCK = "Stuck"
    """An exporter repeats its last value, as if it were new."""
    DUPLICATE = "Duplicate"
    """Everything is scraped twice; sums double without an error."""
    LOST_SCRAPES = "LostScrapes"
    """Some scrapes fail; the sample before them stays the newest."""
    STOCK_OUT = "StockOut"
    """No launch succeeds; what is ordered waits."""
    SLOW_BOOT = "SlowBoot"
    """Servers launched meanwhile boot for a multiple of their time."""
    BOOT_FAILURE = "BootFailure"
    """A share of the servers launched meanwhile never serves."""
    SPOT_RECLAIM = "SpotReclaim"
    """A share of the ready servers is taken away after a notice."""
    ZONE_LOSS = "ZoneLoss"
    """A share of the ready servers is gone at once, and the meetings on them."""
    JOINS_FAIL = "JoinsFail"
    """Nobody gets in, whatever the capacity: a login or a billing service is down."""

    @property
    def takes_servers(self) -> bool:
        """Whether it happens at a moment, to servers."""
        return self in (FaultKind.SPOT_RECLAIM, FaultKind.ZONE_LOSS)

    @property
    def of_metrics(self) -> bool:
        """Whether it is between the world and who looks at it."""
        return self in _OF_METRICS


_OF_METRICS = frozenset(
    {
        FaultKind.NO_DATA,
        FaultKind.PARTIAL,
        FaultKind.STALE,
        FaultKind.STUCK,
        FaultKind.DUPLICATE,
        FaultKind.LOST_SCRAPES,
    }
)


class Fault(Part):
    """Something wrong on [start, start + durationSeconds), or at its start."""

    name: ScenarioName
    kind: FaultKind
    start: Moment
    duration_seconds: PositiveSeconds | None = None
    """How long it lasts; what takes servers away happens at its start."""
    pools: Annotated[tuple[str, ...], Field(max_length=100)] = ()
    """Names of the pools concerned; none means all."""
    share: PositiveShare = 0.4
    """Of targets that vanish (Partial), of scrapes (LostScrapes), of boots (BootFailure) or of
    ready servers (SpotReclaim, ZoneLoss)."""
    factor: Annotated[float, Field(ge=1.0, le=100.0)] = 5.0
    """For SlowBoot: what boot times are multiplied by."""
    notice_seconds: Seconds = 120
    """For SpotReclaim: from the notice, at the start, until the servers are gone."""

    @model_validator(mode="after")
    def _lasts(self) -> Self:
        if self.kind.takes_servers and self.duration_seconds is not None:
            raise blame("durationSeconds", f"must be left out: {self.kind} happens at its start")
        if not self.kind.takes_servers and self.duration_seconds is None:
            raise blame("kind", "must have durationSeconds: how long it lasts")
        return self

    @model_validator(mode="after")
    def _says_only_what_matters(self) -> Self:
        for field, kinds in _ONLY.items():
            if field in self.model_fields_set and self.kind not in kinds:
                names = " or ".join(sorted(kinds))
                raise blame(to_camel(field), f"must be left out: it goes with {names}")
        return self

    @property
    def lasting_seconds(self) -> int:
        """From its start until it is over, in seconds."""
        if self.kind is FaultKind.SPOT_RECLAIM:
            return self.notice_seconds
        return self.duration_seconds or 0


_ONLY = {
    "share": frozenset(
        {
            FaultKind.PARTIAL,
            FaultKind.LOST_SCRAPES,
            FaultKind.BOOT_FAILURE,
            FaultKind.SPOT_RECLAIM,
            FaultKind.ZONE_LOSS,
        }
    ),
    "factor": frozenset({FaultKind.SLOW_BOOT}),
    "notice_seconds": frozenset({FaultKind.SPOT_RECLAIM}),
}
