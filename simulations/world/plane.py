"""The metrics plane: what of the world reaches a policy, how late, and what faults make of it."""

import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from autoscaler.engine.observation import Demand, DemandState
from forecast.history import PointState
from simulations.scenario.supply import FaultKind, MetricsPlane

_MINUTE = 60
_POINT = {
    DemandState.STALE: PointState.STALE,
    DemandState.PARTIAL: PointState.PARTIAL,
    DemandState.CENSORED: PointState.CENSORED,
    DemandState.EMPTY: PointState.MISSING,
}


class Sample(NamedTuple):
    """What one pool's servers and door counters say at a tick's end.

    `present` are participants on all servers, `on_ready` those on ready ones, `refused` first
    attempts refused within the tick; `nearly_full` makes participants a lower bound of demand.
    """

    present: float
    on_ready: float
    refused: float
    ready: int
    nearly_full: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """A fault of one pool's metrics on [start, end), epoch seconds."""

    kind: FaultKind
    start: int
    end: int
    share: float


class Seen(NamedTuple):
    """What a query returns; no sample where nothing was read.

    `visible` is how often each server is counted: below 1 where targets vanish, 2 where all are
    scraped twice.
    """

    demand: Demand
    sample: Sample | None
    visible: float


_NOTHING = Seen(
    Demand(state=DemandState.EMPTY, participants=None, sample_time=None), sample=None, visible=0.0
)


_LIES = frozenset({FaultKind.STUCK, FaultKind.DUPLICATE})
"""What looks like a value and is none."""


def _falls_in(time: int, share: float) -> bool:
    """Say of a share of all times, spread without a pattern, that they are among it."""
    return zlib.crc32(time.to_bytes(8, "big")) < share * 2**32


@dataclass(slots=True, kw_only=True)
class Plane:
    """One pool's metrics. `samples[i]` is taken at `first + i * tick_seconds`."""

    settings: MetricsPlane
    stale_after: int
    min_visible: float
    failures: Sequence[Failure]
    tick_seconds: int
    first: int
    samples: list[Sample] = field(default_factory=list)

    def query(self, now: int) -> Seen:
        """Return what a policy reads at `now`."""
        time = now - self.settings.lag_seconds
        failure = self._failure(now)
        if failure is None:
            return self._read(time, now=now, visible=1.0)
        if failure.kind is FaultKind.NO_DATA:
            return _NOTHING
        if failure.kind is FaultKind.STALE:
            return self._read(min(time, failure.start), now=now, visible=1.0)
        if failure.kind is FaultKind.STUCK:
            return self._read(time, now=now, visible=1.0, taken=min(time, failure.start))
        if failure.kind is FaultKind.LOST_SCRAPES:
            return self._read(self._last_scrape(time, failure), now=now, visible=1.0)
        if failure.kind is FaultKind.DUPLICATE:
            return self._read(time, now=now, visible=2.0)
        return self._read(time, now=now, visible=1.0 - failure.share)

    def no_data(self, now: int) -> bool:
        """Whether the world gives no valid value at `now`, whatever a policy makes of it."""
        failure = self._failure(now)
        if failure is None:
            return False
        return failure.kind in _LIES or not self.query(now).demand.state.trusted

    def point(self, time: int) -> tuple[float, PointState]:
        """Return what history keeps of the sample taken at `time`: participants and their state."""
        failure = self._failure(time)
        if failure is None:
            demand = self._read(time, now=time, visible=1.0).demand
        else:
            demand = self.query(time + self.settings.lag_seconds).demand
        value = float("nan") if demand.participants is None else demand.participants
        return value, _POINT.get(demand.state, PointState.OBSERVED)

    def _failure(self, now: int) -> Failure | None:
        for each in self.failures:
            if each.start <= now < each.end:
                return each
        return None

    def _last_scrape(self, time: int, failure: Failure) -> int:
        """Return when the newest scrape that did not fail was taken."""
        step = self.settings.scrape_seconds
        time = time // step * step
        while time >= failure.start and _falls_in(time, failure.share):
            time -= step
        return time

    def _read(self, time: int, *, now: int, visible: float, taken: int | None = None) -> Seen:
        """Read the scrape at `time`, which repeats what was so when it was `taken`, if later."""
        step = self.settings.scrape_seconds
        scraped = time // step * step
        true_at = scraped if taken is None else taken // step * step
        index = min(max((true_at - self.first) // self.tick_seconds, 0), len(self.samples) - 1)
        sample = self.samples[index]
        refused = self._refused_in_a_minute(index) * visible
        participants = sample.present * visible + refused
        demand = Demand(
            state=self._state(sample, refused, participants, age=now - scraped, visible=visible),
            participants=round(participants, 3),
            sample_time=scraped,
            refused=round(refused, 3),
        )
        return Seen(demand, sample, visible)

    def _refused_in_a_minute(self, index: int) -> float:
        span = max(_MINUTE // self.tick_seconds, 1)
        if span == 1:
            return self.samples[index].refused
        return sum(each.refused for each in self.samples[max(index + 1 - span, 0) : index + 1])

    def _state(
        self, sample: Sample, refused: float, participants: float, *, age: int, visible: float
    ) -> DemandState:
        if age > self.stale_after:
            return DemandState.STALE
        if visible < self.min_visible:
            return DemandState.PARTIAL
        if refused > 0.0 or sample.nearly_full:
            return DemandState.CENSORED
        return DemandState.OBSERVED if participants > 0.0 else DemandState.ZERO
