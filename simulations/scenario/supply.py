"""What stands between an order and a participant: boots, servers, metrics, clients, faults."""

from enum import StrEnum
from typing import Annotated, Self

from pydantic import Field, model_validator

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


class Supply(Part):
    """What the pool's resource does not say about its servers.

    The default boot is the spread of published starts (JVB on new nodes 240 s in the mean, minutes
    more with image pulls); how a server degrades and refuses is ours.
    """

    initial_servers: Servers | None = None
    """Ready at the start, for every policy; by default what demand needs, reserve included, until
    the first servers ordered in the run can serve."""
    boot: Boot = Boot()
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
    """What people do whose join was refused."""

    patience_seconds: PositiveSeconds = 600
    """Mean time for which they retry, in seconds; exponential."""


class FaultKind(StrEnum):
    """What can go wrong."""

    NO_DATA = "NoData"
    """Prometheus answers nothing."""
    PARTIAL = "Partial"
    """Some servers' targets vanish; sums fall without an error."""
    STALE = "Stale"
    """The last sample is repeated."""


class Fault(Part):
    """Something wrong on [start, start + durationSeconds)."""

    name: ScenarioName
    kind: FaultKind
    start: Moment
    duration_seconds: PositiveSeconds
    pools: Annotated[tuple[str, ...], Field(max_length=100)] = ()
    """Names of the pools concerned; none means all."""
    share: PositiveShare = 0.4
    """For Partial: the share of targets that vanish."""
