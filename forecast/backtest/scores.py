"""What a backtest says of each model: errors against weekly seasonal-naive, coverage, time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypedDict

import numpy as np

from forecast.arrays import FloatArray
from forecast.backtest.rolling import QUANTILES, Issued
from forecast.panel import PanelSeries
from forecast.scoring import coverage, naive_scale, scaled_error, weighted_quantile_loss

QUARTER_HOUR = 900
_COV95, _COV99 = QUANTILES.index(0.95), QUANTILES.index(0.99)


class SeriesScore(TypedDict):
    """One series at one lead; None where nothing could be scored."""

    wql: float | None
    rel_wql: float | None
    cov95: float


class LeadScore(TypedDict):
    """All series at one lead: geometric mean of the ratios, plain means of the rest."""

    rel_wql: float | None
    mase: float | None
    cov95: float
    worst_cov95: float
    cov99: float
    series: dict[str, SeriesScore]


class ModelScore(TypedDict):
    """One model: "15min" (quarter-hour series only), "1h" and "24h", where anything was scored."""

    leads: dict[str, LeadScore]
    seconds_per_fit: float


@dataclass(frozen=True, slots=True, eq=False)
class _Pool:
    """One series' scored points at one lead, all origins together; `mase` by origin."""

    actual: FloatArray
    predicted: FloatArray
    mase: list[float]


def score(
    issued: Sequence[Issued], panel: Mapping[str, PanelSeries], *, baseline: str
) -> dict[str, ModelScore]:
    """Score every model's forecasts; ratios are to the model named `baseline`.

    A series' loss pools its origins and steps; leads are over series by geometric mean (ratios) or
    mean.
    """
    models = list(dict.fromkeys(each.model for each in issued))
    pools = {name: _pool([each for each in issued if each.model == name], panel) for name in models}
    yardstick = {
        at: weighted_quantile_loss(pool.actual, pool.predicted, QUANTILES)
        for at, pool in pools[baseline].items()
    }
    result: dict[str, ModelScore] = {}
    for name in models:
        leads = dict.fromkeys(lead for lead, _ in pools[name])
        result[name] = ModelScore(
            leads={lead: _lead(lead, pools[name], yardstick) for lead in leads},
            seconds_per_fit=float(np.mean([each.seconds for each in issued if each.model == name])),
        )
    return result


def _pool(
    issued: Sequence[Issued], panel: Mapping[str, PanelSeries]
) -> dict[tuple[str, str], _Pool]:
    """Gather what is scored, by lead and series; leads in the order 15min, 1h, 24h."""
    rows: dict[tuple[str, str], list[tuple[FloatArray, FloatArray, float | None]]] = {}
    for each in issued:
        origin, series = each.origin, panel[each.origin.series_id]
        window = series.values[origin.index - origin.window_points : origin.index]
        scale = naive_scale(window, origin.season_points)
        ahead = slice(origin.index, origin.index + origin.horizon_points)
        for lead, steps in _leads(series, origin.season_points, origin.horizon_points).items():
            scored = series.scored[ahead][steps]
            if not scored.any():
                continue
            actual = series.values[ahead][steps][scored]
            predicted = each.quantiles[steps][scored]
            mase = scaled_error(actual, predicted[:, 0], scale)
            rows.setdefault((lead, origin.series_id), []).append((actual, predicted, mase))
    return {
        at: _Pool(
            actual=np.concatenate([actual for actual, _, _ in parts]),
            predicted=np.concatenate([predicted for _, predicted, _ in parts]),
            mase=[mase for _, _, mase in parts if mase is not None],
        )
        for at, parts in sorted(rows.items(), key=lambda item: _ORDER.index(item[0][0]))
    }


_ORDER = ("15min", "1h", "24h")


def _leads(series: PanelSeries, season_points: int, steps: int) -> dict[str, slice]:
    """Return the steps that each lead scores."""
    hour = season_points // 24
    leads = {"24h": slice(0, steps)}
    if 1 <= hour <= steps:
        leads["1h"] = slice(hour - 1, hour)
    if series.history.step_seconds == QUARTER_HOUR:
        leads["15min"] = slice(0, 1)
    return leads


def _lead(
    lead: str,
    pools: Mapping[tuple[str, str], _Pool],
    yardstick: Mapping[tuple[str, str], float | None],
) -> LeadScore:
    chosen = {name: pool for (at, name), pool in pools.items() if at == lead}
    covered = {name: coverage(pool.actual, pool.predicted) for name, pool in chosen.items()}
    series: dict[str, SeriesScore] = {}
    for name, pool in chosen.items():
        loss = weighted_quantile_loss(pool.actual, pool.predicted, QUANTILES)
        usual = yardstick[lead, name]
        series[name] = SeriesScore(
            wql=loss,
            rel_wql=loss / usual if loss is not None and usual else None,
            cov95=float(covered[name][_COV95]),
        )
    ratios = [each["rel_wql"] for each in series.values() if each["rel_wql"]]
    mases = [float(np.mean(pool.mase)) for pool in chosen.values() if pool.mase]
    return LeadScore(
        rel_wql=float(np.exp(np.mean(np.log(ratios)))) if ratios else None,
        mase=float(np.mean(mases)) if mases else None,
        cov95=float(np.mean([each["cov95"] for each in series.values()])),
        worst_cov95=min(each["cov95"] for each in series.values()),
        cov99=float(np.mean([each[_COV99] for each in covered.values()])),
        series=series,
    )
