"""Events of events.k8s.io/v1: one object for a series of the same, not one for each occurrence."""

from collections import OrderedDict
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from autoscaler.errors import NotFoundError
from autoscaler.kube.client import KubeClient
from autoscaler.kube.discovery import Kind
from autoscaler.ports.reports import Notice

EVENTS = Kind("events.k8s.io", "v1", "events")
CONTROLLER = "meetscale.io/operator"
SERIES_SECONDS = 360
"""As in client-go: the same within six minutes continues a series."""
QUIET_SECONDS = 60
"""A series is counted in the cluster at most that often."""
MAX_NOTE = 1024
REMEMBERED = 4096

Key = tuple[str, str, str, str]


@dataclass(slots=True)
class _Series:
    path: str
    count: int
    seen_at: int
    told_at: int


class Recorder:
    """Posts events, and counts repeats of them."""

    def __init__(self, client: KubeClient, *, instance: str) -> None:
        self._client = client
        self._instance = instance
        self._series: OrderedDict[Key, _Series] = OrderedDict()

    def post(self, notice: Notice, *, now: int) -> None:
        """Post an event; the same one again within six minutes is counted on the first."""
        about = notice.subject
        key = (about.uid, notice.reason, notice.action, str(notice.warning))
        series = self._series.get(key)
        if series is None or now - series.seen_at > SERIES_SECONDS:
            self._series[key] = self._first(notice, now=now)
            if len(self._series) > REMEMBERED:
                self._series.popitem(last=False)
            return
        series.count += 1
        series.seen_at = now
        if now - series.told_at >= QUIET_SECONDS:
            self._again(key, series, notice, now=now)

    def _first(self, notice: Notice, *, now: int) -> _Series:
        about = notice.subject
        created = self._client.create(EVENTS.path(about.namespace), self._body(notice, now=now))
        path = EVENTS.path(about.namespace, created["metadata"]["name"])
        return _Series(path=path, count=1, seen_at=now, told_at=now)

    def _again(self, key: Key, series: _Series, notice: Notice, *, now: int) -> None:
        told = {"count": series.count, "lastObservedTime": micro_time(now)}
        try:
            self._client.merge(series.path, {"series": told})
            series.told_at = now
        except NotFoundError:  # events expire after an hour
            self._series[key] = self._first(notice, now=now)

    def _body(self, notice: Notice, *, now: int) -> dict[str, Any]:
        about = notice.subject
        return {
            "apiVersion": "events.k8s.io/v1",
            "kind": "Event",
            "metadata": {"generateName": f"{about.name}-", "namespace": about.namespace},
            "eventTime": micro_time(now),
            "reportingController": CONTROLLER,
            "reportingInstance": self._instance,
            "action": notice.action,
            "reason": notice.reason,
            "regarding": {
                "apiVersion": about.api_version,
                "kind": about.kind,
                "namespace": about.namespace,
                "name": about.name,
                "uid": about.uid,
            },
            "note": notice.note[:MAX_NOTE],
            "type": "Warning" if notice.warning else "Normal",
        }


def micro_time(now: int) -> str:
    """Return epoch seconds as the API's MicroTime, which wants the fraction."""
    return f"{datetime.fromtimestamp(now, tz=UTC):%Y-%m-%dT%H:%M:%S.%fZ}"
