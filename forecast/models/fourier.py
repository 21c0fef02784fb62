"""Waves that repeat daily and weekly."""

import numpy as np

from forecast.arrays import FloatArray
from forecast.models.task import Task

_DAILY = 6
_WEEKLY = 28
"""Harmonics: 28 of the week tell its days apart down to six hours, six of the day to four."""


def waves(task: Task) -> FloatArray:
    """Return a constant, sines and cosines (points + steps, features) of history and future.

    Up to six harmonics of the day; from two weeks of history up, 28 of the week beside them.
    """
    points = task.history.points
    time = np.arange(points + task.steps)
    turns = {7 * harmonic for harmonic in range(1, min(_DAILY, (task.day - 1) // 2) + 1)}
    if points >= 2 * task.week:
        turns |= set(range(1, min(_WEEKLY, (task.week - 1) // 2) + 1))
    angle = 2.0 * np.pi * time[:, None] * np.array(sorted(turns)) / task.week
    return np.concatenate([np.ones((time.size, 1)), np.sin(angle), np.cos(angle)], axis=1)
