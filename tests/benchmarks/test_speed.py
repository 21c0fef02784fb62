import numpy as np

from benchmarks.speed import made_up, measure, speed_table
from forecast.calendar import DAY
from forecast.history import PointState


def test_updates_and_refits_come_out_beside_their_goals() -> None:
    rows = measure(pools=2)
    assert [(row.grid, row.goal_seconds) for row in rows] == [
        ("15 min", 0.05),
        ("15 min", None),
        ("15 min", 20.0),
        ("1 min", 40.0),
    ]
    assert all(row.seconds > 0.0 and row.pools == 2 for row in rows)
    table = speed_table(rows)
    assert {len(row) for row in table.rows} == {len(table.columns)}


def test_made_up_demand_is_the_same_every_time_and_has_gaps() -> None:
    first, again = (made_up(("a", "b"), 900, after=3) for _ in range(2))
    np.testing.assert_array_equal(first.values, again.values)
    assert first.points == 28 * DAY // 900 + 3
    missing = first.states == PointState.MISSING
    assert missing.any(axis=1).all()
    assert np.array_equal(missing, np.isnan(first.values))
