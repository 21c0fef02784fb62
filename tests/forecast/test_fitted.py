from forecast.calendar import HOUR
from forecast.fitted import cutoffs
from tests.forecast.histories import MONDAY, QUARTER_HOUR

PERIOD = 6 * HOUR


def cutoff(name: str, *, start: int, step_seconds: int, refit_seconds: int = PERIOD) -> int:
    (at,) = cutoffs((name,), start=start, step_seconds=step_seconds, refit_seconds=refit_seconds)
    return int(at)


def over_a_day(name: str) -> list[int]:
    """A day of refreshes, one every quarter of an hour."""
    return [
        cutoff(name, start=start, step_seconds=QUARTER_HOUR)
        for start in range(MONDAY, MONDAY + 24 * HOUR, QUARTER_HOUR)
    ]


def test_a_series_is_due_once_a_period_and_never_uses_the_future() -> None:
    times = over_a_day("meetings/frankfurt")
    assert len(set(times[24:])) in (3, 4)
    assert all(time <= MONDAY + index * QUARTER_HOUR for index, time in enumerate(times))
    assert all(index * QUARTER_HOUR + MONDAY - time < PERIOD for index, time in enumerate(times))


def test_the_work_of_many_series_is_spread_over_the_period() -> None:
    due = [0] * 24
    for number in range(480):
        times = over_a_day(f"pool-{number}")[:25]
        for index in range(24):
            due[index] += times[index + 1] != times[index]
    assert sum(due) == 480
    assert max(due) < 40


def test_on_a_grid_of_minutes_series_share_a_cutoff_every_five() -> None:
    for start in range(MONDAY, MONDAY + 24 * HOUR, 60 * 7):
        at = cutoff("a", start=start, step_seconds=60)
        assert 0 <= start - at < PERIOD
        assert at % 300 == 0


def test_a_period_shorter_than_a_step_means_at_every_step() -> None:
    at = cutoff("a", start=MONDAY, step_seconds=QUARTER_HOUR, refit_seconds=60)
    assert at == MONDAY
