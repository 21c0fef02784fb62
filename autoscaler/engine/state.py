"""What the engine remembers from tick to tick."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from autoscaler.capacity.measured import Measured
from autoscaler.engine.dated import Plan
from autoscaler.planner.links import Expected, LinkState
from autoscaler.planner.links.growth import LinkOutlook
from autoscaler.planner.outlook import PoolOutlook
from autoscaler.planner.settings import PoolSettings
from autoscaler.planner.state import PoolState
from autoscaler.planner.weeks import WeeklyPeaks
from forecast.calendar import Event
from forecast.fitted import Fitted
from forecast.record import Record
from forecast.result import Forecast


@dataclass(frozen=True, slots=True, eq=False)
class Outlooks:
    """What forecast and calendar ask of the pools, and of which inputs that is a function."""

    pools: tuple[PoolSettings, ...]
    events: tuple[Event, ...]
    forecast: Forecast | None
    by_name: Mapping[str, PoolOutlook]
    steps: dict[str, Plan] = field(default_factory=dict)
    """The dated steps last made for each pool, with what they are a function of."""
    weeks: WeeklyPeaks | None = None
    links: dict[str, tuple[object, LinkOutlook]] = field(default_factory=dict)
    """The growth last found for each link, with the key that it is a function of."""
    traffic: dict[str, tuple[object, Expected]] = field(default_factory=dict)
    """What each link is expected to carry, likewise."""

    def are_of(
        self,
        pools: tuple[PoolSettings, ...],
        *,
        events: tuple[Event, ...],
        forecast: Forecast | None,
        weeks: WeeklyPeaks | None,
    ) -> bool:
        """Say whether these outlooks are of these inputs."""
        return (
            forecast is self.forecast
            and weeks is self.weeks
            and events == self.events
            and pools == self.pools
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """What a tick leaves to the next.

    `pools`, `links`, `forecast`, `weeks`, `record` and `measured` must survive a restart
    (`engine.codec` writes them); the rest is made anew. `forecast` is the last trusted one: it
    holds a row of an older one for each pool that was blind when it was made. `weeks` come of the
    same histories. `record` is what was issued and how good it was. `measured` is what pools'
    servers carry, as last accepted.
    """

    pools: Mapping[str, PoolState] = field(default_factory=dict)
    forecast: Forecast | None = None
    links: Mapping[str, LinkState] = field(default_factory=dict)
    weeks: WeeklyPeaks | None = None
    record: Record | None = None
    measured: Mapping[str, Measured] = field(default_factory=dict)
    fitted: Fitted | None = field(default=None, compare=False, repr=False)
    outlooks: Outlooks | None = field(default=None, compare=False, repr=False)

    @classmethod
    def empty(cls) -> "State":
        """Nothing remembered."""
        return cls()
