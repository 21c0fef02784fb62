"""When a forecast is made, and where: beside the ticks, so that weeks of history delay none.

Prometheus may need seconds for four weeks, and a thousand pools a minute to be fitted on two cores.
Demand that surges in that minute is answered by ticks that go on with the forecast before.
"""

import logging
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import replace
from typing import Protocol

from autoscaler.engine.config import EngineConfig
from autoscaler.engine.observation import Observation
from autoscaler.engine.refresh import refresh
from autoscaler.engine.state import State
from autoscaler.ports.demand import DemandSource
from autoscaler.resources.sfupool import SFUPool
from forecast.errors import MeetscaleError

LOG = logging.getLogger(__name__)
QUARTER = 900
RETRY_SECONDS = 60
"""After a failure, and the least pause when pools came or went."""

Job = Callable[[], State]


class Executor(Protocol):
    """What runs a job; tests run it at once."""

    def submit(self, job: Job, /) -> Future[State]:
        """Run the job, now or later."""
        ...


class Forecasts:
    """Makes a forecast at start, after each quarter-hour, and when the pools are others."""

    def __init__(self, source: DemandSource, executor: Executor, *, config: EngineConfig) -> None:
        """`source` is this one's own: it is asked while the loop asks another."""
        self._source = source
        self._executor = executor
        self._config = config
        self._running: Future[State] | None = None
        self._asked_at: int | None = None
        self._asked_for: frozenset[str] = frozenset()

    def renew(self, state: State, observation: Observation, pools: Sequence[SFUPool]) -> State:
        """Return the state with a forecast that is done, and begin the next when it is due."""
        state = self._arrived(state)
        names = frozenset(pool.key for pool in pools)
        if self._running is None and names and self._due(names, now=observation.now):
            self._asked_at, self._asked_for = observation.now, names
            self._running = self._executor.submit(
                lambda: self._make(state, observation, tuple(pools))
            )
            state = self._arrived(state)
        return state

    def _make(self, state: State, observation: Observation, pools: Sequence[SFUPool]) -> State:
        history = self._source.history(pools, now=observation.now)
        booked = self._source.bookings(pools, history=history, now=observation.now)
        for name, why in booked.silence.items():
            LOG.warning("the forecast of %s goes on without bookings: %s", name, why)
        observation = replace(observation, history=history, bookings=booked.bookings)
        return refresh(observation, state, config=self._config)[1]

    def _due(self, names: frozenset[str], *, now: int) -> bool:
        if self._asked_at is None or now // QUARTER != self._asked_at // QUARTER:
            return True
        return names != self._asked_for and now - self._asked_at >= RETRY_SECONDS

    def _arrived(self, state: State) -> State:
        """Take over what the job made, and nothing else of its state: ticks went on meanwhile."""
        if self._running is None or not self._running.done():
            return state
        running, self._running = self._running, None
        try:
            made = running.result()
        except MeetscaleError as error:
            LOG.warning("no new forecast: %s", error)
        except Exception:
            LOG.exception("no new forecast")
        else:
            return replace(
                state,
                forecast=made.forecast,
                record=made.record,
                fitted=made.fitted,
                weeks=made.weeks,
            )
        self._asked_for = frozenset()
        return state
