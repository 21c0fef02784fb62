"""Reading the past once, and then only what is new."""

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from autoscaler.errors import PrometheusError
from autoscaler.prometheus.bins import BIN_SECONDS, Bins
from autoscaler.prometheus.client import PrometheusClient, QueryRefusedError, Row
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
    """Read what is not settled, the newest first, until it is there or time or Prometheus runs out.

    What could not be read is left as it was, and asked for again at the next call. Raises nothing.
    """
    refused: set[Past] = set()
    waiting = deque(sorted(_stretches(pasts, bins.points), key=lambda s: s.last, reverse=True))
    while waiting and not out_of_time():
        stretch = waiting.popleft()
        todo = None if stretch.past in refused else _unsettled(stretch, bins)
        if todo is None:
            continue
        try:
            _read(todo, bins, client=client, now=now)
        except QueryRefusedError as error:
            if error.too_much and todo.last - todo.first > 1:
                waiting.extendleft(replace(half, past=stretch.past) for half in todo.halves())
            else:
                refused.add(stretch.past)
        except PrometheusError:
            return


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
    start = bins.start + stretch.first * BIN_SECONDS
    points = stretch.last - stretch.first

    def ask(promql: str) -> Sequence[Row]:
        first = start + LAST_MINUTE
        last = first + (points - 1) * BIN_SECONDS
        return client.range(promql, start=first, end=last, step_seconds=BIN_SECONDS)

    rows = ask(stretch.past.question())
    if further := stretch.past.further_question(rows):
        rows = [*rows, *ask(further)]
    block = stretch.past.block(rows, start=start, points=points)
    bins.put(stretch.past.series, block, first=stretch.first, settled_until=now - LATE_SECONDS)
