"""What happened, by the API server's own records, and by looking at it all the time."""

from __future__ import annotations

import contextlib
import datetime as dt
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

from tests.autoscaler.kube.cluster import EVENTS, OURS, Cluster
from tests.servers.process import until

Json = dict[str, Any]
MANAGER = "meetscale-target"
PERIOD = 0.2


class Records:
    """Questions to one namespace's objects."""

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster

    def conditions(self, pool: str) -> dict[str, Json]:
        """Return a pool's conditions by type; none before its first report."""
        status = self._cluster.status(pool)
        return {one["type"]: one for one in status.get("conditions", ())}

    def await_condition(
        self, pool: str, type_: str, status: str, reason: str | None = None, *, timeout: float = 60
    ) -> Json:
        """Wait until a condition has this status, and this reason if named; return it."""
        found: Json = {}

        def there() -> bool:
            found.clear()
            found.update(self.conditions(pool).get(type_, {}))
            same = found.get("status") == status
            return same and reason in (None, found["reason"])

        try:
            until(there, what=f"{pool}: {type_} {status} {reason or ''}", timeout=timeout)
        except Exception as late:
            late.add_note(f"it is {found}")
            raise
        return found

    def events(self, pool: str) -> list[Json]:
        """Return the events of events.k8s.io about a pool, oldest first."""
        events = self._cluster.items(EVENTS, "events")
        about = {"kind": "SFUPool", "name": pool}
        return [event for event in events if about.items() <= event["regarding"].items()]

    def pool(self, name: str) -> Json:
        """Return a pool as it is stored."""
        return self._cluster.get(OURS, "sfupools", name)

    def served(self, app: str) -> list[float]:
        """Return when each of an app's ready pods became so, epoch seconds, oldest first."""
        pods = self._cluster.items("/api/v1", "pods")
        return sorted(
            epoch(condition["lastTransitionTime"])
            for pod in pods
            if pod["metadata"]["labels"].get("app") == app
            for condition in pod.get("status", {}).get("conditions", ())
            if condition["type"] == "Ready" and condition["status"] == "True"
        )


def writes_of(body: Json, manager: str = MANAGER) -> list[Json]:
    """Return what an object's managedFields say of a manager: empty if it never wrote."""
    return [one for one in body["metadata"]["managedFields"] if one["manager"] == manager]


class Timeline:
    """A value over time: (epoch seconds, value) whenever it was seen to have changed."""

    def __init__(self, look: Callable[[], Any]) -> None:
        self.changes: list[tuple[float, Any]] = []
        self._look = look
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="timeline", daemon=True)

    @property
    def values(self) -> list[Any]:
        """The values in their order."""
        return [value for _, value in self.changes]

    @property
    def now(self) -> Any:
        """The newest value."""
        return self.changes[-1][1]

    def when(self, holds: Callable[[Any], bool]) -> float | None:
        """Return when a value was first seen for which this holds; None: not yet."""
        return next((moment for moment, value in self.changes if holds(value)), None)

    def __enter__(self) -> Timeline:
        self._observe()
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._stop.wait(PERIOD):
            with contextlib.suppress(Exception):  # tests stop servers on purpose
                self._observe()

    def _observe(self) -> None:
        value = self._look()
        if not self.changes or self.changes[-1][1] != value:
            self.changes.append((time.time(), value))


def epoch(timestamp: str) -> float:
    """Return epoch seconds of a timestamp of the API server."""
    return dt.datetime.fromisoformat(timestamp).timestamp()


@contextlib.contextmanager
def untouched(read: Callable[[], Json]) -> Iterator[None]:
    """Require that nobody wrote an object's spec, and the operator none of it, within the block."""
    before = read()
    yield
    after = read()
    assert after["metadata"]["uid"] == before["metadata"]["uid"]
    assert after["spec"] == before["spec"]
    assert writes_of(after) == writes_of(before)
