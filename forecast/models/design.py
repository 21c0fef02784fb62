"""The regression's features: what was known at an origin about a point some steps ahead."""

from dataclasses import dataclass

import numpy as np

from forecast.arrays import BoolArray, FloatArray, IntArray
from forecast.models.frame import PROFILE_DAYS, Frame, running_sums, spans

FEATURES = (
    "intercept",
    "yesterday",  # same time, newest day known, against the profile
    "last_week",
    "all_days",  # the average over all days against the one over days like this
    "now",  # the newest point against its profile, then averages over longer spans
    "hour",
    "day",
    "momentum",
    "now_weekly",  # the newest point against that of a week, and of a day, earlier
    "now_daily",
    "new_holiday",  # the point is on a holiday, and a week earlier was none
    "past_holiday",  # the other way round
)
PRIORS: tuple[dict[str, float], ...] = (
    {},  # the profile of days like this
    {"yesterday": 1.0},
    {"last_week": 1.0},
    {"yesterday": 0.5, "last_week": 0.5},
    {"day": 1.0},  # the profile times the last day's level
    {"day": 0.5, "hour": 0.5},
)
"""What a person would forecast with without any fitting, as coefficients: see `fit_ridge`."""

LOOK_BACK_DAYS = PROFILE_DAYS + 3
"""What the features of an origin a day ago look at: the profiles of the day before it."""


@dataclass(frozen=True, slots=True, eq=False)
class Levels:
    """What all rows share: profiles a day ahead, and running sums (entry i: of points before).

    `profile` and `all_days` have one entry per point from `first` on, up to a day after the last
    known; the sums of `deviation` from the profile, and of points that have one, begin at `first`
    too.
    """

    first: int
    profile: FloatArray
    all_days: FloatArray
    deviation: FloatArray
    profiled: FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class Design:
    """Features (series, rows, features) of log demand minus `base` (series, rows), the profile."""

    features: FloatArray
    base: FloatArray


def make_levels(frame: Frame, first: int) -> Levels:
    """Average days and sum up how far demand was from them, for points from `first` on."""
    last = min(frame.known + frame.per_day, frame.level.shape[1])
    index = np.arange(first, last)
    profile, all_days = frame.day_averages(index, np.ones(index.shape, dtype=np.int64))
    level, seen = frame.take(index[: frame.known - first])
    return Levels(
        first=first,
        profile=profile,
        all_days=all_days,
        deviation=running_sums((level - profile[:, : level.shape[1]]) * seen),
        profiled=running_sums(seen),
    )


def make_design(frame: Frame, levels: Levels, origins: IntArray, leads: IntArray) -> Design:
    """Build the rows for points origins + leads, using only points before the origins.

    `leads` count from 0. Whatever was not seen leaves its feature at zero: no news about the
    profile.
    """
    target = origins + leads
    days = leads // frame.per_day + 1
    weeks = 7 * (leads // (7 * frame.per_day) + 1)
    base, all_days = _profiles(frame, levels, target, days)
    week_ago = frame.lag(target, weeks)

    def against_profile(index: IntArray) -> FloatArray:
        level, seen = frame.take(index)
        return (level - base) * seen * (index < origins)

    hour, day = spans(frame.per_day, (1.0, 24.0))
    now = _deviation(levels, origins, 1)
    holiday = frame.local.holiday[target]
    was_holiday = frame.local.holiday[np.maximum(week_ago, 0)]
    columns = (
        np.ones(base.shape),
        against_profile(frame.lag(target, days)),
        against_profile(week_ago),
        all_days - base,
        now,
        _deviation(levels, origins, hour),
        _deviation(levels, origins, day),
        now - _deviation(levels, origins - 1, 1),
        _change(frame, origins, 7),
        _change(frame, origins, 1),
        _wide(holiday & ~was_holiday, base),
        _wide(~holiday & was_holiday, base),
    )
    return Design(features=np.stack(columns, axis=-1), base=base)


def spread_features(
    frame: Frame, base: FloatArray, target: IntArray, leads: IntArray, longest: IntArray
) -> FloatArray:
    """Return what an error's size may depend on, shape (series, rows, features).

    `base` is the profile (series, rows): few people come and go by chance (the root of their
    number), so that the logarithm of small demand is the less certain. `longest` is the last lead,
    counted from 1, of each row's bucket.
    """
    angle = 2.0 * np.pi / 24.0 * frame.local.hour[target]
    columns = (
        np.ones(base.shape),
        np.exp(-0.25 * base),
        _wide(np.sin(angle), base),
        _wide(np.cos(angle), base),
        _wide(frame.local.free_day[target], base),
        _wide((leads + 1) / longest, base),
    )
    return np.stack(columns, axis=-1)


def prior_coefficients() -> FloatArray:
    """Return PRIORS as coefficients (features, candidates)."""
    table = np.zeros((len(FEATURES), len(PRIORS)))
    for column, prior in enumerate(PRIORS):
        for name, value in prior.items():
            table[FEATURES.index(name), column] = value
    return table


def _profiles(
    frame: Frame, levels: Levels, target: IntArray, days: IntArray
) -> tuple[FloatArray, FloatArray]:
    """Return both averages at the targets, from `days` back; those a day ahead are at hand."""
    far = days > 1
    at_hand = np.where(far, levels.first, target) - levels.first
    base, all_days = levels.profile[:, at_hand], levels.all_days[:, at_hand]
    if far.any():
        base[:, far], all_days[:, far] = frame.day_averages(target[far], days[far])
    return base, all_days


def _deviation(levels: Levels, origins: IntArray, span: int) -> FloatArray:
    """Mean of log demand minus profile over the `span` points before the origins; 0 if unseen."""
    end = origins - levels.first
    begin = np.maximum(end - span, 0)
    count = levels.profiled[:, end] - levels.profiled[:, begin]
    total = levels.deviation[:, end] - levels.deviation[:, begin]
    mean: FloatArray = total / np.maximum(count, 1.0)
    return mean


def _change(frame: Frame, origins: IntArray, days_back: int) -> FloatArray:
    """Return the newest point minus that at the same time, days earlier; 0 if one is unseen."""
    newest = origins - 1
    new, new_seen = frame.take(newest)
    old, old_seen = frame.take(frame.lag(newest, np.full(newest.shape, days_back)))
    change: FloatArray = (new - old) * new_seen * old_seen
    return change


def _wide(column: FloatArray | BoolArray, like: FloatArray) -> FloatArray:
    return np.broadcast_to(column.astype(np.float64), like.shape)
