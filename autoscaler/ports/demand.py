"""Where demand comes from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from autoscaler.engine.observation import Demand
from autoscaler.resources.egresslink import EgressLink
from autoscaler.resources.sfupool import SFUPool
from forecast.bookings import Bookings
from forecast.history import History


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What the metrics say of one pool now.

    `empty_servers` are scraped servers known to hold no room; None where nobody knows.
    `egress_mbps` is what the pool sends. `reason` says in a sentence why the demand is not to be
    trusted (empty when it is).
    """

    demand: Demand
    empty_servers: int | None = None
    egress_mbps: float | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Usage:
    """What a link carries, Mbit/s; None where nobody knows, and then `reason` says why."""

    mbps: float | None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class BookingsRead:
    """What is booked in the pools that say where to read it, and by pool why it is not known."""

    bookings: Bookings | None
    silence: Mapping[str, str]


class DemandSource(Protocol):
    """One query per preset for all pools, not one per pool."""

    def read(self, pools: Sequence[SFUPool], *, now: int) -> Mapping[str, Reading]:
        """Read demand by `namespace/name`. Never raises for one pool: its state says it."""
        ...

    def usage(self, links: Sequence[EgressLink], *, now: int) -> Mapping[str, Usage]:
        """Read what links with a query of their own carry, by `namespace/name`. Never raises."""
        ...

    def history(self, pools: Sequence[SFUPool], *, now: int) -> History:
        """Return the forecaster's window up to now, series by `namespace/name`."""
        ...

    def bookings(self, pools: Sequence[SFUPool], *, history: History, now: int) -> BookingsRead:
        """Read what is booked on the grid of a history, and beyond its end. Never raises."""
        ...
