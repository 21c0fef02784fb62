"""The regression's features: what was known at an origin about a point some steps ahead.

Features are of three kinds, so that a new point costs little: those of the target are the same from
whichever origin of a day they are looked at, those of the calendar are the same for all series of a
place, and those of the origin are the same for all targets.
"""

from dataclasses import dataclass

import numpy as np

from forecast.arrays import FloatArray, IntArray
from forecast.models.frame import PROFILE_DAYS, Frame, spans

TARGET_FEATURES = (
    "yesterday",  # same time, newest day known, against the profile
    "last_week",
    "all_days",  # the average over all days against the one over days like this
)
CALENDAR_FEATURES = (
    "new_holiday",  # the point is on a holiday, and a week earlier was none
    "past_holiday",  # the other way round
)
ORIGIN_FEATURES = (
    "now",  # the newest point against its profile, then averages over longer spans
    "hour",
    "day",
    "momentum",
    "now_weekly",  # the newest point against that of a week, and of a day, earlier
    "now_daily",
)
BOOKED = "booked"  # what bookings beyond the usual add to the profile
FEATURES = ("intercept", *TARGET_FEATURES, *CALENDAR_FEATURES, *ORIGIN_FEATURES, BOOKED)
PRIORS: tuple[dict[str, float], ...] = (
    {},  # the profile of days like this
    {"yesterday": 1.0},
    {"last_week": 1.0},
    {"yesterday": 0.5, "last_week": 0.5},
    {"day": 1.0},  # the profile times the last day's level
    {"day": 0.5, "hour": 0.5},
)
"""What a person would forecast with without any fitting, as coefficients: see `fit_ridge`."""

LOOK_BACK_DAYS = PROFILE_DAYS + 4
"""What the features of an origin a day ago look at: the profiles of the day before it, and an hour
more where the clocks changed."""
_MOST_BOOKED = 1e12
_DEVIATION_UNIT = 2.0**-20
"""Deviations are whole multiples of this: their sums are exact, from wherever they begin."""


@dataclass(frozen=True, slots=True, eq=False)
class Profiles:
    """Averages over days alike, and over all days, of the same time of day: (series, points)."""

    alike: FloatArray
    all_days: FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class Targets:
    """The profile of each target, `base` (series, rows), and features against it.

    `features` have shape (TARGET_FEATURES, series, rows).
    """

    base: FloatArray
    features: FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class Deviations:
    """How far log demand was from the profile, for points from `first` on, as running sums.

    Both have shape (series, points + 1): entry i is of the points before. `count` is of those seen.
    """

    first: int
    total: FloatArray
    count: FloatArray

    def mean(self, origins: IntArray, span: int) -> FloatArray:
        """Return the mean over the `span` points before the origins; 0 if none was seen."""
        end = origins - self.first
        begin = np.maximum(end - span, 0)
        count = self.count.take(end, axis=1) - self.count.take(begin, axis=1)
        total = self.total.take(end, axis=1) - self.total.take(begin, axis=1)
        mean: FloatArray = total / np.maximum(count, 1.0)
        return mean


def days_back(frame: Frame, leads: IntArray) -> IntArray:
    """Return how many days before its target each row finds the newest day that is known."""
    return leads // frame.per_day + 1


def make_profiles(
    frame: Frame, index: IntArray, nearest: IntArray, *, before: IntArray | None = None
) -> Profiles:
    """Average the days before each point, from `nearest` days back, and known `before` then."""
    return Profiles(*frame.day_averages(index, nearest, before=before))


def deviations(frame: Frame, index: IntArray, profile: FloatArray) -> FloatArray:
    """Return log demand minus profile (series, points), 0 where demand was not seen."""
    level, seen = frame.take(index)
    level -= profile
    level *= seen
    level /= _DEVIATION_UNIT
    np.rint(level, out=level)
    level *= _DEVIATION_UNIT
    return level


def sum_up(frame: Frame, deviation: FloatArray, first: int) -> Deviations:
    """Prepare means of the deviations of points from `first` on."""
    seen = frame.was_seen(first + np.arange(deviation.shape[1]))
    return Deviations(first=first, total=_running_sums(deviation), count=_running_sums(seen))


