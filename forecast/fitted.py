"""Which fits are due, and the ones at hand: a cache that can always be computed anew."""

import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache

import numpy as np

from forecast.arrays import BoolArray, IntArray
from forecast.batches import as_rows, batches
from forecast.calendar import DAY, Place
from forecast.evidence import Evidence, Rows
from forecast.fingerprint import Fingerprint, fingerprint, same_until
from forecast.models.design import LOOK_BACK_DAYS
from forecast.models.frame import RawFrame, make_frame
from forecast.models.regression import RegressionFit, fit_regression, join
from forecast.prepared import Prepared, columns_to_fill, fill_in, prepare
from forecast.situation import FitSettings, Situation, bookings_as_evidence, look_at

_CHUNK, _CHUNK_POINTS = 16, 2**18
"""Series fitted at once: enough to share the work, few enough for the processor's cache; and no
more than so many points, for they are held a dozen times over."""
_SLOT_SECONDS = 300
"""Fits are made so long apart at least: on a grid of minutes some series share each cutoff."""
LEAST_DAYS = 7
LEAST_DAYS_SEEN = 2


@dataclass(frozen=True, slots=True)
class Key:
    """What a series' fit was made from, beside the evidence before `cutoff` (epoch seconds)."""

    place: Place
    cutoff: int
    known_ahead: int | None = None
    """How many seconds ahead bookings are known; None without any."""

    def is_of(self, place: Place, cutoff: int, known_ahead: int | None) -> bool:
        """Say whether this is the key of these, without making another."""
        return (
            self.cutoff == cutoff
            and self.known_ahead == known_ahead
            and (self.place is place or self.place == place)
        )


@dataclass(frozen=True, slots=True, eq=False)
class Fitted:
    """Fits of the series that know enough, and what was prepared of them, in the order of `keys`.

    `seen` is the evidence of all `series_ids` that they were made from, `booked` the bookings.
    """

    settings: FitSettings | None = None
    series_ids: tuple[str, ...] = ()
    seen: Fingerprint | None = None
    booked: Fingerprint | None = None
    keys: Mapping[str, Key] = field(default_factory=dict)
    fit: RegressionFit | None = None
    prepared: Prepared | None = None

    def of(self, names: list[str]) -> tuple[RegressionFit, Prepared]:
        """Return what is known of these series, which must have a fit."""
        assert self.fit is not None
        assert self.prepared is not None
        rows = self.rows_of(names)
        return self.fit.rows(rows), self.prepared.rows(rows)

    def rows_of(self, names: list[str]) -> Rows:
        """Return where these series are in the order of `keys`; the first row for unknown ones."""
        if names == list(self.keys):
            return slice(0, len(names))
        rows = {name: row for row, name in enumerate(self.keys)}
        return as_rows([rows.get(name, 0) for name in names])


