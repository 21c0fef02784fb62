"""Which fits are due, and the ones at hand: a cache that can always be computed anew."""

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from forecast.arrays import FloatArray
from forecast.calendar import DAY, Place
from forecast.evidence import Evidence
from forecast.models.frame import make_frame
from forecast.models.regression import RegressionFit, fit_regression, join

_CHUNK = 16
"""Series fitted at once: enough to share the work, few enough for the processor's cache."""
LEAST_DAYS = 7
LEAST_DAYS_SEEN = 2


@dataclass(frozen=True, slots=True, eq=False)
class Fitted:
    """Fits of the series that know enough, in the order of `keys`.

    A key is a checksum of everything that the series' fit was made from.
    """

    keys: Mapping[str, int] = field(default_factory=dict)
    fit: RegressionFit | None = None

    def of(self, names: Sequence[str]) -> RegressionFit | None:
        """Return these series' fits, None when they have none."""
        if self.fit is None or names[0] not in self.keys:
            return None
        if list(names) == list(self.keys):
            return self.fit
        row_of = {name: row for row, name in enumerate(self.keys)}
        return self.fit.rows([row_of[name] for name in names])


@dataclass(frozen=True, slots=True, kw_only=True)
class FitSettings:
    """What a fit depends on beside the data. Seconds; `steps` of the grid."""

    window_seconds: int
    refit_seconds: int
    steps: int
    quantiles: tuple[float, ...]


def cutoff(series_id: str, *, start: int, step_seconds: int, refit_seconds: int) -> int:
    """Return the newest time at or before `start` at which this series is fitted, on the grid.

    Every series has its own phase within the refit period, so that the work of a thousand pools is
    spread over the period's steps instead of coming at once.
    """
    slots = max(1, refit_seconds // step_seconds)
    index = start // step_seconds
    phase = zlib.crc32(series_id.encode()) % slots
    return start - ((index - phase) % slots) * step_seconds


def refit(
    fitted: Fitted,
    evidence: Evidence,
    series_ids: tuple[str, ...],
    places: Sequence[Place],
    settings: FitSettings,
) -> Fitted:
    """Return fits of all series that have a week of history, computing only those that changed.

    A fit is a pure function of the evidence in its aligned window, of place and settings: the key
    is a checksum of all of them, and a fit in `fitted` is used only where its key is the same.
    """
    keys: dict[str, int] = {}
    due: dict[tuple[Place, int], list[str]] = {}
    row_of = {name: row for row, name in enumerate(series_ids)}
    contexts = {
        place: _checksum(repr((place.zone, sorted(place.holidays), settings)))
        for place in set(places)
    }
    for name, row in row_of.items():
        window = _window(name, evidence, settings)
        observed = evidence.observed[row, window]
        if not _knows_enough(observed, DAY // evidence.step_seconds):
            continue
        values = np.where(observed > 0.0, evidence.values[row, window], -1.0)
        end = evidence.start + window.stop * evidence.step_seconds
        keys[name] = zlib.crc32(values.tobytes(), _checksum(repr(end), contexts[places[row]]))
        if fitted.keys.get(name) != keys[name]:
            due.setdefault((places[row], window.stop), []).append(name)
    if not due and list(keys) == list(fitted.keys):
        return fitted

    names, fits = list(fitted.keys), [] if fitted.fit is None else [fitted.fit]
    for (place, _), wanted in due.items():
        for first in range(0, len(wanted), _CHUNK):
            chunk = wanted[first : first + _CHUNK]
            window = _window(chunk[0], evidence, settings)
            rows = [row_of[name] for name in chunk]
            fits.append(_fit(evidence, rows, window, place, settings))
            names += chunk
    newest = {name: row for row, name in enumerate(names)}
    order = [newest[name] for name in keys]
    return Fitted(keys=keys, fit=join(fits).rows(order) if order else None)


def _fit(
    evidence: Evidence, rows: list[int], window: slice, place: Place, settings: FitSettings
) -> RegressionFit:
    frame = make_frame(
        evidence.values[rows, window],
        evidence.observed[rows, window],
        start=evidence.start + window.start * evidence.step_seconds,
        step_seconds=evidence.step_seconds,
        steps=0,
        place=place,
    )
    return fit_regression(frame, steps=settings.steps, quantiles=settings.quantiles)


def _window(name: str, evidence: Evidence, settings: FitSettings) -> slice:
    """Return which of the evidence's points this series is fitted on."""
    step = evidence.step_seconds
    at = cutoff(name, start=evidence.end, step_seconds=step, refit_seconds=settings.refit_seconds)
    last = (at - evidence.start) // step
    return slice(last - settings.window_seconds // step, last)


def _knows_enough(observed: FloatArray, per_day: int) -> bool:
    seen = np.flatnonzero(observed)
    return seen.size >= LEAST_DAYS_SEEN * per_day and (
        observed.size - int(seen[0]) >= LEAST_DAYS * per_day
    )


def _checksum(text: str, begin: int = 0) -> int:
    return zlib.crc32(text.encode(), begin)