def target_features(
    frame: Frame, profiles: Profiles, origins: IntArray, leads: IntArray
) -> Targets:
    """Look at points origins + leads (from 0), using only points before the origins.

    The `profiles` are those of the same points, from `days_back` on.
    """
    target = origins + leads
    base = profiles.alike
    weeks = 7 * (leads // (7 * frame.per_day) + 1)
    lags = frame.lag(target, days_back(frame, leads)), frame.lag(target, weeks)
    features = np.empty((len(TARGET_FEATURES), *base.shape))
    for feature, lagged in enumerate(lags):
        level, seen = frame.take(lagged)
        level -= base
        level *= seen * (lagged < origins)
        features[feature] = level
    features[2] = profiles.all_days - base
    return Targets(base, features)


def calendar_features(frame: Frame, origins: IntArray, leads: IntArray) -> FloatArray:
    """Return what the calendar says about points origins + leads, (CALENDAR_FEATURES, rows)."""
    target = origins + leads
    week_ago = frame.lag(target, 7 * (leads // (7 * frame.per_day) + 1))
    holiday = frame.local.holiday[target]
    was_holiday = frame.local.holiday[np.maximum(week_ago, 0)]
    return np.array([holiday & ~was_holiday, ~holiday & was_holiday], dtype=np.float64)


def origin_features(frame: Frame, past: Deviations, origins: IntArray) -> FloatArray:
    """Return what was known at the origins whatever the target, (ORIGIN_FEATURES, series, rows).

    Whatever was not seen leaves its feature at zero: no news about the profile.
    """
    hour, day = spans(frame.per_day, (1.0, 24.0))
    now = past.mean(origins, 1)
    return np.stack(
        [
            now,
            past.mean(origins, hour),
            past.mean(origins, day),
            now - past.mean(origins - 1, 1),
            _change(frame, origins, 7),
            _change(frame, origins, 1),
        ]
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Bookings(Frame):
    """A frame to take bookings from, as logarithms of what they add to `demand`.

    Its shape is (series, points); so many points are taken, or as many for several days.
    """

    demand: FloatArray

    def take(self, index: IntArray) -> tuple[FloatArray, FloatArray]:
        booked, known = Frame.take(self, index)
        by_day = booked.reshape(len(booked), -1, self.demand.shape[1])
        return np.log1p(by_day / self.demand[:, None]).reshape(booked.shape), known


def booked_feature(
    frame: Frame, base: FloatArray, origins: IntArray, leads: IntArray
) -> FloatArray | None:
    """Return by how much bookings raise points origins + leads above what they usually do.

    Participants add up and features are logarithms, so that what counts is bookings on top of the
    profile `base` (series, rows), against the average of the same over days alike, which the
    profile holds already. Zero, no news, where nothing was known yet; None where no row can know
    anything.
    """
    booked = frame.booked
    if booked is None or not leads.size or leads.min() > booked.known_ahead.max():
        return None
    known = np.isfinite(booked.values)
    seen = known.astype(np.float64)
    bookings = _Bookings(
        level=np.clip(np.where(known, booked.values, 0.0), 0.0, _MOST_BOOKED),
        seen=seen,
        local=frame.local,
        day_class=frame.day_class,
        clock_shift=frame.clock_shift,
        likeness=frame.likeness,
        per_day=frame.per_day,
        known=frame.known,
        demand=np.exp(base),
    )
    target, nearest = origins + leads, days_back(frame, leads)
    usual, _ = bookings.day_averages(target, nearest)
    was_known, _ = frame.telling(seen, seen).day_averages(target, nearest)
    now, is_known = bookings.take(target)
    feature: FloatArray = (now - usual) * is_known * (was_known > 0.0)
    return feature * (leads <= booked.known_ahead[:, None])


def spread_features(
    frame: Frame, target: IntArray, leads: IntArray, longest: int | IntArray
) -> FloatArray:
    """Return what an error's size may depend on beside the profile, shape (features, rows).

    `longest` is the last lead, counted from 1, of each row's bucket. The profile comes first:
    see `size_by_chance`.
    """
    local = frame.local.at(target)
    angle = 2.0 * np.pi / 24.0 * local.hour
    return np.array([np.sin(angle), np.cos(angle), local.free_day, (leads + 1) / longest])


def size_by_chance(base: FloatArray) -> FloatArray:
    """Few people come and go by chance (the root of their number): small demand is less certain."""
    return np.exp(-0.25 * base)


def prior_coefficients() -> FloatArray:
    """Return PRIORS as coefficients (features, candidates)."""
    table = np.zeros((len(FEATURES), len(PRIORS)))
    for column, prior in enumerate(PRIORS):
        for name, value in prior.items():
            table[FEATURES.index(name), column] = value
    return table


def _running_sums(values: FloatArray) -> FloatArray:
    """Return sums over the points before each, shape (series, points + 1)."""
    sums = np.zeros((values.shape[0], values.shape[1] + 1))
    np.cumsum(values, axis=1, out=sums[:, 1:])
    return sums


def _change(frame: Frame, origins: IntArray, days_back: int) -> FloatArray:
    """Return the newest point minus that at the same time, days earlier; 0 if one is unseen."""
    newest = origins - 1
    new, new_seen = frame.take(newest)
    old, old_seen = frame.take(frame.lag(newest, np.full(newest.shape, days_back)))
    change: FloatArray = (new - old) * new_seen * old_seen
    return change