def cutoffs(
    series_ids: tuple[str, ...], *, start: int, step_seconds: int, refit_seconds: int
) -> IntArray:
    """Return the newest times at or before `start` at which each series is fitted, on the grid.

    Every series has its own phase within the refit period, so that the work of a thousand pools is
    spread over the period's steps instead of coming at once.
    """
    slot = max(1, _SLOT_SECONDS // step_seconds)
    period = fit_steps(step_seconds=step_seconds, refit_seconds=refit_seconds)
    index = start // step_seconds
    phases = _checksums(series_ids) % (period // slot)
    times: IntArray = start - (index - slot * phases) % period * step_seconds
    return times


def fit_steps(*, step_seconds: int, refit_seconds: int) -> int:
    """Return for how many steps of the grid a fit serves."""
    slot = max(1, _SLOT_SECONDS // step_seconds)
    return slot * max(1, refit_seconds // (slot * step_seconds))


@lru_cache(maxsize=2)
def _checksums(series_ids: tuple[str, ...]) -> IntArray:
    return np.array([zlib.crc32(each.encode()) for each in series_ids], dtype=np.int64)


def refit(last: Fitted, situation: Situation) -> Fitted:
    """Return fits of all series that have a week of history, computing only what changed.

    A fit is a pure function of the evidence in its window, of place and settings; what is prepared
    is one of the fit and of evidence up to now. Both are taken from `last` where all of that is the
    same, and are then the same to the last bit.
    """
    settings, now = situation.settings, situation.now
    if last.settings != settings:
        last = Fitted()
    start = now - max(settings.window_seconds + settings.refit_seconds, LOOK_BACK_DAYS * DAY)
    seen = fingerprint(situation.evidence, start=start, end=now)
    unchanged = _unchanged_until(last, last.seen, situation.evidence, seen, situation.series_ids)
    booked = None
    if situation.bookings is not None:
        told = bookings_as_evidence(situation, situation.bookings, start=start)
        booked = fingerprint(told, start=start, end=now)
        same = _unchanged_until(last, last.booked, told, booked, situation.series_ids)
        unchanged = np.minimum(unchanged, same)
    keys, fit, kept = _fit_due(last, situation, unchanged)
    fitted = Fitted(settings, situation.series_ids, seen, booked, keys, fit)
    if fit is None:
        return fitted
    row_of = {name: row for row, name in enumerate(situation.series_ids)}
    until = {name: int(unchanged[row_of[name]]) for name in kept}
    return replace(fitted, prepared=_prepare(last, fitted, situation, until))


def _unchanged_until(
    last: Fitted,
    then: Fingerprint | None,
    evidence: Evidence,
    now: Fingerprint,
    names: tuple[str, ...],
) -> IntArray:
    """Return up to when each series is known to be what it was, at worst since the beginning."""
    if then is None or not last.series_ids:
        return np.full(len(names), now.start)
    if last.series_ids == names:
        return same_until(then, evidence, now)
    row_of = {name: row for row, name in enumerate(last.series_ids)}
    rows = np.array([row_of.get(name, -1) for name in names], dtype=np.int64)
    same = same_until(then.rows(rows), evidence, now)
    return np.where(rows >= 0, same, now.start)


def _fit_due(
    last: Fitted, situation: Situation, unchanged: IntArray
) -> tuple[dict[str, Key], RegressionFit | None, frozenset[str]]:
    """Return keys and fits in the order of the series, and whose fits were kept."""
    settings, names = situation.settings, situation.series_ids
    known_ahead = {} if situation.bookings is None else situation.bookings.known_ahead
    found: dict[str, Key] = {}
    due: dict[Key, list[int]] = {}
    times = cutoffs(
        names,
        start=situation.now,
        step_seconds=situation.evidence.step_seconds,
        refit_seconds=settings.refit_seconds,
    )
    same = (unchanged >= times).tolist()
    for row, (name, place, at) in enumerate(
        zip(names, situation.places, times.tolist(), strict=True)
    ):
        key = last.keys.get(name)
        if key is None or not same[row] or not key.is_of(place, at, known_ahead.get(name)):
            due.setdefault(Key(place, at, known_ahead.get(name)), []).append(row)
        else:
            found[name] = key
    kept = frozenset(found)
    fitted, fits = list(last.keys), [] if last.fit is None else [last.fit]
    points = settings.window_seconds // situation.evidence.step_seconds
    size = max(1, min(_CHUNK, _CHUNK_POINTS // max(1, points)))
    for key, rows in due.items():
        for first in range(0, len(rows), size):
            chunk, fit = fit_at(situation, rows[first : first + size], key)
            fits += fit
            fitted += [names[row] for row in chunk]
            found |= {names[row]: key for row in chunk}
    keys = {name: found[name] for name in names if name in found}
    if list(keys) == fitted and len(kept) == len(keys):
        return keys, last.fit, kept
    newest = {name: row for row, name in enumerate(fitted)}
    order = [newest[name] for name in keys]
    return keys, join(fits).rows(order) if order else None, kept


def fit_at(
    situation: Situation, rows: list[int], key: Key
) -> tuple[list[int], list[RegressionFit]]:
    """Fit those of the rows that know enough, if any; say which these are."""
    evidence, settings = situation.evidence, situation.settings
    start = key.cutoff - settings.window_seconds
    window = evidence.part(rows, start, key.cutoff)
    enough = _know_enough(window.observed, DAY // evidence.step_seconds)
    if not enough.any():
        return [], []
    known = [row for row, knows in zip(rows, enough, strict=True) if knows]
    names = [situation.series_ids[row] for row in known]
    told = names if key.known_ahead is not None else []
    frame = make_frame(
        window.values[enough],
        window.observed[enough],
        start=start,
        step_seconds=evidence.step_seconds,
        steps=0,
        place=key.place,
        booked=situation.booked(told, start=start, end=key.cutoff),
    )
    fit = fit_regression(frame, steps=settings.steps, quantiles=settings.quantiles)
    return known, [fit]


def _know_enough(observed: BoolArray, per_day: int) -> BoolArray:
    """Return which rows were seen for two days at least, a week ago or longer."""
    if not observed.shape[1]:
        return np.zeros(observed.shape[0], dtype=np.bool_)
    begun = observed.shape[1] - observed.argmax(axis=1) >= LEAST_DAYS * per_day
    enough: BoolArray = begun & (np.count_nonzero(observed, axis=1) >= LEAST_DAYS_SEEN * per_day)
    return enough


def _prepare(
    last: Fitted, fitted: Fitted, situation: Situation, until: Mapping[str, int]
) -> Prepared:
    """Move on what was prepared of kept fits (unchanged `until`), and prepare the others anew."""
    step, per_day = situation.evidence.step_seconds, DAY // situation.evidence.step_seconds
    steps, names = situation.settings.steps, list(fitted.keys)
    quantiles = situation.settings.quantiles
    prepared = Prepared.empty(len(names), per_day=per_day, steps=steps)
    recent: dict[str, int] = {}
    if last.prepared is not None and last.seen is not None:
        # What changed on the last day is looked at again for all series.
        begin = last.seen.end - DAY
        recent = {name: at for name, at in until.items() if at >= begin}
    if last.prepared is not None and last.seen is not None and recent:
        moved = (situation.now - last.seen.end) // step
        changed = (situation.now - min(recent.values())) // step
        prepared = last.prepared.rows(last.rows_of(names)).moved(moved)
        for rows, frame, fit in _looks(fitted, situation, names, points=3 * per_day):
            past, leads = columns_to_fill(
                frame, steps=steps, moved=moved, unchanged=frame.known - changed
            )
            part = prepared.rows(rows)
            fill_in(part, fit, frame, past=past, leads=leads, quantiles=quantiles)
            if not isinstance(rows, slice):  # which is no copy
                prepared.put(rows, part)
    anew = [name for name in names if name not in recent]
    for rows, frame, fit in _looks(fitted, situation, anew, points=LOOK_BACK_DAYS * per_day):
        prepared.put(rows, prepare(fit, frame.dense(), steps=steps, quantiles=quantiles))
    return prepared


def _looks(
    fitted: Fitted, situation: Situation, names: list[str], *, points: int
) -> Iterator[tuple[Rows, RawFrame, RegressionFit]]:
    """Yield series in batches: their rows of the fit, what they look back on, and their fit."""
    assert fitted.fit is not None
    row_of = {name: row for row, name in enumerate(situation.series_ids)}
    for place, chosen in batches([fitted.keys[name].place for name in names], points=points):
        batch = [names[at] for at in chosen]
        rows = fitted.rows_of(batch)
        frame, _ = look_at(situation, [row_of[name] for name in batch], place)
        fit = fitted.fit.rows(rows)
        yield rows, replace(frame, likeness=fit.likeness), fit
