"""When pools are measured, and where: beside the ticks, once an hour, all pools together."""

import logging
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, replace
from typing import Protocol

from autoscaler.capacity.measured import Figures, Measured
from autoscaler.capacity.samples import Column
from autoscaler.capacity.verdict import Verdict, judge
from autoscaler.engine.observation import DemandState
from autoscaler.engine.state import State
from autoscaler.ports.demand import Reading
from autoscaler.ports.loads import LoadSource
from autoscaler.resources.sfupool import SFUPool
from forecast.errors import MeetscaleError

LOG = logging.getLogger(__name__)
HOUR = 3600
RETRY_SECONDS = 300
"""After a failure."""

Verdicts = Mapping[str, Verdict]
Job = Callable[[], Verdicts]


class Executor(Protocol):
    """What runs a job; tests run it at once."""

    def submit(self, job: Job, /) -> Future[Verdicts]:
        """Run the job, now or later."""
        ...


@dataclass(frozen=True, slots=True)
class Remeasured:
    """News of one pool: its first figures (`refused` empty), or those that were not taken."""

    pool: str
    measured: Measured | None
    refused: Mapping[Column, str]


class Calibrations:
    """Measures pools soon after the start, and from then on every hour.

    Only pools whose demand is observed: one that is blind, stale or partial is not measured, nor
    one that turns people away, whose servers do less for each than they should.
    """

    def __init__(self, source: LoadSource, executor: Executor) -> None:
        self._source = source
        self._executor = executor
        self._running: Future[Verdicts] | None = None
        self._due_at = 0
        self._refused: dict[str, frozenset[Column]] = {}
        self.news: tuple[Remeasured, ...] = ()
        """Of the last call of `renew`."""

    def renew(
        self, state: State, readings: Mapping[str, Reading], pools: Sequence[SFUPool], *, now: int
    ) -> State:
        """Return the state with what was measured meanwhile, and measure again when it is due."""
        self.news = ()
        state = self._arrived(_only(state, pools), readings, now=now)
        seen = [pool for pool in pools if _measurable(pool, readings)]
        if self._running is None and seen and now >= self._due_at:
            self._due_at = now + HOUR
            known = state.measured
            self._running = self._executor.submit(lambda: self._measure(seen, known, now=now))
            state = self._arrived(state, readings, now=now)
        return state

    def _measure(
        self, pools: Sequence[SFUPool], known: Mapping[str, Measured], *, now: int
    ) -> Verdicts:
        samples = self._source.loads(pools, now=now)
        return {name: judge(each, known.get(name), now=now) for name, each in samples.items()}

    def _arrived(self, state: State, readings: Mapping[str, Reading], *, now: int) -> State:
        if self._running is None or not self._running.done():
            return state
        running, self._running = self._running, None
        try:
            verdicts = running.result()
        except MeetscaleError as error:
            LOG.warning("nothing was measured: %s", error)
        except Exception:
            LOG.exception("nothing was measured")
        else:
            return self._taken(state, verdicts, readings)
        self._due_at = now + RETRY_SECONDS
        return state

    def _taken(self, state: State, verdicts: Verdicts, readings: Mapping[str, Reading]) -> State:
        measured, news = dict(state.measured), []
        for name, verdict in verdicts.items():
            if verdict.waiting:
                LOG.info("%s goes on with the figures it had: %s", name, verdict.waiting)
            if not _observed(readings.get(name)):
                continue
            refused = frozenset(verdict.refused)
            if refused - self._refused.get(name, frozenset()):
                news.append(Remeasured(name, None, verdict.refused))
            self._refused[name] = refused
            if verdict.measured is not None:
                if name not in measured:
                    news.append(Remeasured(name, verdict.measured, {}))
                measured[name] = verdict.measured
        self.news = tuple(news)
        return replace(state, measured=measured)


def _only(state: State, pools: Sequence[SFUPool]) -> State:
    """Forget pools that are gone, or whose owner wants nothing measured."""
    wanted = {pool.key for pool in pools if pool.spec.server.figures is not Figures.DECLARED}
    if state.measured.keys() <= wanted:
        return state
    kept = {name: each for name, each in state.measured.items() if name in wanted}
    return replace(state, measured=kept)


def _measurable(pool: SFUPool, readings: Mapping[str, Reading]) -> bool:
    return (
        pool.spec.demand.preset is not None
        and pool.spec.server.figures is not Figures.DECLARED
        and _observed(readings.get(pool.key))
    )


def _observed(reading: Reading | None) -> bool:
    return reading is not None and reading.demand.state is DemandState.OBSERVED
