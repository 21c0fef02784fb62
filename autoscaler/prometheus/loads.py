"""`LoadSource` on Prometheus: the last hours of what every pool's servers carried."""

import time
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence

from autoscaler.capacity.samples import Samples, whole_windows
from autoscaler.errors import PrometheusError
from autoscaler.prometheus.client import (
    PrometheusClient,
    PrometheusDownError,
    PrometheusSlowError,
    QueryRefusedError,
    Row,
)
from autoscaler.prometheus.groups import Group, grouped
from autoscaler.prometheus.load_queries import LOADS, question, samples_of
from autoscaler.resources.sfupool import SFUPool

WINDOW_SECONDS = 300
"""Twenty scrapes at the usual pace, and a counter that is added to now and then is even by then."""
WINDOWS_A_REQUEST = 12
"""An hour: of a thousand servers some ten thousand points a figure."""
REQUESTS = 6
"""As many hours hold a quiet and a busy time, and what changed since yesterday is in force."""


class PrometheusLoads:
    """Asks once for all pools of a preset, an hour at a time, the newest first.

    Half a minute a request, and none begins after `seconds`: what was read by then counts. Not for
    several threads at once.
    """

    def __init__(
        self,
        url: str,
        *,
        seconds: float = 120.0,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        wait = min(30.0, seconds)
        self._client = PrometheusClient(url, instant_seconds=wait, range_seconds=wait)
        self._seconds = seconds
        self._monotonic = monotonic

    def close(self) -> None:
        """Let go of the connections."""
        self._client.close()

    def loads(self, pools: Sequence[SFUPool], *, now: int) -> Mapping[str, Samples]:
        """Read what each pool's servers carried. Raises PrometheusError without any answer."""
        until = self._monotonic() + self._seconds
        told: dict[str, list[Row]] = defaultdict(list)
        failure: PrometheusError | None = None
        for group in grouped(pools):
            if group.preset not in LOADS or self._monotonic() >= until:
                continue
            try:
                self._read(group, told, now=now, until=until)
            except PrometheusDownError:
                raise
            except (QueryRefusedError, PrometheusSlowError) as error:
                failure = error
        if failure is not None and not told:
            raise failure
        return {
            key: whole_windows(samples_of(rows, window_seconds=WINDOW_SECONDS))
            for key, rows in told.items()
        }

    def _read(self, group: Group, told: dict[str, list[Row]], *, now: int, until: float) -> None:
        """Ask hour by hour; what was read before one that fails is kept."""
        asked = question(
            group.preset,
            matchers=group.matchers,
            window_seconds=WINDOW_SECONDS,
            keys=group.keys,
        )
        wanted = {group.values_in(pool.spec.demand.match_labels): pool.key for pool in group.pools}
        newest = now // WINDOW_SECONDS * WINDOW_SECONDS
        step = WINDOWS_A_REQUEST * WINDOW_SECONDS
        for number in range(REQUESTS):
            if self._monotonic() >= until:
                return
            end = newest - number * step
            rows = self._client.range(
                asked, start=end - step + WINDOW_SECONDS, end=end, step_seconds=WINDOW_SECONDS
            )
            for row in rows:
                if (key := wanted.get(group.values_in(row["metric"]))) is not None:
                    told[key].append(row)
