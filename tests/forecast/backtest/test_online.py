"""Trackers on series whose bands are too narrow, step by step as the operator sees them."""

import numpy as np

from forecast.backtest.online import walk
from forecast.calendar import HOUR, Calendar
from forecast.panel import PanelSeries
from tests.forecast.histories import history, office_weeks


def test_bands_end_up_nearer_to_what_they_promise() -> None:
    """Noise grows from 2 % to 20 % when the walk begins: no fit has seen that."""
    values = office_weeks(35, noise=0.02, step=HOUR)
    values[-7 * 24 :] *= np.exp(0.2 * np.random.default_rng(1).standard_normal(7 * 24))
    past = history(values, step=HOUR)
    series = PanelSeries(past, np.ones(past.points, dtype=np.bool_), Calendar())
    covered = walk(series, days=7)

    assert covered.raw.shape == covered.calibrated.shape == (6, 4)
    short = slice(0, 4)  # two days ahead hardly anything came due within a week
    assert (covered.calibrated[short, 1:] >= covered.raw[short, 1:]).all()
    assert covered.calibrated[short, 2].mean() > covered.raw[short, 2].mean()
