"""What is looked up at every tick, against what it stands for."""

from hypothesis import given
from hypothesis import strategies as st

from autoscaler.planner.links import Expected
from tests.autoscaler.planner.examples import MIDNIGHT

HOUR = 3600
MBPS = st.floats(0.0, 1000.0)


@given(st.lists(MBPS, max_size=20), st.integers(-5, 30))
def test_the_most_until_a_moment_is_the_most_of_the_steps_begun_by_then(
    path: list[float], hours: int
) -> None:
    ahead = Expected(start=MIDNIGHT, step_seconds=HOUR, path=path)

    begun = path[: max(0, hours + 1)]
    assert ahead.most_until(MIDNIGHT + hours * HOUR) == max(begun, default=0.0)


@given(st.lists(MBPS, max_size=20), st.lists(MBPS, max_size=3), MBPS)
def test_only_what_exceeds_all_before_it_is_above(
    path: list[float], weekly: list[float], least: float
) -> None:
    ahead = Expected(start=MIDNIGHT, step_seconds=HOUR, path=path, monday=MIDNIGHT, weekly=weekly)

    found = [mbps for mbps, _ in ahead.above(least)]
    whole = [*path, *weekly]
    assert found == [
        mbps
        for index, mbps in enumerate(whole)
        if mbps > least and mbps > max(whole[:index], default=-1.0)
    ]


def test_growth_begins_where_the_path_ends() -> None:
    ahead = Expected(
        start=MIDNIGHT, step_seconds=HOUR, path=[1.0, 3.0, 2.0], monday=MIDNIGHT, weekly=[4.0]
    )

    assert ahead.above(1.0) == [(3.0, MIDNIGHT + HOUR), (4.0, MIDNIGHT + 3 * HOUR)]
