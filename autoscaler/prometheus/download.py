"""One query's past, a chunk at a time: as much at once as Prometheus is willing to tell."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from autoscaler.errors import PrometheusError
from autoscaler.prometheus.client import (
    PrometheusClient,
    PrometheusSlowError,
    QueryRefusedError,
    Row,
)
from forecast.arrays import FloatArray, IntArray

CHUNK_POINTS = 2000
"""Per series and request. Prometheus tells 11,000 at most, and progress wants to be seen."""
UNLABELLED = "demand"
"""What the series of a query without labels, such as sum(), is called."""


@dataclass(frozen=True, slots=True, eq=False)
class Chunk:
    """What series said on [start, end], epoch seconds: times and values of each, finite."""

    start: int
    end: int
    series: Mapping[str, tuple[IntArray, FloatArray]]


def download(
    client: PrometheusClient, promql: str, *, start: int, end: int, step_seconds: int
) -> Iterator[Chunk]:
    """Yield the values at start, start + step, ... up to `end`, oldest first.

    A chunk that is too much or too slow for the server is asked for in halves. Raises
    PrometheusError for what no half helps with.
    """
    points = CHUNK_POINTS
    while start <= end:
        last = min(start + (points - 1) * step_seconds, end)
        try:
            rows = client.range(promql, start=start, end=last, step_seconds=step_seconds)
        except PrometheusError as error:
            if points == 1 or not _less_would_do(error):
                raise
            points = min(points, (last - start) // step_seconds + 1) // 2 or 1
            continue
        yield Chunk(start, last, _by_name(rows))
        start = last + step_seconds


def _less_would_do(error: PrometheusError) -> bool:
    return isinstance(error, PrometheusSlowError) or (
        isinstance(error, QueryRefusedError) and error.too_much
    )


def _by_name(rows: Sequence[Row]) -> dict[str, tuple[IntArray, FloatArray]]:
    series: dict[str, tuple[IntArray, FloatArray]] = {}
    for row in rows:
        name = series_name(row["metric"])
        if name in series:
            raise QueryRefusedError(
                f"the query gives several series that would be called {name!r}:"
                " sum by (...) or label_replace() can tell them apart"
            )
        told = np.array(row.get("values", []), dtype=np.float64).reshape(-1, 2)
        told = told[np.isfinite(told[:, 1])]
        series[name] = told[:, 0].astype(np.int64), told[:, 1]
    return series


def series_name(labels: Mapping[str, str]) -> str:
    """Return a single label's value, or all labels as Prometheus writes them."""
    if not labels:
        return UNLABELLED
    if len(labels) == 1:
        return next(iter(labels.values()))
    pairs = sorted((name, text) for name, text in labels.items() if name != "__name__")
    inner = ",".join(f'{name}="{text}"' for name, text in pairs)
    return f"{labels.get('__name__', '')}{{{inner}}}"
