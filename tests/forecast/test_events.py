import numpy as np
import pytest

from forecast.calendar import Event
from forecast.events import Learned, apply_events, sized

STEP = 900
PATHS = np.tile(np.array([100.0, 200.0]), (2, 4, 1))  # two series, four steps, two quantiles


def applied(*events: Event) -> list[list[float]]:
    """The medians of both series."""
    paths = apply_events(PATHS, ("a", "b"), events, start=0, step_seconds=STEP)
    medians: list[list[float]] = paths[..., 0].tolist()
    return medians


def event(
    start: int,
    end: int,
    *,
    times: float | None = None,
    participants: float | None = None,
    series: str | None = None,
) -> Event:
    names = None if series is None else frozenset({series})
    return Event("e", names, start, end, times, participants)


PLAIN = [100.0] * 4


@pytest.mark.parametrize(
    ("events", "medians"),
    [
        ([], [PLAIN, PLAIN]),
        ([event(900, 2700, times=3.0)], [[100, 300, 300, 100]] * 2),
        ([event(900, 2700, times=3.0, series="b")], [PLAIN, [100, 300, 300, 100]]),
        # one that begins or ends within a step raises all of it, and lowers none of it
        ([event(901, 1802, times=3.0)], [[100, 300, 300, 100]] * 2),
        ([event(901, 2700, times=0.5)], [[100, 100, 50, 100]] * 2),
        ([event(0, 1800, times=3.0), event(900, 2700, times=2.0)], [[300, 600, 200, 100]] * 2),
        ([event(0, 900, participants=150.0)], [[150, 100, 100, 100]] * 2),
        ([event(0, 900, participants=50.0)], [PLAIN, PLAIN]),
        ([event(0, 900, times=2.0, participants=150.0)], [[200, 100, 100, 100]] * 2),
        ([event(0, 900, times=0.0)], [[0, 100, 100, 100]] * 2),
        ([event(-900, 0, times=9.0), event(3600, 4500, times=9.0)], [PLAIN, PLAIN]),
    ],
)
def test_medians_under_events(events: list[Event], medians: list[list[float]]) -> None:
    assert applied(*events) == medians


def test_every_quantile_is_scaled_and_none_is_below_the_participants() -> None:
    scaled = apply_events(PATHS, ("a", "b"), [event(0, 900, times=3.0)], start=0, step_seconds=STEP)
    assert scaled[0, 0].tolist() == [300.0, 600.0]
    floored = apply_events(
        PATHS, ("a", "b"), [event(0, 900, participants=150.0)], start=0, step_seconds=STEP
    )
    assert floored[0, 0].tolist() == [150.0, 200.0]


def test_a_tag_without_a_multiplier_takes_what_each_series_has_learned() -> None:
    cup = Event("cup", None, 0, 900, None, None, tag="cup")
    learned = {"a": {"cup": Learned(3.0, 4, 0.3)}, "b": {"cup": Learned(0.5, 4, 0.3)}}

    assert applied(*sized([cup], ("a", "b"), learned)) == [[300.0, 100.0, 100.0, 100.0], PLAIN]
    assert applied(*sized([cup], ("a", "b"), {})) == [PLAIN, PLAIN]


def test_what_was_stated_is_not_replaced_by_what_was_learned() -> None:
    stated = Event("cup", None, 0, 900, 2.0, None, tag="cup")

    assert list(sized([stated], ("a",), {"a": {"cup": Learned(3.0, 4, 0.3)}})) == [stated]
