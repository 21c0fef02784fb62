"""Who may write: the one operator that holds the lease, for as long as it can be sure of it.

Only this machine's own monotonic clock is trusted, never a time that another wrote. Whoever holds
the lease counts from before the request that renewed it; whoever waits counts from when it saw the
renewal, and for longer. So the one has stopped before the other begins, whatever their clocks say.
"""

import logging
import math
import threading
from collections.abc import Callable
from dataclasses import dataclass

from autoscaler.errors import KubernetesError, WriteConflictError
from autoscaler.ports.clock import Clock
from autoscaler.ports.lease import Lease, LeaseRecord

LOG = logging.getLogger(__name__)
LEASE_SECONDS = 12.0
"""Others wait so long after the last renewal that they saw."""
VALID_SECONDS = 8.0
"""The holder writes for so long after the last renewal that it sent; what is on its way then has
the difference to arrive."""
PERIOD = 2.0
"""From one attempt to the next."""
JOIN_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class _Term:
    number: int
    until: float
    record: LeaseRecord


class Elector:
    """Takes the lease, renews it, and gives it back at the end."""

    def __init__(self, lease: Lease, *, identity: str, clock: Clock) -> None:
        """`identity` is this process's and no other's, not even that of one it replaces."""
        self._lease = lease
        self._identity = identity
        self._clock = clock
        self._known = False
        """Whether the lease still is as it was last written or read, as far as we were told."""
        self._seen: LeaseRecord | None = None
        self._seen_at = math.inf
        self._held: _Term | None = None
        self._terms = 0
        self._trouble = ""
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._run, name="lease", daemon=True)
        self.looked = False
        """Whether the lease could ever be looked at."""

    @property
    def term(self) -> int | None:
        """The number of this operator's term; None while another leads, or nobody does.

        A term goes on while the lease cannot be renewed, and nobody else took it: then `holds` is
        false, and what was begun in it may go on later.
        """
        held = self._held
        return None if held is None else held.number

    def holds(self, term: int | None) -> bool:
        """Say whether this term is surely not over: asked right before each write."""
        held = self._held
        return held is not None and held.number == term and self._clock.monotonic() < held.until

    @property
    def leads(self) -> bool:
        """Whether this operator may write now."""
        return self.holds(self.term)

    @property
    def record(self) -> LeaseRecord | None:
        """What the lease said when this operator last wrote it; None while it has no term."""
        held = self._held
        return None if held is None else held.record

    def attempt(self) -> None:
        """Take or renew the lease, or see who holds it. Never raises."""
        began = self._clock.monotonic()
        try:
            self._attempt(began)
        except WriteConflictError:  # somebody was faster: who, is seen next time
            self._known = False
        except KubernetesError as error:
            self._known = False
            self._complain(str(error))
        except Exception:
            self._known = False
            LOG.exception("the lease")
        else:
            self._trouble = ""

    def start(self) -> None:
        """Begin to try, on a thread of its own: no tick is so long that it costs the lease."""
        self._thread.start()

    def close(self) -> None:
        """Stop trying, write nothing more, and let whoever waits take over at once."""
        self._closing.set()
        if self._thread.is_alive():
            self._thread.join(JOIN_SECONDS)
        held, self._held = self._held, None
        if held is None:
            return
        try:
            self._lease.give_back(held.record, now=self._clock.now())
        except KubernetesError as error:
            LOG.warning("the lease could not be given back, it runs out by itself: %s", error)

    def pause(self) -> float:
        """Return the seconds until the next attempt: a period, or when the lease seen runs out."""
        left = self._left()
        return left if 0 < left < PERIOD and self._held is None else PERIOD

    def _attempt(self, began: float) -> None:
        if self._held is None or not self._known:
            self._look()
        seen = self._seen
        if seen is not None and seen.holder == self._identity:
            self._own(self._lease.renew(seen, now=self._clock.now()), began)
        elif seen is None or not seen.holder or self._left() <= 0:
            self._own(self._take(seen), began, anew=True)
        else:
            self._yield(seen)

    def _look(self) -> None:
        seen = self._lease.read()
        if seen is None or self._seen is None or seen.revision != self._seen.revision:
            self._seen_at = self._clock.monotonic()
        self._seen, self._known, self.looked = seen, True, True

    def _left(self) -> float:
        """Return for how much longer whoever holds the lease may do so unseen."""
        seen = self._seen
        if seen is None:
            return 0.0
        return self._seen_at + seen.seconds - self._clock.monotonic()

    def _take(self, seen: LeaseRecord | None) -> LeaseRecord:
        return self._lease.take(
            seen, holder=self._identity, seconds=LEASE_SECONDS, now=self._clock.now()
        )

    def _own(self, record: LeaseRecord, began: float, *, anew: bool = False) -> None:
        self._seen, self._known = record, True
        self._seen_at = self._clock.monotonic()
        if anew or self._held is None:
            self._terms += 1
            LOG.info("%s leads", self._identity)
        self._held = _Term(self._terms, began + VALID_SECONDS, record)

    def _yield(self, seen: LeaseRecord) -> None:
        if self._held is not None:
            self._held = None
            LOG.warning("%s leads no more, %s does", self._identity, seen.holder)

    def _complain(self, trouble: str) -> None:
        """Log a trouble once, not at every attempt."""
        if not self._trouble:
            LOG.warning("the lease: %s", trouble)
        self._trouble = trouble

    def _run(self) -> None:
        wait: Callable[[float], bool] = self._closing.wait
        self.attempt()
        while not wait(self.pause()):
            self.attempt()
