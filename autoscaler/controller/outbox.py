"""What is written outside the tick: status, events, plans and state, by threads of its own.

A message has a key, and a newer one replaces one that still waits, so an API server that is slow or
gone is never told what is no longer true, and the box cannot grow beyond the number of keys.
"""

import logging
import threading
from collections import OrderedDict
from collections.abc import Callable

from autoscaler.errors import OuterWorldError, UnavailableError

LOG = logging.getLogger(__name__)
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 30.0
CAPACITY = 10_000
"""Beyond it the oldest message goes: a status is repeated anyway, an event that old is history."""

Send = Callable[[], None]
SENDERS = 4


class Outbox:
    """A queue of sends by key, in the order in which the keys came. Thread-safe."""

    def __init__(self, *, may_send: Callable[[], bool] = lambda: True) -> None:
        """`may_send` is asked right before each; while it says no, messages wait."""
        self._may_send = may_send
        self._waiting: OrderedDict[str, Send] = OrderedDict()
        self._sending: set[str] = set()
        self._changed = threading.Condition()
        self._closing = False
        self._pause = 0.0
        """How long to leave the API server alone after it did not answer; 0 while it does."""

    def start(self) -> None:
        """Begin to send."""
        for number in range(SENDERS):
            threading.Thread(target=self._run, name=f"outbox-{number}", daemon=True).start()

    def put(self, key: str, send: Send) -> None:
        """Send this soon, instead of whatever still waits under the key."""
        with self._changed:
            self._waiting[key] = send
            if len(self._waiting) > CAPACITY:
                self._waiting.popitem(last=False)
            self._changed.notify_all()

    def flush(self, timeout: float) -> bool:
        """Wait until everything is sent; False when that took longer than `timeout` seconds."""
        with self._changed:
            return self._changed.wait_for(
                lambda: not self._waiting and not self._sending, timeout=timeout
            )

    def close(self, timeout: float) -> bool:
        """Flush and stop; what could not be sent in time stays unsent."""
        flushed = self.flush(timeout)
        with self._changed:
            self._closing = True
            self._changed.notify_all()
        return flushed

    def __len__(self) -> int:
        with self._changed:
            return len(self._waiting)

    def _run(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._closing or self._next() is not None)
                key = self._next()
                if self._closing or key is None:
                    return
                send = self._waiting.pop(key)
                self._sending.add(key)
            sent = self._try(key, send)
            with self._changed:
                self._sending.discard(key)
                longer = min(max(FIRST_PAUSE, 2 * self._pause), LONGEST_PAUSE)
                self._pause = 0.0 if sent else longer
                if not sent:
                    self._waiting.setdefault(key, send)
                self._changed.notify_all()
                if not sent:
                    self._changed.wait_for(lambda: self._closing, timeout=self._pause)

    def _next(self) -> str | None:
        """Return the first key that nobody is sending: the newer of two must come last."""
        return next((key for key in self._waiting if key not in self._sending), None)

    def _try(self, key: str, send: Send) -> bool:
        if not self._may_send():
            return False
        try:
            send()
        except UnavailableError as error:
            LOG.warning("could not send %s, will try again: %s", key, error)
            return False
        except OuterWorldError as error:
            LOG.warning("could not send %s, dropped: %s", key, error)
        except Exception:
            LOG.exception("could not send %s, dropped", key)
        return True
