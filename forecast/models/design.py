"""The regression's features: what was known at an origin about a point some steps ahead."""

from dataclasses import dataclass

import numpy as np

from forecast.arrays import BoolArray, FloatArray, IntArray
from forecast.models.frame import (
    PROFILE_DAYS,
    SATURDAY,
    SUNDAY_OR_HOLIDAY,
    WORKDAY,
    Frame,
    running_sums,
    spans,
)

FEATURES = (
    "intercept",
    "yesterday",  # same time, newest day known, against the profile
    "last_week",
    "week_before",
    "all_days",  # the average over all days against the one over days of this type
    "now",  # the newest point against its profile, then averages over longer spans
    "hour",
    "four_hours",
    "day",
    "momentum",
    "now_weekly",  # the newest points against those a week and a day earlier
    "now_daily",
    "hour_weekly",
    "hour_daily",
    "hour_fading",  # level times lead: how it fades within a bucket of leads
    "day_fading",
    "sin_day",
    "cos_day",
    "sin_half_day",
    "cos_half_day",
    "free_day",
    "saturday",
    "new_holiday",  # the point is on a holiday, and a week earlier was none
    "past_holiday",  # the other way round
)
PRIORS: tuple[dict[str, float], ...] = (
    {},  # the profile of this day type
    {"yesterday": 1.0},
    {"last_week": 1.0},
    {"yesterday": 0.5, "last_week": 0.5},
    {"day": 1.0},  # the profile times the last day's level
    {"day": 0.5, "hour": 0.5},
)
"""What a person would forecast with without any fitting, as coefficients: see `fit_ridge`."""

_LEVEL_HOURS = (0.0, 1.0, 4.0, 24.0)
LOOK_BACK_DAYS = PROFILE_DAYS + 3
"""What the features of an origin a day ago look at: two weeks before the day before it."""


@dataclass(frozen=True, slots=True, eq=False)
class Levels:
    """Running sums for the level features: entry i sums over the points before first + i."""

    first: int
    deviation: FloatArray
    profiled: FloatArray
    level: FloatArray
    seen: FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class Design:
    """Features (series, rows, features) of log demand minus `base` (series, rows), the profile."""

    features: FloatArray
    base: FloatArray


def make_levels(frame: Frame, first: int) -> Levels:
    """Sum up how far demand was from its profile, for origins from `first` plus one day on."""
    index = np.arange(first, frame.known)
    profile, _ = frame.day_averages(index, np.ones(index.shape, dtype=np.int64))
    level, seen = frame.take(index)
    return Levels(
        first=first,
        deviation=running_sums((level - profile) * seen),
        profiled=running_sums(seen),
        level=running_sums(frame.level[:, : frame.known]),
        seen=running_sums(frame.seen[:, : frame.known]),
    )


def make_design(frame: Frame, levels: Levels, origins: IntArray, leads: IntArray) -> Design:
    """Build the rows for points origins + leads, using only points before the origins.

    Whatever was not seen leaves its feature at zero: no news about the profile. `leads` count from
    0.
    """
    target = origins + leads
    days = leads // frame.per_day + 1
    weeks = 7 * (leads // (7 * frame.per_day) + 1)
    base, all_days = frame.day_averages(target, days)
    week_ago = frame.lag(target, weeks)

    def against_profile(index: IntArray) -> FloatArray:
        level, seen = frame.take(index)
        return (level - base) * seen * (index < origins)

    now, hour, four_hours, day = spans(frame.per_day, _LEVEL_HOURS)
    level_now, level_hour = (_deviation(levels, origins, span) for span in (now, hour))
    level_day = _deviation(levels, origins, day)
    fading = (leads + 1) / frame.per_day
    angle = 2.0 * np.pi / 24.0 * frame.local.hour[target]
    type_then, type_week_ago = (frame.day_type[np.maximum(each, 0)] for each in (target, week_ago))
    columns = (
        np.ones(base.shape),
        against_profile(frame.lag(target, days)),
        against_profile(week_ago),
        against_profile(frame.lag(target, weeks + 7)),
        all_days - base,
        level_now,
        level_hour,
        _deviation(levels, origins, four_hours),
        level_day,
        level_now - _deviation(levels, origins - 1, 1),
        *(
            _change(frame, levels, origins, span, days_back)
            for span in (now, hour)
            for days_back in (7, 1)
        ),
        level_hour * fading,
        level_day * fading,
        *_wide(
            base,
            np.sin(angle),
            np.cos(angle),
            np.sin(2.0 * angle),
            np.cos(2.0 * angle),
            type_then == SUNDAY_OR_HOLIDAY,
            type_then == SATURDAY,
            (type_then == SUNDAY_OR_HOLIDAY) & (type_week_ago != SUNDAY_OR_HOLIDAY),
            (type_then != SUNDAY_OR_HOLIDAY) & (type_week_ago == SUNDAY_OR_HOLIDAY),
        ),
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
        *_wide(
            base,
            np.sin(angle),
            np.cos(angle),
            frame.day_type[target] != WORKDAY,
            (leads + 1) / longest,
        ),
    )
    return np.stack(columns, axis=-1)


def prior_coefficients() -> FloatArray:
    """Return PRIORS as coefficients (features, candidates)."""
    table = np.zeros((len(FEATURES), len(PRIORS)))
    for column, prior in enumerate(PRIORS):
        for name, value in prior.items():
            table[FEATURES.index(name), column] = value
    return table


def _deviation(levels: Levels, origins: IntArray, span: int) -> FloatArray:
    """Mean of log demand minus profile over the `span` points before the origins; 0 if unseen."""
    end = origins - levels.first
    begin = np.maximum(end - span, 0)
    count = levels.profiled[:, end] - levels.profiled[:, begin]
    total = levels.deviation[:, end] - levels.deviation[:, begin]
    mean: FloatArray = total / np.maximum(count, 1.0)
    return mean


def _change(
    frame: Frame, levels: Levels, origins: IntArray, span: int, days_back: int
) -> FloatArray:
    """Mean over the span before the origins minus that over the same span days earlier."""
    newest = frame.lag(origins - 1, np.full(origins.shape, days_back)) + 1
    (new, new_seen), (old, old_seen) = (_mean(levels, end, span) for end in (origins, newest))
    return np.where(new_seen & old_seen, new - old, 0.0)


def _mean(levels: Levels, end: IntArray, span: int) -> tuple[FloatArray, BoolArray]:
    last = np.maximum(end, 0)
    begin = np.maximum(end - span, 0)
    count = levels.seen[:, last] - levels.seen[:, begin]
    total = levels.level[:, last] - levels.level[:, begin]
    return total / np.maximum(count, 1.0), count > 0.0


def _wide(like: FloatArray, *columns: FloatArray | np.ndarray) -> list[FloatArray]:
    return [np.broadcast_to(column.astype(np.float64), like.shape) for column in columns]
