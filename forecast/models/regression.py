"""Seasonal regression: log demand on lags, levels and the calendar, straight to each lead.

One regression per bucket of leads and series, all series of a place at once. Its quantiles are
those of the errors it made on weeks that it had not seen.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise

import numpy as np

from forecast.arrays import Float32Array, FloatArray, IntArray
from forecast.models.design import (
    BOOKED,
    CALENDAR_FEATURES,
    FEATURES,
    ORIGIN_FEATURES,
    TARGET_FEATURES,
    Profiles,
    Targets,
    booked_feature,
    calendar_features,
    deviations,
    prior_coefficients,
    size_by_chance,
    spread_features,
    sum_up,
)
from forecast.models.frame import Frame, spans
from forecast.models.lessons import BLOCKS, FIRST_DAYS, Lessons, look_up
from forecast.models.likeness import learn_likeness
from forecast.models.past_averages import past_averages
from forecast.models.ridge import fit_ridge
from forecast.models.spread import Spread, fit_spread, join_spreads, stack_spreads

BUCKET_HOURS = (0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 24.0, 48.0)
"""The last lead of each bucket; beyond two days, one bucket a day."""
_HALF_LIFE_DAYS = 14.0
_SPREAD_HALF_LIFE_DAYS = 56.0
"""Of a row in the spread of errors: coefficients follow what is new, but one bad day among 23 is
less than 5 % of them, however new it is, and must not become the P95 of all days after it."""
_LEVEL_POWER = 0.5
"""Errors are logarithmic, capacity is not: rows weigh with demand to this power."""
_HIGHEST_LEVEL = 690.0
"""expm1 of more is no number any longer."""


@dataclass(frozen=True, slots=True, eq=False)
class RegressionFit:
    """What was learned, for many series: coefficients and spread by (series, buckets)."""

    coefficients: FloatArray
    spread: Spread
    likeness: FloatArray

    def rows(self, rows: slice | list[int]) -> "RegressionFit":
        """Return these series' fits, in this order."""
        return RegressionFit(self.coefficients[rows], self.spread.rows(rows), self.likeness[rows])


def join(fits: Sequence[RegressionFit]) -> RegressionFit:
    """Put fits of different series behind one another."""
    return RegressionFit(
        coefficients=np.concatenate([each.coefficients for each in fits]),
        spread=join_spreads([each.spread for each in fits]),
        likeness=np.concatenate([each.likeness for each in fits]),
    )


