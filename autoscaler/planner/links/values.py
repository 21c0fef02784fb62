"""What a link's plan is made of, what it says, and what it leaves to the next."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from autoscaler.leadtime.approvals import Approvals
from autoscaler.planner.links.burst import BurstMeter
from autoscaler.planner.links.delivery import Deliveries
from autoscaler.planner.reasons import Reason

WEEK = 604_800


@dataclass(frozen=True, slots=True, kw_only=True)
class Traffic:
    """What a link carries now and will carry, Mbit/s: `path[k]` from `start + k * step_seconds` on.

    `now` is measured, or else what observed participants send (None: nobody knows). Past the path's
    end goes what weekly growth makes of the highest traffic of a week: `weekly[k]` in the week that
    begins at `monday + k * WEEK`.
    """

    now: float | None
    start: int
    step_seconds: int
    path: Sequence[float]
    monday: int = 0
    weekly: Sequence[float] = ()

    @property
    def end(self) -> int:
        """When the path ends (epoch seconds)."""
        return self.start + len(self.path) * self.step_seconds

    def most_until(self, time: int) -> float:
        """Return the most expected up to `time`: by the path, and by growth past its end."""
        last = (time - self.start) // self.step_seconds
        most = max(self.path[: max(0, last + 1)], default=0.0)
        if time < self.end:
            return most
        weeks = max(0, (time - self.monday) // WEEK + 1)
        return max(most, max(self.weekly[:weeks], default=0.0))

    def beyond(self) -> Sequence[tuple[int, float]]:
        """Return when, past the path's end, how much is expected: (epoch seconds, Mbit/s)."""
        starts = [self.monday + index * WEEK for index in range(len(self.weekly))]
        return [
            (max(begin, self.end), mbps)
            for begin, mbps in zip(starts, self.weekly, strict=True)
            if begin + WEEK > self.end
        ]


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkOrder:
    """A dated order, Mbit/s in total, that `approver` must agree to (empty: nobody is asked)."""

    at: int
    ready_at: int
    from_: float
    to: float
    approver: str
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkState:
    """What a link's decisions remember: how long people take, and their suppliers; the burst."""

    approvals: Approvals = field(default_factory=Approvals)
    deliveries: Deliveries = field(default_factory=Deliveries)
    burst: BurstMeter | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkPlan:
    """What a link needs (traffic at the planned utilization), and the total to have ordered now.

    `rides`: a burst above what is ordered costs nothing, so the whole port may be used meanwhile.
    """

    need: float
    order: float
    rides: bool
    reasons: tuple[Reason, ...]
    steps: tuple[LinkOrder, ...]
    approval: LinkOrder | None
