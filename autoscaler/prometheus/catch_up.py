"""Reading the past once, and then only what is new."""

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from autoscaler.prometheus.bins import BIN_SECONDS, Bins
from autoscaler.prometheus.client import (
    PrometheusClient,
    PrometheusSlowError,
    QueryRefusedError,
    Row,
)
from autoscaler.prometheus.past import Past

LAST_MINUTE = BIN_SECONDS - 60
"""Where in a bin its question is evaluated."""
LATE_SECONDS = 300
"""How long after its end a bin is read again: samples may arrive late."""


@dataclass(frozen=True, slots=True)
class _Stretch:
    """Bins [first, last) of some series, to be read with one request."""

    past: Past
    first: int
    last: int

    @property
    def points(self) -> int:
        """How many bins."""
        return self.last - self.first

    def halves(self) -> "tuple[_Stretch, _Stretch]":
        """Return the older and the newer half."""
        middle = (self.first + self.last) // 2
        return replace(self, last=middle), replace(self, first=middle)


def catch_up(
    bins: Bins,
    pasts: Sequence[Past],
    *,
    client: PrometheusClient,
    now: int,
    out_of_time: Callable[[], bool],
) -> None:
    """Read what is not settled, the newest first, until everything is there or time runs out.

    What could not be read is left as it was, and asked for again at the next call. Raises
    PrometheusError when Prometheus is down, or answered nothing at all.
    """
    most: dict[Past, int] = {}
    answered, slow = False, None
    waiting = deque(sorted(_stretches(pasts, bins.points), key=lambda s: s.last, reverse=True))
    while waiting and not out_of_time():
        stretch = waiting.popleft()
        limit = most.get(stretch.past, stretch.past.points_per_request)
        todo = _unsettled(stretch, bins) if limit else None
        if todo is None:
            continue
        if todo.points > limit:
            waiting.extendleft(replace(half, past=stretch.past) for half in todo.halves())
            continue
        try:
            _read(todo, bins, client=client, now=now)
            answered = True
        except QueryRefusedError as error:
            answered = True
            most[stretch.past] = todo.points // 2 if error.too_much else 0
            waiting.appendleft(stretch)
        except PrometheusSlowError as error:
            slow = error
            most[stretch.past] = 0
    if slow is not None and not answered:
        raise slow


def _stretches(pasts: Sequence[Past], points: int) -> Iterator[_Stretch]:
    for past in pasts:
        for last in range(points, 0, -past.points_per_request):
            yield _Stretch(past, max(0, last - past.points_per_request), last)


def _unsettled(stretch: _Stretch, bins: Bins) -> _Stretch | None:
    """Return the least that covers what is not settled of a stretch; None if everything is."""
    series = stretch.past.series
    unsettled = bins.unsettled(series, first=stretch.first, last=stretch.last)
    rows, columns = unsettled.nonzero()
    if not columns.size:
        return None
    past = stretch.past
    if (lacking := np.unique(rows)).size < len(series):
        past = past.narrowed(series[row] for row in lacking)
    first, last = int(columns.min()), int(columns.max()) + 1
    return _Stretch(past, stretch.first + first, stretch.first + last)


def _read(stretch: _Stretch, bins: Bins, *, client: PrometheusClient, now: int) -> None:
    start, points = bins.start + stretch.first * BIN_SECONDS, stretch.points

    def ask(promql: str) -> Sequence[Row]:
        first = start + LAST_MINUTE
        last = first + (points - 1) * BIN_SECONDS
        return client.range(promql, start=first, end=last, step_seconds=BIN_SECONDS)

    rows = ask(stretch.past.question())
    if further := stretch.past.further_question(rows):
        rows = [*rows, *ask(further)]
    block = stretch.past.block(rows, start=start, points=points)
    bins.put(stretch.past.series, block, first=stretch.first, settled_until=now - LATE_SECONDS)
