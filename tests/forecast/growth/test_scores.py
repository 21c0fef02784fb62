from math import log

import numpy as np
import pytest

from forecast.growth.scores import normal_scores

QUANTILES = (0.5, 0.9, 0.99)
FORECAST = np.array([[[1.0, 2.0, 3.0]]])


@pytest.mark.parametrize(
    ("level", "score"),
    [
        (0.0, 0.0),  # below the median
        (1.0, 0.0),
        (1.5, 0.6408),  # half-way to the 90th percentile, 1.2816
        (2.0, 1.2816),
        (3.0, 2.3263),
        (4.0, 3.3711),  # the last slope goes on
        (99.0, 7.0),
    ],
)
def test_a_score_is_read_off_the_quantiles(level: float, score: float) -> None:
    scores = normal_scores(np.array([[level]]), FORECAST, QUANTILES)
    assert scores[0, 0] == pytest.approx(score, abs=1e-4)


def test_a_forecast_of_the_median_alone_is_taken_for_sure() -> None:
    scores = normal_scores(np.array([[log(1.02)]]), np.zeros((1, 1, 1)), (0.5,))
    assert scores[0, 0] == pytest.approx(log(1.02) / 0.02)
