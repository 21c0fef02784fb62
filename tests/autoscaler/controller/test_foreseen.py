"""What people are told of how good a forecast is, and of what was done about it."""

from dataclasses import replace

import pytest

from autoscaler.controller.foreseen import foreseen
from autoscaler.controller.notices import standing_notice
from autoscaler.controller.status import subject
from autoscaler.engine.state import State
from forecast.presenting import NAIVE
from forecast.record import Record
from forecast.scorecard import Standing, StandingChange
from tests.autoscaler.controller.fakes import sfupool
from tests.autoscaler.planner.examples import forecast


def scored(points: float) -> State:
    """One pool whose model lost half of what naive did, with 98 of 100 covered."""
    issued = forecast({"media/eu": [100.0]}, spread=0.1)
    record = Record.begin(issued)
    scores = record.scores
    scores = replace(
        scores,
        ours=scores.ours + 1,
        naive=scores.naive + 2,
        count=scores.count + points,
        covered=scores.covered + 0.98 * points,
    )
    return replace(State.empty(), forecast=issued, record=replace(record, scores=scores))


def test_scores_are_told_when_they_rest_on_a_day_of_points() -> None:
    told = foreseen(scored(200.0))["media/eu"]
    assert told.loss_ratio == pytest.approx(0.5)
    assert told.covered == pytest.approx(0.98)
    assert not told.demoted
    early = foreseen(scored(10.0))["media/eu"]
    assert (early.loss_ratio, early.covered) == (None, None)


def test_demoted_is_who_is_shown_seasonal_naive() -> None:
    state = scored(200.0)
    assert state.forecast is not None
    naive = replace(state.forecast, models=(NAIVE,), reasons=(("demoted",),))
    told = foreseen(replace(state, forecast=naive))["media/eu"]
    assert told.demoted
    assert told.reasons == ("demoted",)


def test_without_a_forecast_nothing_is_told() -> None:
    assert foreseen(State.empty()) == {}


@pytest.mark.parametrize(
    ("before", "after", "reason", "warning"),
    [
        (Standing.TRUSTED, Standing.DEMOTED, "ForecastDemoted", True),
        (Standing.DEMOTED, Standing.TRUSTED, "ForecastTrusted", False),
        (Standing.TRIAL, Standing.TRUSTED, "ForecastTrusted", False),
    ],
)
def test_a_change_is_an_event_with_its_numbers(
    before: Standing, after: Standing, reason: str, warning: bool
) -> None:
    about = subject(sfupool("eu"))
    change = StandingChange("media/eu", 0, before, after, "the model lost 1.3 times as much")
    notice = standing_notice(about, change)
    assert (notice.reason, notice.warning) == (reason, warning)
    assert notice.note.endswith(": the model lost 1.3 times as much")
