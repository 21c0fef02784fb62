"""The shape of another series, for one that is too young to have a week of its own."""

from collections.abc import Collection, Mapping, Sequence

import numpy as np

from forecast.arrays import FloatArray
from forecast.calendar import DAY
from forecast.evidence import Evidence

_LATEST_DAYS = 2
"""Levels are compared over the newest days that both were seen on: young pools grow."""
_MOST_APART = float(np.log(1e6))


def borrow_shapes(
    levels: FloatArray,
    evidence: Evidence,
    series_ids: Sequence[str],
    *,
    fitted: Collection[str],
    donors: Mapping[str, str],
) -> Mapping[str, str]:
    """Move medians of series without a fit onto their donors', scaled; return why, by series.

    `levels` (series, steps, quantiles) in log1p are changed in place. The spread of a cold start
    stays: another's shape does not make a young series known. A donor without a fit lends nothing.
    """
    row_of = {name: row for row, name in enumerate(series_ids)}
    reasons = {}
    for name in series_ids:
        donor = donors.get(name)
        if donor is None or name in fitted:
            continue
        if donor not in fitted:
            reasons[name] = f"{donor} has no shape to lend yet: it is unknown or as young"
            continue
        row, other = row_of[name], row_of[donor]
        ratio = _level_ratio(evidence, row, other)
        if ratio is None:
            reasons[name] = f"the shape of {donor} is not used: no demand was seen beside its own"
            continue
        median = np.log1p(np.expm1(levels[other, :, :1]) * np.exp(ratio))
        levels[row] = np.maximum(levels[row] - levels[row, :, :1] + median, 0.0)
        reasons[name] = f"the shape is that of {donor}, at {np.exp(ratio):.3g} times its level"
    return reasons


def _level_ratio(evidence: Evidence, row: int, donor: int) -> float | None:
    """Return the logarithm of a series' demand over its donor's, on points that both have.

    None where there are none of the sort, or where either was always zero.
    """
    shared = np.flatnonzero(evidence.observed[row] & evidence.observed[donor])
    if not shared.size:
        return None
    latest = shared[shared > shared[-1] - _LATEST_DAYS * DAY // evidence.step_seconds]
    mine, its = np.maximum(evidence.values[[row, donor]][:, latest], 0.0).sum(axis=1).tolist()
    if not (0.0 < mine < np.inf and 0.0 < its < np.inf):
        return None
    ratio = float(np.log(mine) - np.log(its))
    return ratio if abs(ratio) <= _MOST_APART else None
