"""What is booked, by the pools' own queries: one request for each that has one."""

from collections.abc import Callable, Sequence

import numpy as np

from autoscaler.errors import PrometheusError
from autoscaler.ports.demand import BookingsRead
from autoscaler.prometheus.client import PrometheusClient, PrometheusDownError
from autoscaler.prometheus.past import on_grid
from autoscaler.resources.demand import BookingsQuery
from autoscaler.resources.sfupool import SFUPool
from forecast.arrays import FloatArray
from forecast.bookings import Bookings
from forecast.history import History


def read_bookings(
    pools: Sequence[SFUPool],
    *,
    history: History,
    now: int,
    client: PrometheusClient,
    out_of_time: Callable[[], bool],
) -> BookingsRead:
    """Ask for each interval of the history, and each that is known of by now. Never raises."""
    told: dict[str, tuple[FloatArray, int]] = {}
    silence: dict[str, str] = {}
    down = ""
    for pool in pools:
        asked = pool.spec.demand.bookings
        if asked is None:
            continue
        if not down and out_of_time():
            down = "Prometheus did not get to it in time"
        if down:
            silence[pool.key] = down
            continue
        try:
            values = _read(asked, history, now=now, client=client)
        except PrometheusError as error:
            silence[pool.key] = str(error)
            if isinstance(error, PrometheusDownError):
                down = str(error)
            continue
        told[pool.key] = values, asked.known_ahead_seconds
        if not np.isfinite(values).any():
            silence[pool.key] = "bookings.query gives no interval one series of participants"
    return BookingsRead(_together(told, history), silence)


def _read(
    asked: BookingsQuery, history: History, *, now: int, client: PrometheusClient
) -> FloatArray:
    """Return participants from the history's start on, NaN where not exactly one series tells."""
    step, ahead = history.step_seconds, asked.known_ahead_seconds
    start = history.start - ahead
    points = (now - start) // step + 1
    rows = client.range(
        asked.query, start=start, end=start + (points - 1) * step, step_seconds=step
    )
    grids = [on_grid(row, start=start, points=points) for row in rows]
    told = np.array(grids).reshape(len(rows), points)
    alone = np.isfinite(told).sum(axis=0) == 1
    booked = np.where(alone, np.nansum(told, axis=0), np.nan)
    return np.where(booked >= 0.0, booked, np.nan)


def _together(told: dict[str, tuple[FloatArray, int]], history: History) -> Bookings | None:
    if not told:
        return None
    points = max(values.size for values, _ in told.values())
    together = np.full((len(told), points), np.nan)
    for row, (values, _) in enumerate(told.values()):
        together[row, : values.size] = values
    return Bookings(
        series_ids=tuple(told),
        start=history.start,
        step_seconds=history.step_seconds,
        values=together,
        known_ahead_seconds=tuple(ahead for _, ahead in told.values()),
    )
