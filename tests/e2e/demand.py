"""Demand that is played: scrape targets, their four weeks of past, and a Prometheus with both."""

from __future__ import annotations

import bisect
import contextlib
import math
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from tests.e2e.pools import PARTICIPANTS
from tests.servers.exporter import Exporter, Target, Value
from tests.servers.process import until
from tests.servers.prometheus import Prometheus

if TYPE_CHECKING:
    from tests.servers.binaries import PrometheusBinaries

DAY, QUARTER = 86_400, 900
FOUR_WEEKS = 28 * DAY
JOB = "sfu"


class Demand:
    """Pools as their SFUs tell of them. Add them with `play`, then `start`."""

    def __init__(self, prometheus: Prometheus, exporter: Exporter) -> None:
        self.prometheus = prometheus
        self.targets: dict[str, list[Target]] = {}
        self._exporter = exporter
        self._remembered: list[Target] = []

    def play(
        self,
        pool: str,
        participants: Value,
        *,
        targets: int = 1,
        remembered: bool = False,
        **more: Value,
    ) -> list[Target]:
        """Add a pool, told in equal parts by so many LiveKit servers: label `sfu_pool`.

        `remembered`: Prometheus holds four weeks of it when it starts. `more` are further series of
        each server by their name without `livekit_`, such as `room_total=3`.
        """
        part = shared(participants, targets)
        added = [self._exporter.livekit(pool, part, **more) for _ in range(targets)]
        self.targets[pool] = added
        if remembered:
            self._remembered += added
        return added

    def set(self, pool: str, participants: Value) -> float:
        """Let a pool have another demand from now on; return the moment, epoch seconds."""
        targets = self.targets[pool]
        part = shared(participants, len(targets))
        for target in targets:
            target.set("livekit_participant_total", part)
        return time.time()

    def start(self, *, step: float = 60) -> None:
        """Load the past that is remembered, and scrape every second; return when all is scraped."""
        now = time.time()
        past = [
            series
            for target in self._remembered
            for series in target.history(job=JOB, start=now - FOUR_WEEKS, end=now, step=step)
        ]
        if past:
            self.prometheus.load(past)
        self.scrape()
        self.prometheus.start()
        for pool in self.targets:
            fresh = f"{selector(pool)} and (timestamp({selector(pool)}) > {now})"
            until(partial(self.prometheus.query, fresh), what=f"{pool} scraped")

    def scrape(self) -> None:
        """Make the pools that were added since Prometheus started known to it."""
        self.prometheus.scrape({JOB: [one for told in self.targets.values() for one in told]})

    def told(self, pool: str, *, start: float, end: float) -> list[tuple[float, float]]:
        """Return what Prometheus recorded of a pool, second by second: (epoch seconds, value)."""
        (series,) = self.prometheus.query_range(
            f"sum({selector(pool)})", start=start, end=end, step=1
        )
        return [(float(moment), float(value)) for moment, value in series["values"]]

    def short_seconds(self, pool: str, served: Sequence[float], *, since: float) -> list[float]:
        """Return the seconds at which demand exceeded the servers serving since those moments."""
        return [
            moment
            for moment, participants in self.told(pool, start=since, end=time.time())
            if participants > PARTICIPANTS * bisect.bisect_right(served, moment)
        ]

    def await_seen(self, pool: str, at_least: float, *, since: float) -> float:
        """Return when Prometheus first held so much demand, to the second above, epoch seconds.

        The seconds asked for are whole: what was scraped within the present one shows in the next.
        """
        seen: list[float] = []

        def shown() -> bool:
            told = self.told(pool, start=math.floor(since), end=time.time())
            seen[:] = [moment for moment, value in told if value >= at_least]
            return bool(seen)

        until(shown, what=f"{at_least:g} participants of {pool} scraped", timeout=10)
        return seen[0]


@contextlib.contextmanager
def played(binaries: PrometheusBinaries, folder: Path) -> Iterator[Demand]:
    """Yield demand on a Prometheus of its own, not started yet."""
    folder.mkdir(parents=True, exist_ok=True)
    prometheus = Prometheus(binaries, folder)
    with Exporter() as exporter:
        try:
            yield Demand(prometheus, exporter)
        finally:
            prometheus.stop()


def selector(pool: str) -> str:
    """Return the participants of a pool in PromQL."""
    return f'livekit_participant_total{{sfu_pool="{pool}"}}'


def shared(value: Value, parts: int) -> Value:
    """Return one of so many equal parts."""
    if callable(value):
        whole: Callable[[float], float] = value
        return lambda moment: whole(moment) / parts
    return value / parts


def soon(seconds: float) -> float:
    """Return a moment at least so many seconds ahead, and not in the last of a quarter-hour.

    Forecasts know quarter-hours: what a past of one sample a minute says of the last three minutes
    of one may as well belong to the next.
    """
    moment = time.time() + seconds
    left = QUARTER - moment % QUARTER
    return moment if left > 180 else moment + left + 5


def daily_ramp(
    at: float, *, low: float, high: float, rise_seconds: float, high_seconds: float
) -> Callable[[float], float]:
    """Return demand that rises every day at the time of day of `at`, stays high, and falls back.

    It rises in a straight line within `rise_seconds`, and falls as fast. Days differ by up to one
    percent, less than a server: which day a series was last fitted on must not decide a test. The
    one that begins at `at` is neither high nor low.
    """

    def participants(moment: float) -> float:
        day, since = divmod(moment - at, DAY)
        up, down = since / rise_seconds, (high_seconds - since) / rise_seconds
        usual = low + (high - low) * max(0.0, min(1.0, up, down))
        return usual * (1.0 + 0.01 * math.sin(2.4 * day))

    return participants
