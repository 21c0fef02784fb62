"""The operator as it runs: ticks at their pace, everything told outside them, and a clean end."""

import logging
import threading
from collections.abc import Callable

from autoscaler.controller.health import Health
from autoscaler.controller.loop import Loop
from autoscaler.controller.metrics import Metrics
from autoscaler.controller.outbox import Outbox
from autoscaler.controller.reporter import Reporter
from autoscaler.controller.statekeeper import StateKeeper
from autoscaler.controller.tick import wrote
from autoscaler.errors import KubernetesError
from autoscaler.ports.clock import Clock

LOG = logging.getLogger(__name__)
FLUSH_SECONDS = 10.0
"""At the end: half of what a pod's default grace period leaves."""


class Operator:
    """Runs ticks until it is stopped. No failure of one tick ends it."""

    def __init__(
        self,
        *,
        loop: Loop,
        reporter: Reporter,
        keeper: StateKeeper,
        outbox: Outbox,
        metrics: Metrics,
        health: Health,
        clock: Clock,
        tick_seconds: float,
        is_leader: Callable[[], bool],
    ) -> None:
        self._loop = loop
        self._reporter = reporter
        self._keeper = keeper
        self._outbox = outbox
        self._metrics = metrics
        self._health = health
        self._clock = clock
        self._tick_seconds = tick_seconds
        self._is_leader = is_leader
        self._loaded = False

    def run(self, stop: threading.Event) -> None:
        """Tick until `stop`; then tell what is still to be told, and return."""
        self._outbox.start()
        while not stop.is_set():
            began = self._clock.monotonic()
            self.turn()
            stop.wait(max(0.0, self._tick_seconds - (self._clock.monotonic() - began)))
        self._end()

    def turn(self) -> None:
        """Do one tick, whatever comes of it."""
        try:
            self._turn()
        except KubernetesError as error:
            self._metrics.ticks.labels("unlisted").inc()
            LOG.warning("nothing done: %s", error)
        except Exception:
            self._metrics.ticks.labels("failed").inc()
            LOG.exception("nothing done")
        self._health.beat()

    def _turn(self) -> None:
        if not self._loaded:
            self._loop.state = self._keeper.load()
            self._loaded = True
        tick = self._loop.tick()
        self._metrics.record(tick)
        self._metrics.waiting.set(len(self._outbox))
        self._metrics.leader.set(self._is_leader())
        self._health.ready = True
        if self._is_leader():
            self._reporter.publish(tick, refused_events=self._loop.agenda.refused)
            at_once = any(wrote(pool) for pool in tick.pools)
            self._keeper.keep(self._loop.state, now=tick.now, at_once=at_once)

    def _end(self) -> None:
        LOG.info("stopping")
        if self._loaded and self._is_leader():
            self._keeper.keep(self._loop.state, now=self._clock.now(), at_once=True)
        if not self._outbox.close(FLUSH_SECONDS):
            LOG.warning("stopped with %d messages unsent", len(self._outbox))
