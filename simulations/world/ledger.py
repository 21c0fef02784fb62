"""Demand history as one policy's metrics plane saw it, on the quarter-hour grid."""

import math
from collections.abc import Sequence

import numpy as np

from forecast.history import History, PointState, Samples
from simulations.world.latent import Latent
from simulations.world.plane import Plane

QUARTER_SECONDS = 900


def prior(pools: Sequence[tuple[str, Latent]]) -> History:
    """Return the weeks before the scenario: nothing was refused then, so demand was seen whole."""
    latents = [latent for _, latent in pools]
    per_point = QUARTER_SECONDS // latents[0].tick_seconds
    before = np.array([each.participants[: each.history_ticks] for each in latents])
    values = before.reshape(len(latents), -1, per_point).max(axis=2).astype(np.float64)
    return History(
        series_ids=tuple(name for name, _ in pools),
        start=latents[0].start,
        step_seconds=QUARTER_SECONDS,
        values=values,
        states=np.full(values.shape, PointState.OBSERVED, dtype=np.uint8),
    )


def undisturbed(pools: Sequence[tuple[str, Latent]], *, scrape_seconds: int) -> History:
    """Return the weeks before and the scenario as they are seen if nobody is refused all along."""
    before = prior(pools)
    latents = [latent for _, latent in pools]
    start, tick = latents[0].start, latents[0].tick_seconds
    per_point = QUARTER_SECONDS // tick
    points = latents[0].participants.size // per_point
    ends = start + tick * np.arange(before.points * per_point + 1, points * per_point + 1)
    scraped = ends // scrape_seconds * scrape_seconds
    seen = np.array([each.participants for each in latents])[:, (scraped - start) // tick - 1]
    quarters = seen.reshape(len(latents), -1, per_point).max(axis=2)
    values = np.concatenate([before.values, quarters], axis=1)
    return History(
        series_ids=before.series_ids,
        start=before.start,
        step_seconds=before.step_seconds,
        values=values,
        states=np.full(values.shape, PointState.OBSERVED, dtype=np.uint8),
    )


class Ledger:
    """History that grows by a quarter-hour at a time."""

    def __init__(self, start: History, *, seconds: int) -> None:
        more = seconds // QUARTER_SECONDS + 1
        shape = (len(start.series_ids), start.points + more)
        self._ids = start.series_ids
        self._first = start.start
        self._points = start.points
        self._values = np.full(shape, math.nan)
        self._states = np.full(shape, PointState.MISSING, dtype=np.uint8)
        self._values[:, : start.points] = start.values
        self._states[:, : start.points] = start.states

    @property
    def end(self) -> int:
        """Epoch seconds up to which history is written."""
        return self._first + self._points * QUARTER_SECONDS

    def write_quarter(self, planes: Sequence[Plane], tick_seconds: int) -> None:
        """Take in the next quarter-hour, whose samples all pools have by now."""
        start, end = self.end, self.end + QUARTER_SECONDS
        times = np.arange(start + tick_seconds, end + tick_seconds, tick_seconds, dtype=np.int64)
        samples = {}
        for name, plane in zip(self._ids, planes, strict=True):
            points = [plane.point(int(time)) for time in times]
            # a sample speaks for the tick that ends with it
            samples[name] = Samples(
                times=times - tick_seconds,
                values=np.array([value for value, _ in points]),
                states=np.array([state for _, state in points], dtype=np.uint8),
            )
        quarter = History.from_samples(samples, start=start, end=end, step_seconds=QUARTER_SECONDS)
        self._values[:, self._points] = quarter.values[:, 0]
        self._states[:, self._points] = quarter.states[:, 0]
        self._points += 1

    def history(self) -> History:
        """Return all that is written, as a view."""
        return History(
            series_ids=self._ids,
            start=self._first,
            step_seconds=QUARTER_SECONDS,
            values=self._values[:, : self._points],
            states=self._states[:, : self._points],
        )