@cache
def lead_buckets(per_day: int, steps: int) -> tuple[tuple[int, int], ...]:
    """Cut the leads 0 .. steps - 1 into buckets [first, last), narrow where the lead is short."""
    days = range(3, steps // per_day + 2)
    edges = {0, steps, *spans(per_day, BUCKET_HOURS), *(day * per_day for day in days)}
    ordered = sorted(edge for edge in edges if edge <= steps)
    return tuple(pairwise(ordered))


def fit_regression(frame: Frame, *, steps: int, quantiles: tuple[float, ...]) -> RegressionFit:
    """Fit every bucket of leads on the frame's past, at least three days more than `steps`."""
    past = slice(0, frame.known)
    likeness = learn_likeness(frame.level, frame.seen, frame.local.at(past), frame.per_day)
    frame = replace(frame, likeness=likeness)
    profiles = Profiles(*past_averages(frame))
    passed = sum_up(frame, deviations(frame, np.arange(frame.known), profiles.alike), 0)
    seen = frame.seen > 0.0
    begun = np.where(seen.any(axis=1), seen.argmax(axis=1), frame.known)
    buckets = [
        _fit_bucket(frame, rows, begun=begun, quantiles=quantiles)
        for rows in look_up(frame, profiles, passed, lead_buckets(frame.per_day, steps))
    ]
    return RegressionFit(
        coefficients=np.stack([coefficients for coefficients, _ in buckets], axis=1),
        spread=stack_spreads([spread for _, spread in buckets]),
        likeness=likeness,
    )


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """Targets of one bucket of leads, and what the calendar alone says about them."""

    bucket: int
    calendar: FloatArray
    spread: FloatArray


def make_rows(frame: Frame, origins: IntArray, leads: IntArray, *, steps: int) -> Rows:
    """Look up points origins + leads, all of one bucket; `steps` are those of the fit."""
    buckets = lead_buckets(frame.per_day, steps)
    bucket = next(at for at, (_, last) in enumerate(buckets) if leads.max(initial=0) < last)
    return Rows(
        bucket=bucket,
        calendar=calendar_features(frame, origins, leads),
        spread=spread_features(frame, origins + leads, leads, buckets[bucket][1]),
    )


def predict_steps(
    fit: RegressionFit,
    frame: Frame,
    origins: IntArray,
    *,
    base: Float32Array,
    features: Float32Array,
    origin: FloatArray,
) -> FloatArray:
    """Return log1p(participants) of the steps from each origin on.

    The shape is (series, origins, steps, quantiles), that of `base` (series, origins, steps); the
    `features` of the targets have one more axis before these, `origin` is (ORIGIN_FEATURES, series,
    origins).
    """
    series, count, steps = base.shape
    buckets = lead_buckets(frame.per_day, steps)
    longest = np.repeat([last for _, last in buckets], [last - first for first, last in buckets])
    start, lead = np.repeat(origins, steps), np.tile(np.arange(steps), count)
    shape = -1, count, steps
    calendar = calendar_features(frame, start, lead).reshape(shape)
    spread = spread_features(frame, start + lead, lead, np.tile(longest, count)).reshape(shape)
    levels = np.empty((*base.shape, fit.spread.scores.shape[-1]))
    for bucket, (first, last) in enumerate(buckets):
        at, size = slice(first, last), last - first
        targets = Targets(
            base[..., at].reshape(series, -1).astype(np.float64),
            features[..., at].reshape(-1, series, count * size).astype(np.float64),
        )
        now, leads = np.repeat(origins, size), np.tile(np.arange(first, last), count)
        paths = predict_rows(
            fit,
            Rows(
                bucket,
                calendar[..., at].reshape(-1, now.size),
                spread[..., at].reshape(-1, now.size),
            ),
            targets,
            origin if count == 1 else np.repeat(origin, size, axis=-1),
            booked_feature(frame, targets.base, now, leads),
        )
        levels[:, :, at] = paths.reshape(series, count, size, -1)
    return levels


def predict_rows(
    fit: RegressionFit,
    rows: Rows,
    targets: Targets,
    origin: FloatArray,
    booked: FloatArray | None = None,
) -> FloatArray:
    """Return log1p(participants), shape (series, rows, quantiles).

    `origin` has shape (ORIGIN_FEATURES, series, rows), or 1 in place of rows that share an origin;
    `booked` (series, rows) is None where no bookings are known.
    Feature is added to feature, so that a target's quantiles are the same to the last bit whatever
    other targets are asked for beside it.
    """
    weights = dict(zip(FEATURES, fit.coefficients[:, rows.bucket].T[..., None], strict=True))
    level = weights["intercept"]
    for name, feature in zip(ORIGIN_FEATURES, origin, strict=True):
        level = level + weights[name] * feature
    level = targets.base + level
    for names, features in (
        (TARGET_FEATURES, targets.features),
        (CALENDAR_FEATURES, rows.calendar),
    ):
        for name, feature in zip(names, features, strict=True):
            level += weights[name] * feature
    if booked is not None:
        level += weights[BOOKED] * booked
    level += fit.spread.center[:, rows.bucket, None]
    scale = fit.spread.scale(rows.bucket, size_by_chance(targets.base), rows.spread)
    paths = scale[..., None] * fit.spread.scores[:, rows.bucket, None]
    paths += level[..., None]
    return np.clip(paths, 0.0, _HIGHEST_LEVEL, out=paths)


def _fit_bucket(
    frame: Frame, rows: Lessons, *, begun: IntArray, quantiles: tuple[float, ...]
) -> tuple[FloatArray, Spread]:
    """Fit one bucket of series that were first seen at the points `begun`."""
    target, base, level, seen = rows.target, rows.targets.base, rows.level, rows.seen
    groups = [rows.targets.features, rows.calendar[:, None], rows.origin]
    booked = booked_feature(frame, base, target - rows.leads, rows.leads)
    if booked is not None:
        groups.append(booked[None])
    # Without bookings there is no column for them, and not a bit of the others changes.
    x = np.empty((*base.shape, 1 + sum(map(len, groups))))
    x[..., 0] = 1.0
    first = 1
    for group in groups:
        x[..., first : first + len(group)] = np.moveaxis(group, 0, -1)
        first += len(group)
    counts = seen * (target >= begun[:, None] + FIRST_DAYS * frame.per_day)
    age = (frame.known - target) / frame.per_day
    by_size = np.exp(_LEVEL_POWER * (base - base.max(axis=1, keepdims=True)))
    weights = _weights(by_size, age, half_life_days=_HALF_LIFE_DAYS) * counts
    total = np.maximum(weights.sum(axis=1), 1e-300)
    wanted = (level - base) * seen
    # In units of their usual size, features and errors make one penalty right for all of them.
    unit = np.sqrt((weights * wanted**2).sum(axis=1) / total) + 1e-9
    size = np.sqrt(np.einsum("sn,snp->sp", weights, x**2) / total[:, None])
    size = size + 1e-6 * unit[:, None]
    size[:, 0] = 1.0
    priors = prior_coefficients()[: x.shape[-1]] * (size / unit[:, None])[..., None]

    def blocks(rows: FloatArray) -> FloatArray:
        return rows.reshape(rows.shape[0], BLOCKS, -1, *rows.shape[2:])

    ridge = fit_ridge(
        blocks(x / size[:, None]),
        blocks(wanted / unit[:, None]),
        blocks(weights),
        priors,
    )
    errors = ridge.errors.reshape(wanted.shape) * unit[:, None]
    features = np.empty((*base.shape, 2 + len(rows.spread)))
    features[..., 0] = 1.0
    features[..., 1] = size_by_chance(base)
    features[..., 2:] = rows.spread.T
    coefficients = np.zeros((base.shape[0], len(FEATURES)))
    coefficients[:, : x.shape[-1]] = ridge.coefficients * unit[:, None] / size
    lasting = _weights(by_size, age, half_life_days=_SPREAD_HALF_LIFE_DAYS) * counts
    return coefficients, fit_spread(features, errors, lasting, quantiles)


def _weights(size: FloatArray, age_days: FloatArray, *, half_life_days: float) -> FloatArray:
    """Weigh rows (series, rows): newer and larger demand more, on average one."""
    weights = 0.5 ** (age_days / half_life_days) * size
    scaled: FloatArray = weights / weights.mean(axis=1, keepdims=True)
    return scaled
