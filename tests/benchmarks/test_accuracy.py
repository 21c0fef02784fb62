"""The benchmark's own pieces, on a panel made here and without anybody's package."""

import numpy as np
import pytest

from benchmarks.accuracy import compare, measure_accuracy
from benchmarks.accuracy_tables import accuracy_tables
from benchmarks.peers import CONTESTANTS
from forecast.arrays import FloatArray
from forecast.backtest.contestants import BASELINE, OURS, find_model
from forecast.backtest.rolling import Origin
from forecast.backtest.scores import LeadScore, ModelScore, SeriesScore
from forecast.calendar import HOUR, Calendar
from forecast.models.task import Task
from forecast.panel import PanelSeries
from tests.forecast.histories import history, office_weeks


def rich_uncle(task: Task) -> FloatArray:
    return np.full((task.steps, len(task.quantiles)), 1e4)


@pytest.fixture(scope="module")
def scores() -> dict[str, ModelScore]:
    panel = {
        name: PanelSeries(
            history=history(office_weeks(24, step=HOUR, seed=seed), step=HOUR, names=(name,)),
            scored=np.ones(24 * 24, dtype=bool),
            calendar=Calendar(),
        )
        for seed, name in enumerate(("a", "b"))
    }
    origins = [Origin(name, 22 * 24, 21 * 24, 24, 24) for name in panel]
    models = {OURS: find_model(OURS), "uncle": rich_uncle, BASELINE: find_model(BASELINE)}
    forecasts = []
    result = measure_accuracy(
        panel, origins, models, clock=lambda: 0.0, advance=lambda: forecasts.append(1)
    )
    assert len(forecasts) == len(origins) * len(models)
    return dict(result)


def losing(losses: dict[str, float]) -> ModelScore:
    series = {
        name: SeriesScore(wql=loss, rel_wql=loss, cov95=0.95) for name, loss in losses.items()
    }
    lead = LeadScore(rel_wql=1.0, mase=1.0, cov95=0.95, worst_cov95=0.95, cov99=0.99, series=series)
    return ModelScore(leads={"24h": lead}, seconds_per_fit=0.0)


def test_ratios_multiply_over_series_and_wins_are_counted() -> None:
    ours, theirs = losing({"a": 1.0, "b": 4.0}), losing({"a": 4.0, "b": 2.0})
    against = compare({OURS: ours, "peer": theirs}, "24h")["peer"]
    assert against.ratio == pytest.approx((1 / 4 * 4 / 2) ** 0.5)
    assert (against.wins, against.series) == (1, 2)
    assert against.low == pytest.approx(1 / 4)
    assert against.high == pytest.approx(2.0)


def test_a_series_without_a_loss_is_compared_with_nothing() -> None:
    nothing = losing({"a": 1.0})
    nothing["leads"]["24h"]["series"]["a"]["wql"] = None
    assert compare({OURS: losing({"a": 1.0}), "peer": nothing}, "24h") == {}


def test_ours_is_nearer_than_a_peer_that_always_says_much(scores: dict[str, ModelScore]) -> None:
    against = compare(scores, "24h")["uncle"]
    assert against.ratio < 0.1
    assert against.wins == against.series == 2


def test_every_model_and_series_has_a_row_of_its_own(scores: dict[str, ModelScore]) -> None:
    models, ratios, series, settings = accuracy_tables(scores, CONTESTANTS)
    assert [row[0] for row in models.rows] == ["**meetscale**", "uncle", BASELINE, "**goal**"]
    assert [row[0] for row in ratios.rows] == ["uncle", BASELINE]
    assert [row[0] for row in series.rows] == ["a", "b"]
    assert [row[0] for row in settings.rows] == [OURS, BASELINE]
    for table in (models, ratios, series, settings):
        assert {len(row) for row in table.rows} == {len(table.columns)}
