"""Everything a tick may know of the outer world. Whoever builds it has done all I/O."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from autoscaler.planner.inventory import Controls, Inventory
from autoscaler.planner.settings import LinkSettings, PoolSettings
from forecast.bookings import Bookings
from forecast.calendar import Event
from forecast.history import History


class DemandState(StrEnum):
    """How far a demand value can be trusted."""

    OBSERVED = "Observed"
    ZERO = "Zero"
    """Zero participants, confirmed by live targets."""
    CENSORED = "Censored"
    """A lower bound: joins were refused, or the pool was nearly full."""
    EMPTY = "Empty"
    STALE = "Stale"
    PARTIAL = "Partial"
    CONTRADICTED = "Contradicted"

    @property
    def trusted(self) -> bool:
        """Whether a decision may rest on it; where it is not, the pool is blind."""
        return self in (DemandState.OBSERVED, DemandState.ZERO, DemandState.CENSORED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Demand:
    """Participants who want to be in meetings: those present plus joins refused (retries once).

    `participants` is None exactly when nothing was read; an untrusted state may still carry a
    number, which is shown and never acted on. `refused` are the distinct joins refused in the last
    minute (0: none or unknown).
    """

    state: DemandState
    participants: float | None
    sample_time: int | None
    refused: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class PoolObservation:
    """One pool at one tick."""

    settings: PoolSettings
    demand: Demand
    inventory: Inventory
    controls: Controls = field(default_factory=Controls)


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkObservation:
    """One link at one tick. `ordered_mbps` counts what is bought and what is on its way.

    `silence` says why nobody knows what it carries (empty when somebody does).
    """

    settings: LinkSettings
    used_mbps: float | None
    ordered_mbps: float
    delivered_mbps: float
    controls: Controls = field(default_factory=Controls)
    silence: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """One tick. `history` is there when the forecast is due (and at the first tick), else None.

    `history.series_ids` are pool names, in any order; a pool it lacks has no history. `bookings`
    come with it, on its grid, where anybody tells of any.
    """

    now: int
    pools: tuple[PoolObservation, ...]
    links: tuple[LinkObservation, ...] = ()
    events: Sequence[Event] = ()
    history: History | None = None
    bookings: Bookings | None = None
