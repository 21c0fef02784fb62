import numpy as np
import pytest

from forecast.arrays import FloatArray
from forecast.calendar import Calendar
from forecast.forecaster import Forecaster
from forecast.result import Forecast, ForecastMode
from tests.forecast.histories import MONDAY, history, office_weeks

DAY_STEPS = 96
DONORS = {"young": "old"}


def forecast(young: FloatArray, old: FloatArray, donors: dict[str, str] | None) -> Forecast:
    known = np.full((2, old.size), np.nan)
    known[0, old.size - young.size :] = young
    known[1] = old
    issued, _ = Forecaster().refresh(
        history(known, names=("young", "old")),
        now=MONDAY,
        horizon_steps=DAY_STEPS,
        calendar=Calendar(),
        donors=donors,
    )
    return issued


OLD = office_weeks(28)
SUNDAY = OLD[-DAY_STEPS:]


def test_a_young_series_borrows_the_shape_of_another_at_its_own_level() -> None:
    issued = forecast(0.2 * SUNDAY, OLD, DONORS)
    alone = forecast(0.2 * SUNDAY, OLD, None)
    # After a Sunday the working day is known from the donor alone.
    np.testing.assert_allclose(issued.values[0, :, 0], 0.2 * issued.values[1, :, 0], rtol=0.02)
    assert issued.values[0, :, 0].max() > 3.0 * alone.values[0, :, 0].max()
    assert issued.modes[0] is ForecastMode.COLD_START
    assert "the shape is that of old, at 0.2 times its level" in issued.reasons[0]
    np.testing.assert_array_equal(issued.values[1], alone.values[1])


def test_a_borrowed_shape_is_as_uncertain_as_none() -> None:
    shape = np.log1p(forecast(0.2 * SUNDAY, OLD, DONORS).values[0])
    alone = np.log1p(forecast(0.2 * SUNDAY, OLD, None).values[0])
    np.testing.assert_allclose(shape[:, -1] - shape[:, 0], alone[:, -1] - alone[:, 0], atol=0.01)


@pytest.mark.parametrize("seen", [1, 2])
def test_two_points_are_enough_and_one_is_too(seen: int) -> None:
    assert "the shape is that of old" in forecast(SUNDAY[-seen:], OLD, DONORS).reasons[0][-1]


@pytest.mark.parametrize(
    ("young", "old", "donors", "reason"),
    [
        (np.full(4, np.nan), OLD, DONORS, "no demand was seen beside its own"),
        (np.zeros(4), OLD, DONORS, "no demand was seen beside its own"),
        (np.full(4, 1e300), OLD, DONORS, "no demand was seen beside its own"),
        (np.ones(4), OLD[-2 * DAY_STEPS :], DONORS, "old has no shape to lend yet"),
        (np.ones(4), OLD, {"young": "nobody"}, "nobody has no shape to lend yet"),
        (np.ones(4), OLD, {"young": "young"}, "young has no shape to lend yet"),
    ],
)
def test_what_cannot_be_borrowed_changes_nothing_and_is_said(
    young: FloatArray, old: FloatArray, donors: dict[str, str], reason: str
) -> None:
    issued, alone = forecast(young, old, donors), forecast(young, old, None)
    np.testing.assert_array_equal(issued.values, alone.values)
    assert reason in issued.reasons[0][-1]


def test_a_series_with_a_week_of_its_own_borrows_nothing() -> None:
    issued, alone = forecast(3.0 * OLD, OLD, DONORS), forecast(3.0 * OLD, OLD, None)
    np.testing.assert_array_equal(issued.values, alone.values)
    assert issued.reasons == alone.reasons
