"""Whether evidence is what it was: small enough to keep, and quick enough to compare every time."""

from dataclasses import dataclass, replace
from functools import cache

import numpy as np

from forecast.arrays import AnyFloatArray, BoolArray, IntArray, UInt64Array
from forecast.calendar import DAY
from forecast.evidence import Evidence

_TAIL_DAYS = 1
"""The last whole day and what there is of today are compared point by point, earlier days whole."""
_CHUNK = 32
"""Rows summed up at once, as many as fit the processor's cache."""


@dataclass(frozen=True, slots=True, eq=False)
class Fingerprint:
    """What was observed: a 64-bit sum per series and day, and the newest points as they are.

    `start` and `tail_start` are epoch seconds at which a day (UTC) begins; `days` has shape
    (series, days) and ends where the tail, shape (series, points), begins.
    """

    start: int
    tail_start: int
    end: int
    step_seconds: int
    days: UInt64Array
    tail: AnyFloatArray

    def rows(self, rows: IntArray) -> "Fingerprint":
        """Return these series only."""
        return replace(self, days=self.days[rows], tail=self.tail[rows])


def fingerprint(evidence: Evidence, *, start: int, end: int) -> Fingerprint:
    """Sum up evidence of the grid [start, end), days being counted back from `end`'s midnight."""
    step = evidence.step_seconds
    per_day = DAY // step
    midnight = end - (end // step * step) % DAY
    tail_start = midnight - _TAIL_DAYS * DAY
    days = max(0, -((start - tail_start) // DAY))
    first_day = tail_start - days * DAY
    series = evidence.values.shape[0]
    sums = np.empty((series, days), dtype=np.uint64)
    # Days that the evidence begins after are apart, for the others are read where they are.
    whole = min(max(0, -((first_day - evidence.start) // DAY)), days)
    for first in range(0, series, _CHUNK):
        rows = slice(first, first + _CHUNK)
        for some in (slice(0, whole), slice(whole, days)):
            if some.start < some.stop:
                part = evidence.part(
                    rows, first_day + some.start * DAY, first_day + some.stop * DAY
                )
                sums[rows, some] = _daily_sums(part, per_day)
    return Fingerprint(
        start=first_day,
        tail_start=tail_start,
        end=end,
        step_seconds=step,
        days=sums,
        tail=_observations(evidence.part(slice(None), tail_start, end)),
    )


def same_until(old: Fingerprint, evidence: Evidence, new: Fingerprint) -> IntArray:
    """Return up to when (epoch seconds) what was known of each series is what is known now.

    Both must be of the same series. Days that one of them does not reach back to are not compared.
    """
    step = new.step_seconds
    start = max(old.start, new.start)
    comparable = old.step_seconds == step and (old.end - new.end) % step == 0
    if not comparable or new.end < old.end or start >= old.tail_start:
        return np.full(len(new.days), new.start)
    days = (old.tail_start - start) // DAY
    then, now = (start - old.start) // DAY, (start - new.start) // DAY
    day = _first(old.days[:, then : then + days] != new.days[:, now : now + days])
    tail = _observations(evidence.part(slice(None), old.tail_start, old.end))
    point = old.tail_start + _first(old.tail != tail) * step
    until: IntArray = np.where(day < days, start + day * DAY, point)
    return until


def _daily_sums(evidence: Evidence, per_day: int) -> UInt64Array:
    """Return a sum of whole days of evidence, shape (series, days)."""
    observed = _observations(evidence)
    bits = _bits(observed.reshape(len(observed), -1, per_day))
    sums: UInt64Array = np.einsum("rdp,p->rd", bits, _weights(bits.shape[-1]))
    return sums


def _first(differs: BoolArray) -> IntArray:
    """Return the first column in which each row differs, the number of columns if in none."""
    if not differs.shape[1]:
        return np.zeros(differs.shape[0], dtype=np.int64)
    first: IntArray = np.where(differs.any(axis=1), differs.argmax(axis=1), differs.shape[1])
    return first


def _observations(evidence: Evidence) -> AnyFloatArray:
    """Return what was observed, -1 where nothing was."""
    values = evidence.values
    return np.where(evidence.observed, values, values.dtype.type(-1.0))


def _bits(observations: AnyFloatArray) -> UInt64Array:
    if observations.dtype == np.float32 and observations.shape[-1] % 2:
        return observations.view(np.uint32).astype(np.uint64)
    bits = observations.view(np.uint64)  # of float32 two at once
    # Whole numbers differ in their upper bits only, which a product never carries downward.
    bits ^= bits >> np.uint64(32)
    return bits


@cache
def _weights(count: int) -> UInt64Array:
    """Return odd numbers without any pattern (splitmix64)."""
    x = (np.arange(count, dtype=np.uint64) + np.uint64(1)) * np.uint64(0x9E3779B97F4A7C15)
    x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    weights: UInt64Array = (x ^ (x >> np.uint64(31))) | np.uint64(1)
    return weights
