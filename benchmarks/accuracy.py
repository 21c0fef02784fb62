"""Losses and coverage on a panel, and how ours compares with each peer series by series."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from forecast.backtest.contestants import BASELINE, OURS
from forecast.backtest.rolling import Issued, Origin, issue
from forecast.backtest.scores import ModelScore, score
from forecast.models.task import Model
from forecast.panel import PanelSeries

_RESAMPLES = 2_000


@dataclass(frozen=True, slots=True)
class Comparison:
    """Ours against one peer at one lead: geometric mean of the ratios of losses, and its bounds.

    `low` and `high` hold 95 % of resamples of the series; `wins` counts series that ours lost less
    on.
    """

    ratio: float
    low: float
    high: float
    wins: int
    series: int


def measure_accuracy(
    panel: Mapping[str, PanelSeries],
    origins: Sequence[Origin],
    models: Mapping[str, Model],
    *,
    clock: Callable[[], float],
    advance: Callable[[], None],
) -> Mapping[str, ModelScore]:
    """Forecast from every origin with every model, and score; `advance` is called per forecast."""
    issued: list[Issued] = []
    for each in issue(panel, list(origins), models, clock=clock):
        issued.append(each)
        advance()
    return score(issued, panel, baseline=BASELINE)


def compare(scores: Mapping[str, ModelScore], lead: str) -> Mapping[str, Comparison]:
    """Compare ours with every other model at a lead, on the series that both have a loss for."""
    ours = scores[OURS]["leads"][lead]["series"]
    comparisons = {}
    for name, other in scores.items():
        if name == OURS or lead not in other["leads"]:
            continue
        theirs = other["leads"][lead]["series"]
        pairs = [(ours[each]["wql"], theirs[each]["wql"]) for each in ours if each in theirs]
        logs = np.log([mine / its for mine, its in pairs if mine and its])
        if logs.size:
            comparisons[name] = _comparison(logs)
    return comparisons


def _comparison(logs: np.ndarray[tuple[int], np.dtype[np.float64]]) -> Comparison:
    draws = np.random.default_rng(0).integers(0, logs.size, (_RESAMPLES, logs.size))
    low, high = np.quantile(logs[draws].mean(axis=1), (0.025, 0.975))
    return Comparison(
        ratio=float(np.exp(logs.mean())),
        low=float(np.exp(low)),
        high=float(np.exp(high)),
        wins=int((logs < 0.0).sum()),
        series=logs.size,
    )
