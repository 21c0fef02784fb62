import pytest

from simulations.report.axes import Scale, duration_text, moment_text, round_steps, time_ticks

HOUR, DAY = 3600, 86_400
MONDAY = 1_584_921_600  # Mon 23 Mar 2020 00:00 UTC


@pytest.mark.parametrize(
    ("top", "expected"),
    [
        (0.0, [0.0]),
        (1.0, [0.0, 0.5, 1.0]),
        (4.0, [0.0, 1.0, 2.0, 3.0, 4.0]),
        (53.0, [0.0, 20.0, 40.0]),
        (5500.0, [0.0, 2000.0, 4000.0]),
    ],
)
def test_steps_are_round_and_few(top: float, expected: list[float]) -> None:
    assert expected == round_steps(top)


def test_hours_within_a_day_and_dates_at_midnight() -> None:
    scale = Scale(MONDAY - 6 * HOUR, MONDAY + 6 * HOUR, 0, 120)

    ticks = time_ticks(MONDAY - 6 * HOUR, MONDAY + 6 * HOUR, scale)

    assert [tick.label for tick in ticks] == [
        "18:00",
        "20:00",
        "22:00",
        "Mon 23 Mar",
        "02:00",
        "04:00",
        "06:00",
    ]
    assert [tick.at for tick in ticks if tick.strong] == [60.0]


def test_days_over_a_week() -> None:
    scale = Scale(MONDAY, MONDAY + 7 * DAY, 0, 700)

    ticks = time_ticks(MONDAY, MONDAY + 7 * DAY, scale)

    assert [tick.label for tick in ticks][:2] == ["Mon 23 Mar", "Tue 24 Mar"]
    assert len(ticks) == 8


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [
        (45, "45 s"),
        (720, "12 min"),
        (34_200, "9 h 30 min"),
        (DAY, "1 d"),
        (8 * DAY + 60, "8 d 1 min"),
    ],
)
def test_durations_for_people(seconds: int, expected: str) -> None:
    assert expected == duration_text(seconds)


def test_moments_for_people() -> None:
    assert moment_text(MONDAY + 9 * HOUR + 300) == "Mon 23 Mar 09:05"
