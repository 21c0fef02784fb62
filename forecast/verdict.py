"""In which mode a series is, by which model it was forecast, and why."""

from collections.abc import Container, Mapping
from typing import NamedTuple

import numpy as np

from forecast.calendar import HOUR
from forecast.evidence import Evidence
from forecast.fitted import LEAST_DAYS, LEAST_DAYS_SEEN
from forecast.result import ForecastMode

REGRESSION = "seasonal-regression"
GROWTH = "growth"
COLD_START = "cold-start"


class Verdict(NamedTuple):
    """What a forecast says about one of its series beside the path."""

    mode: ForecastMode
    model: str
    reasons: tuple[str, ...]


class Surging(NamedTuple):
    """Whether a series is in a surge, and what there is to say about it."""

    active: bool
    reasons: tuple[str, ...]


_NONE = Surging(active=False, reasons=())
_ORDINARY = Verdict(ForecastMode.NORMAL, REGRESSION, ())


def verdicts(
    evidence: Evidence,
    series_ids: tuple[str, ...],
    *,
    fitted: Container[str],
    surges: Mapping[str, Surging],
    now: int,
) -> list[Verdict]:
    """Judge each series; `surges` has those that are in a surge, or were at the last refresh."""
    silent, begun = _ages(evidence, now)
    judged = [_ORDINARY] * len(series_ids)
    for row, name in enumerate(series_ids):
        if silent[row] < 1.0 and name in fitted and name not in surges:
            continue
        reasons = []
        if 1.0 <= silent[row] < np.inf:
            reasons.append(f"nothing was observed in the last {silent[row]:.4g} h")
        surge = surges.get(name, _NONE)
        reasons += surge.reasons
        if surge.active:
            judged[row] = Verdict(ForecastMode.OUTSIDE_HISTORY, GROWTH, tuple(reasons))
        elif name in fitted:
            judged[row] = Verdict(ForecastMode.NORMAL, REGRESSION, tuple(reasons))
        else:
            reasons.append(_lacking(int(evidence.observed[row].sum()), begun[row]))
            judged[row] = Verdict(ForecastMode.COLD_START, COLD_START, tuple(reasons))
    return judged


def _lacking(points: int, hours: float) -> str:
    if not points:
        return "nothing was ever observed: the path is a guess"
    return (
        f"{points} points over {hours / 24.0:.3g} days were observed, "
        f"a fit needs {LEAST_DAYS} days with {LEAST_DAYS_SEEN} of them seen"
    )


def _ages(evidence: Evidence, now: int) -> tuple[list[float], list[float]]:
    """Return how many hours ago each series was last, and first, seen; infinite if never."""
    observed = evidence.observed
    ages = np.full((2, observed.shape[0]), np.inf)
    if observed.shape[1]:
        first = observed.argmax(axis=1)
        known = observed[np.arange(len(first)), first]
        last = observed[:, ::-1].argmax(axis=1)[known]
        first = observed.shape[1] - first[known]
        ages[:, known] = (
            now - evidence.end + evidence.step_seconds * np.array([last, first])
        ) / HOUR
    silent, begun = ages.tolist()
    return silent, begun
