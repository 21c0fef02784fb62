import math
from dataclasses import replace
from statistics import NormalDist

import numpy as np
import pytest

from forecast.result import Forecast, ForecastMode

Z = NormalDist().inv_cdf
ISSUED = Forecast(
    series_ids=("a",),
    issued_at=0,
    start=0,
    step_seconds=900,
    quantiles=(0.5, 0.9, 0.99),
    values=np.array([[[99.0, 199.0, 399.0], [0.0, 0.0, 0.0]]]),
    modes=(ForecastMode.NORMAL,),
    models=("test",),
    reasons=((),),
)


def test_an_issued_quantile_is_returned_as_it_was_issued() -> None:
    assert ISSUED.at_quantile(0.9).tolist() == [[199.0, 0.0]]


def test_between_quantiles_the_logarithm_is_linear_in_the_normal_score() -> None:
    share = (Z(0.95) - Z(0.9)) / (Z(0.99) - Z(0.9))
    assert ISSUED.at_quantile(0.95)[0, 0] == pytest.approx(200.0 * 2.0**share - 1.0, rel=1e-3)


def test_below_the_lowest_quantile_the_lowest_is_planned_on() -> None:
    assert ISSUED.at_quantile(0.1).tolist() == [[99.0, 0.0]]


def test_above_the_highest_quantile_the_slope_goes_on_and_is_bounded() -> None:
    share = (Z(0.999) - Z(0.9)) / (Z(0.99) - Z(0.9))
    top = ISSUED.at_quantile(0.999)
    assert top[0, 0] == pytest.approx(200.0 * 2.0**share - 1.0, rel=1e-3)
    assert np.array_equal(ISSUED.at_quantile(0.999999), top)


def test_a_single_quantile_stands_for_all() -> None:
    median = replace(ISSUED, quantiles=(0.5,), values=ISSUED.values[:, :, :1])
    assert median.at_quantile(0.95).tolist() == [[99.0, 0.0]]


@pytest.mark.parametrize("quantile", [0.0, 1.0, 95.0])
def test_what_is_no_quantile_is_refused(quantile: float) -> None:
    with pytest.raises(ValueError, match="must be between 0 and 1"):
        ISSUED.at_quantile(quantile)


def test_steps_end_where_the_last_interval_does() -> None:
    assert (ISSUED.steps, ISSUED.end) == (2, 1800)


@pytest.mark.parametrize("poison", [math.nan, math.inf, -math.inf, -1e6])
def test_what_is_no_number_of_participants_is_nobody_between_quantiles(poison: float) -> None:
    values = ISSUED.values.copy()
    values[0, 0] = poison
    poisoned = replace(ISSUED, values=values)
    assert poisoned.at_quantile(0.95)[0, 0] == 0.0
    assert poisoned.at_quantile(0.95)[0, 1] == ISSUED.at_quantile(0.95)[0, 1]
