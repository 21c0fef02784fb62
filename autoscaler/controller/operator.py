"""The operator as it runs: ticks at their pace while it leads, told outside them, a clean end."""

import logging
import threading

from autoscaler.controller.health import Health
from autoscaler.controller.metrics import Metrics
from autoscaler.controller.term import Begin, Leadership, Term
from autoscaler.controller.tick import wrote
from autoscaler.errors import KubernetesError
from autoscaler.ports.clock import Clock

LOG = logging.getLogger(__name__)
FLUSH_SECONDS = 10.0
"""At the end: half of what a pod's default grace period leaves."""
STANDBY_SECONDS = 0.5
"""From one look at who leads to the next, while another does."""


class Operator:
    """Runs ticks while it leads, until it is stopped. No failure of one tick ends it."""

    def __init__(
        self,
        *,
        begin: Begin,
        leadership: Leadership,
        metrics: Metrics,
        health: Health,
        clock: Clock,
        tick_seconds: float,
    ) -> None:
        self._begin = begin
        self._leadership = leadership
        self._metrics = metrics
        self._health = health
        self._clock = clock
        self._tick_seconds = tick_seconds
        self._term: Term | None = None

    def run(self, stop: threading.Event) -> None:
        """Tick until `stop`; then tell what is still to be told, and return."""
        while not stop.is_set():
            began = self._clock.monotonic()
            self.turn()
            leads = self._leadership.term is not None
            period = self._tick_seconds if leads else STANDBY_SECONDS
            stop.wait(max(0.0, period - (self._clock.monotonic() - began)))
        self._end()

    def turn(self) -> None:
        """Do one tick, or see that another leads, whatever comes of it."""
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
        number = self._leadership.term
        if self._term is not None and self._term.number != number:
            self._resign(self._term)
        if number is None:
            if self._leadership.looked:
                self._health.role = "stands by"
            return
        if self._term is None:
            self._term = self._begin(number)
            self._term.outbox.start()
        self._lead(self._term)

    def _lead(self, term: Term) -> None:
        tick = term.loop.tick()
        self._metrics.record(tick)
        self._metrics.waiting.set(len(term.outbox))
        self._health.role = "leads"
        if self._leadership.holds(term.number):
            term.reporter.publish(tick, refused_events=term.loop.agenda.refused)
            at_once = any(wrote(pool) for pool in tick.pools)
            term.keeper.keep(term.loop.state, now=tick.now, at_once=at_once)

    def _resign(self, term: Term) -> None:
        """Forget the term: what it still had to tell, another knows better."""
        self._term = None
        self._metrics.forget()
        term.outbox.close(0.0)

    def _end(self) -> None:
        LOG.info("stopping")
        term = self._term
        if term is None:
            return
        if not self._leadership.holds(term.number):
            self._resign(term)
            return
        term.keeper.keep(term.loop.state, now=self._clock.now(), at_once=True)
        if not term.outbox.close(FLUSH_SECONDS):
            LOG.warning("stopped with %d messages unsent", len(term.outbox))
