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
    day_class = day_classes(local)
    slot = local.wall % DAY * per_day // DAY
    total = np.zeros((level.shape[0], CLASSES, per_day))
    count = np.zeros_like(total)
    for first in range(0, level.shape[1], per_day):
        day = slice(first, first + per_day)
        total[:, day_class[day], slot[day]] += level[:, day]
        count[:, day_class[day], slot[day]] += seen[:, day]
    mean = total / np.maximum(count, 1.0)
    noise = _noise(level, seen, mean[:, day_class, slot], count[:, day_class, slot])

    unknown = ~(count[:, HOLIDAY] > 0.0).any(axis=1)
    mean[unknown, HOLIDAY], count[unknown, HOLIDAY] = (
        mean[unknown, 6],
        count[unknown, 6],
    )
    both = (count[:, :, None] > 0.0) & (count[:, None] > 0.0)
    inverse = 1.0 / np.maximum(count, 1.0)
    difference = _sum(np.abs(mean[:, :, None] - mean[:, None]), both)
    by_chance = _sum(np.sqrt(inverse[:, :, None] + inverse[:, None]), both) * noise
    ratio = difference / np.where(by_chance > 0.0, by_chance, 1e-9)
    likeness = np.maximum(np.exp(-np.clip(ratio - 1.0, 0.0, 50.0)), _LEAST)
    return np.where(both.any(axis=-1), likeness, usual_likeness(level.shape[0]))


def _noise(level: FloatArray, seen: FloatArray, mean: FloatArray, count: FloatArray) -> FloatArray:
    """Return the mean absolute distance of a point from its class's mean, (series, 1, 1).

    Means of n are too close to each of them by the root of (n - 1) / n, which is put right.
    """
    several = seen * (count > 1.0)
    distance = np.abs(level - mean) * several * np.sqrt(count / np.maximum(count - 1.0, 1.0))
    noise = distance.sum(axis=1) / np.maximum(several.sum(axis=1), 1.0)
    spread: FloatArray = noise[:, None, None]
    return spread


def _sum(values: FloatArray, where: BoolArray) -> FloatArray:
    total: FloatArray = np.sum(values, axis=-1, where=where)
    return total
