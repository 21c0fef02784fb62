"""Events of a tag teach each other: by how much, and how sure of it one can be."""

from math import exp, log

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forecast.arrays import FloatArray
from forecast.calendar import DAY, HOUR, Calendar, Event
from forecast.events import Learned
from forecast.evidence import weigh
from forecast.forecaster import Forecaster
from forecast.learned import learn_from_events, learned_reasons
from forecast.result import Forecast
from tests.forecast.histories import MONDAY, history, office_weeks


def event(day: int, *, times: float | None = None, tag: str | None = "match") -> Event:
    """Two hours at noon, so many days after MONDAY (before it, where negative)."""
    start = MONDAY + day * DAY + 12 * HOUR
    return Event(f"match {day}", None, start, start + 2 * HOUR, times, None, tag)


def flat(*factors: tuple[int, float]) -> FloatArray:
    """Four weeks of 100 participants, at noon of some days so many times as many."""
    values = np.full(28 * 24, 100.0)
    for day, factor in factors:
        first = (28 + day) * 24 + 12
        values[first : first + 2] *= factor
    return values


def learned(values: FloatArray, *events: Event) -> Learned:
    past = history(values, step=HOUR)
    evidence = weigh(past, start=past.start, end=MONDAY, events=events)
    _, found = learn_from_events(
        past, evidence, events, calendar=Calendar(), steps=24, quantiles=(0.5, 0.95)
    )
    return found["pool-0"]["match"]


def forecast(values: FloatArray, *events: Event) -> Forecast:
    issued, _ = Forecaster().refresh(
        history(values, step=HOUR), now=MONDAY, horizon_steps=24, calendar=Calendar(), events=events
    )
    return issued


def test_an_event_of_a_kind_never_seen_is_as_wide_as_ignorance() -> None:
    found = learned(flat(), event(0))
    assert found.multiplier == pytest.approx(1.5)
    assert (found.events, found.spread) == (0, 1.0)
    noon = forecast(flat(), event(0)).values[0, 12]
    assert noon[0] == pytest.approx(150.0, rel=0.1)
    assert noon[2] == pytest.approx(150.0 * exp(1.645), rel=0.1)


def test_past_events_of_the_tag_are_the_multiplier_of_the_next() -> None:
    found = learned(flat((-2, 4.0), (-1, 4.0)), event(-2), event(-1), event(0))
    assert found.events == 2
    assert found.multiplier == pytest.approx(4.0, rel=0.05)
    once = learned(flat((-1, 4.0)), event(-1), event(0))
    assert found.spread < once.spread


def test_events_that_differ_leave_the_next_one_uncertain() -> None:
    alike = learned(flat((-2, 4.0), (-1, 4.0)), event(-2), event(-1), event(0))
    different = learned(flat((-2, 2.0), (-1, 8.0)), event(-2), event(-1), event(0))
    assert different.multiplier == pytest.approx(4.0, rel=0.05)
    assert different.spread > 1.5 * alike.spread


def test_what_is_stated_counts_until_enough_was_seen() -> None:
    """By hand: the stated 2 counts as two events, so that one of 4 moves it by a third."""
    found = learned(flat((-1, 4.0)), event(-1, times=2.0), event(0, times=2.0))
    assert log(found.multiplier) == pytest.approx((2 * log(2.0) + log(4.0)) / 3, rel=0.05)


def test_a_stated_multiplier_that_nothing_contradicts_is_taken_as_it_is() -> None:
    plain, stated = forecast(flat()), forecast(flat(), event(0, times=0.5))
    assert stated.values[0, 12] == pytest.approx(0.5 * plain.values[0, 12], rel=1e-3)


def test_a_running_event_teaches_its_own_rest() -> None:
    values = np.append(flat(), np.full(13, 100.0))
    values[-1] = 500.0
    now = MONDAY + 13 * HOUR
    past = history(values, step=HOUR, end=now)
    issued, _ = Forecaster().refresh(
        past, now=now, horizon_steps=24, calendar=Calendar(), events=[event(0)]
    )
    assert issued.values[0, 0, 0] == pytest.approx(500.0, rel=0.1)
    assert "after 1 of them" in issued.reasons[0][-1]


def test_the_hour_after_reckons_with_those_who_stay() -> None:
    values = flat((-1, 4.0))
    with_event, without = forecast(values, event(-1), event(0)), forecast(values, event(-1))
    median, upper = with_event.values[0, 14, 0], with_event.values[0, 14, 2]
    assert median == without.values[0, 14, 0]
    assert upper > 200.0


def test_events_of_other_tags_and_pools_teach_nothing() -> None:
    other = Event("other", frozenset({"pool-9"}), MONDAY, MONDAY + HOUR, None, None, "match")
    assert "events tagged" not in str(forecast(flat(), other).reasons)
    found = learned(flat((-1, 4.0)), event(-1, tag="concert"), event(0))
    assert found.events == 0


def test_the_reason_names_tag_size_and_evidence() -> None:
    (reason,) = learned_reasons({"match": Learned(multiplier=3.0, events=4, spread=log(1.5))})
    assert reason == (
        "events tagged 'match' are taken for 3 times what would be there without, after 4 of them; "
        "one sigma is a factor of 1.5"
    )


SERIES = {
    "constant": np.full(28 * 24, 7.0),
    "zero": np.zeros(28 * 24),
    "two points": np.append(np.full(28 * 24 - 2, np.nan), [3.0, 5.0]),
    "gaps": np.where(np.arange(28 * 24) % 5 < 2, np.nan, 40.0),
    "negative": np.full(28 * 24, -4.0),
    "huge": 1e12 * office_weeks(28, step=HOUR),
    "tiny": 1e-12 * office_weeks(28, step=HOUR),
}


@settings(max_examples=25, deadline=None)
@given(
    values=st.sampled_from(list(SERIES)),
    past=st.lists(st.integers(-27, -1), max_size=3, unique=True),
    factor=st.floats(1e-3, 1e3),
)
def test_an_announcement_never_lowers_a_forecast(
    values: str, past: list[int], factor: float
) -> None:
    series = SERIES[values].copy()
    for day in past:
        series[(28 + day) * 24 + 12 : (28 + day) * 24 + 14] *= factor
    history_of_tag = [event(day) for day in past]
    without = forecast(series, *history_of_tag)
    announced = forecast(series, *history_of_tag, event(0))
    assert np.isfinite(announced.values).all()
    assert (np.diff(announced.values, axis=-1) >= 0.0).all()
    assert (announced.values >= without.values).all()
