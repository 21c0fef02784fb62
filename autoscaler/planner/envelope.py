"""The least supply that arrives in time."""

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]


def ramp_feasible(need: FloatArray, ramp: FloatArray | float) -> FloatArray:
    """Return s(t) = max(need(t), s(t+1) - ramp), along the last axis.

    `need` are servers per step, `ramp` the servers that may be added per step (>= 0), broadcast
    against the leading axes. The result is the pointwise least path above `need` that never rises
    faster than `ramp`, hence the cheapest at any price of holding a server; on true demand it is
    the clairvoyant bound. Unrolled: s(t) = max over u >= t of need(u) - ramp * (u - t).
    """
    late = _late(need, ramp)
    return _suffix_max(late) + _slope(need, ramp)


def causes(need: FloatArray, ramp: FloatArray | float) -> IntArray:
    """Return for each step the step (itself or a later one) whose need its supply is there for."""
    late = _late(need, ramp)
    steps = need.shape[-1]
    record = np.where(late >= _suffix_max(late), np.arange(steps), steps)
    first: IntArray = np.minimum.accumulate(record[..., ::-1], axis=-1)[..., ::-1]
    return first


def _late(need: FloatArray, ramp: FloatArray | float) -> FloatArray:
    return need - _slope(need, ramp)


def _slope(need: FloatArray, ramp: FloatArray | float) -> FloatArray:
    slope: FloatArray = np.asarray(ramp, dtype=np.float64)[..., None] * np.arange(need.shape[-1])
    return slope


def _suffix_max(values: FloatArray) -> FloatArray:
    highest: FloatArray = np.maximum.accumulate(values[..., ::-1], axis=-1)[..., ::-1]
    return highest
