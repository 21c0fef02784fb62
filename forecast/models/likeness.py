"""Which days are like which: learned, because not every week rests on Saturday and Sunday."""

import numpy as np

from forecast.arrays import BoolArray, FloatArray, IntArray
from forecast.calendar import DAY, LocalTime

HOLIDAY = 7
CLASSES = 8
"""Monday to Sunday, and holidays."""
_LEAST = 0.02
"""The weight of a Tuesday for a quite different Sunday: it counts where nothing else was seen."""
_WORKDAYS, _SATURDAYS, _SUNDAYS = 0, 1, 2
_PAIRS = np.triu_indices(CLASSES, 1)
_USUAL = np.array([_WORKDAYS] * 5 + [_SATURDAYS] + [_SUNDAYS] * 2)


def day_classes(local: LocalTime) -> IntArray:
    """Return each point's class: its weekday, or HOLIDAY."""
    return np.where(local.holiday, HOLIDAY, local.weekday)


def usual_likeness(series: int) -> FloatArray:
    """Return what is assumed before anything was learned: workdays, Saturdays, days of rest."""
    same = _USUAL[:, None] == _USUAL
    return np.broadcast_to(np.where(same, 1.0, _LEAST), (series, CLASSES, CLASSES))


def learn_likeness(
    level: FloatArray, seen: FloatArray, local: LocalTime, per_day: int
) -> FloatArray:
    """Return how much a day of one class says about one of another, (series, CLASSES, CLASSES).

    `level` and `seen` have shape (series, points). Two classes are alike as far as their mean days
    differ by no more than days of one class do by chance; beyond that, likeness falls exponentially
    with the ratio. A holiday is taken for a Sunday until one was seen, and a class that was never
    seen is like others as usual.
    """
    cell = day_classes(local) * per_day + local.wall % DAY * per_day // DAY
    total = np.zeros((level.shape[0], CLASSES * per_day))
    days = np.zeros_like(total)
    for first in range(0, level.shape[1], per_day):
        day = slice(first, first + per_day)
        total[:, cell[day]] += level[:, day]
        days[:, cell[day]] += seen[:, day]
    total /= np.maximum(days, 1.0)
    noise = _noise(level, seen, total, days, cell)

    mean, count = (each.reshape(-1, CLASSES, per_day) for each in (total, days))
    unknown = ~(count[:, HOLIDAY] > 0.0).any(axis=1)
    mean[unknown, HOLIDAY], count[unknown, HOLIDAY] = (
        mean[unknown, 6],
        count[unknown, 6],
    )
    likeness = usual_likeness(level.shape[0]).copy()
    inverse = 1.0 / np.maximum(count, 1.0)
    one, other = _PAIRS
    both = (count[:, one] > 0.0) & (count[:, other] > 0.0)
    difference = _sum(np.abs(mean[:, one] - mean[:, other]), both)
    by_chance = _sum(np.sqrt(inverse[:, one] + inverse[:, other]), both) * noise[:, None]
    ratio = difference / np.where(by_chance > 0.0, by_chance, 1e-9)
    alike = np.maximum(np.exp(-np.clip(ratio - 1.0, 0.0, 50.0)), _LEAST)
    alike = np.where(both.any(axis=-1), alike, likeness[:, one, other])
    likeness[:, one, other] = likeness[:, other, one] = alike
    return likeness


def _noise(
    level: FloatArray, seen: FloatArray, mean: FloatArray, count: FloatArray, cell: IntArray
) -> FloatArray:
    """Return the mean absolute distance (series,) of points from the mean of their cell.

    Means of n are too close to each of them by the root of (n - 1) / n, which is put right.
    """
    several = seen * (count > 1.0).take(cell, axis=1)
    distance = mean.take(cell, axis=1)
    np.abs(np.subtract(level, distance, out=distance), out=distance)
    distance *= several
    distance *= np.sqrt(count / np.maximum(count - 1.0, 1.0)).take(cell, axis=1)
    noise: FloatArray = distance.sum(axis=1) / np.maximum(several.sum(axis=1), 1.0)
    return noise


def _sum(values: FloatArray, where: BoolArray) -> FloatArray:
    total: FloatArray = np.sum(values, axis=-1, where=where)
    return total
