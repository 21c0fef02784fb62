"""What a link's plan is made of, what it says, and what it leaves to the next."""

import math
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import accumulate, chain
from typing import NamedTuple

from autoscaler.leadtime.approvals import Approvals
from autoscaler.planner.links.burst import BurstMeter
from autoscaler.planner.links.delivery import Deliveries
from autoscaler.planner.reasons import Reason

WEEK = 604_800


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """What a link will carry, Mbit/s: `path[k]` from `start + k * step_seconds` on.

    Past the path's end goes what weekly growth makes of the highest traffic of a week: `weekly[k]`
    in the week that begins at `monday + k * WEEK`.
    """

    start: int
    step_seconds: int
    path: Sequence[float]
    monday: int = 0
    weekly: Sequence[float] = ()
    highest: Sequence[float] = field(init=False, repr=False, compare=False)
    """The most of the path up to and with each step: made with it, and asked for at every tick."""
    records: Sequence[tuple[float, int]] = field(init=False, repr=False, compare=False)
    """How much is expected where it is more than ever before, and when (epoch seconds)."""

    def __post_init__(self) -> None:
        records, most = [], -math.inf
        for due, mbps in chain(zip(self._starts(), self.path, strict=True), self._beyond()):
            if mbps > most:
                most = mbps
                records.append((mbps, due))
        object.__setattr__(self, "highest", list(accumulate(self.path, max)))
        object.__setattr__(self, "records", records)

    @property
    def end(self) -> int:
        """When the path ends (epoch seconds)."""
        return self.start + len(self.path) * self.step_seconds

    def most_until(self, time: int) -> float:
        """Return the most expected up to `time`: by the path, and by growth past its end."""
        last = min((time - self.start) // self.step_seconds, len(self.path) - 1)
        most = self.highest[last] if last >= 0 else 0.0
        if time < self.end:
            return most
        weeks = max(0, (time - self.monday) // WEEK + 1)
        return max(most, max(self.weekly[:weeks], default=0.0))

    def above(self, mbps: float) -> Sequence[tuple[float, int]]:
        """Return the records above so much, in order."""
        return self.records[bisect_right(self.records, (mbps, math.inf)) :]

    def _starts(self) -> Sequence[int]:
        return range(self.start, self.end, self.step_seconds)

    def _beyond(self) -> Sequence[tuple[int, float]]:
        """Return when, past the path's end, how much is expected: (epoch seconds, Mbit/s)."""
        starts = [self.monday + index * WEEK for index in range(len(self.weekly))]
        return [
            (max(begin, self.end), mbps)
            for begin, mbps in zip(starts, self.weekly, strict=True)
            if begin + WEEK > self.end
        ]


class Traffic(NamedTuple):
    """What a link carries `now` and is expected to carry, Mbit/s.

    `now` is measured, or else what observed participants send (None: nobody knows).
    """

    now: float | None
    expected: Expected

    def most_until(self, time: int) -> float:
        """Return the most that is seen or expected up to `time`."""
        return max(self.now or 0.0, self.expected.most_until(time))


class LinkOrder(NamedTuple):
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


class LinkPlan(NamedTuple):
    """What a link needs (traffic at the planned utilization), and the total to have ordered now.

    `rides`: a burst above what is ordered costs nothing, so nothing is ordered for it. `port_open`:
    nor does it until an order placed now is delivered, so the whole port may be used meanwhile.
    """

    need: float
    order: float
    rides: bool
    port_open: bool
    reasons: tuple[Reason, ...]
    steps: tuple[LinkOrder, ...]
    approval: LinkOrder | None
