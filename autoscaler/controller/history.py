"""When the forecaster's history is fetched: beside the ticks, so that no slow answer delays one."""

import logging
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from typing import Protocol

from autoscaler.ports.demand import DemandSource
from autoscaler.resources.sfupool import SFUPool
from forecast.errors import MeetscaleError
from forecast.history import History

LOG = logging.getLogger(__name__)
QUARTER = 900
RETRY_SECONDS = 60
"""After a failure, and the least pause when pools came or went."""

Fetch = Callable[[], History]


class Executor(Protocol):
    """What runs a fetch; tests run it at once."""

    def submit(self, fetch: Fetch, /) -> Future[History]:
        """Run the fetch, now or later."""
        ...


class HistoryFeed:
    """Asks for the history at start, after a quarter-hour, and when the pools are others."""

    def __init__(self, source: DemandSource, executor: Executor) -> None:
        self._source = source
        self._executor = executor
        self._running: Future[History] | None = None
        self._asked_at: int | None = None
        self._asked_for: frozenset[str] = frozenset()

    def poll(self, pools: Sequence[SFUPool], *, now: int) -> History | None:
        """Return a history that arrived since the last call, and ask for the next when due."""
        arrived = self._arrived()
        names = frozenset(pool.key for pool in pools)
        if self._running is None and names and self._due(names, now=now):
            self._asked_at, self._asked_for = now, names
            self._running = self._executor.submit(lambda: self._source.history(pools, now=now))
            arrived = self._arrived() or arrived
        return arrived

    def _due(self, names: frozenset[str], *, now: int) -> bool:
        if self._asked_at is None or now // QUARTER != self._asked_at // QUARTER:
            return True
        return names != self._asked_for and now - self._asked_at >= RETRY_SECONDS

    def _arrived(self) -> History | None:
        if self._running is None or not self._running.done():
            return None
        running, self._running = self._running, None
        try:
            return running.result()
        except MeetscaleError as error:
            LOG.warning("no new forecast: %s", error)
        except Exception:
            LOG.exception("no new forecast")
        self._asked_for = frozenset()
        return None
