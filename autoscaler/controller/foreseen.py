"""What is told of a pool's forecast besides numbers: by which model, why, and how good. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from autoscaler.engine.state import State
from forecast.events import Learned
from forecast.presenting import NAIVE
from forecast.record import Record

_LEAST_POINTS = 96.0
"""A share of fewer points than a day has says nothing of a P95."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Foreseen:
    """One pool's forecast as it is shown.

    `loss_ratio` is the model's loss over seasonal-naive's, `covered` which share of demand was at
    or below its P95, over all leads; both fade by half in a week, None where too little was scored.
    `learned` is what past events say of those ahead, by tag.
    """

    model: str
    reasons: tuple[str, ...]
    demoted: bool
    loss_ratio: float | None
    covered: float | None
    learned: Mapping[str, Learned] = field(default_factory=dict)


def foreseen(state: State) -> Mapping[str, Foreseen]:
    """Return what is told of every forecast in the state, by pool."""
    forecast, record = state.forecast, state.record
    if forecast is None:
        return {}
    scores = {} if record is None else _scores(record)
    told = {}
    for row, name in enumerate(forecast.series_ids):
        ratio, covered = scores.get(name, (None, None))
        told[name] = Foreseen(
            model=forecast.models[row],
            reasons=forecast.reasons[row],
            demoted=forecast.models[row] == NAIVE,
            loss_ratio=ratio,
            covered=covered,
            learned=forecast.learned.get(name, {}),
        )
    return told


def _scores(record: Record) -> dict[str, tuple[float | None, float | None]]:
    level = min(range(len(record.quantiles)), key=lambda at: abs(record.quantiles[at] - 0.95))
    points = record.scores.count.sum(axis=1)
    covered = record.scores.covered[:, :, level].sum(axis=1)
    rows = zip(
        record.series_ids,
        record.scores.ratio().tolist(),
        points.tolist(),
        covered.tolist(),
        strict=True,
    )
    return {
        name: (
            ratio if count >= _LEAST_POINTS and ratio == ratio else None,
            hits / count if count >= _LEAST_POINTS else None,
        )
        for name, ratio, count, hits in rows
    }
