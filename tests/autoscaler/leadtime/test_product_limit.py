"""Against the published remission times of Freireich et al. (1963), weeks on 6-mercaptopurine."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autoscaler.leadtime.product_limit import quantiles

ENDED = [(t, 1.0) for t in (6.0, 6.0, 6.0, 7.0, 10.0, 13.0, 16.0, 22.0, 23.0)]
WAITING = [(t, 1.0) for t in (6.0, 9.0, 10.0, 11.0, 17.0, 19.0, 20.0, 25.0, 32.0, 32.0, 34.0, 35.0)]


@pytest.mark.parametrize(
    ("survival", "weeks"),
    # the textbook's product-limit estimate: S(6) = .857, S(7) = .807, ... S(23) = .448
    [(0.858, 6.0), (0.808, 7.0), (0.754, 10.0), (0.691, 13.0), (0.628, 16.0), (0.539, 22.0)],
)
def test_the_published_curve_is_met(survival: float, weeks: float) -> None:
    assert quantiles(ENDED, WAITING, levels=(1.0 - survival,)) == [weeks]


def test_the_published_median_is_met() -> None:
    assert quantiles(ENDED, WAITING, levels=(0.5,)) == [23.0]


def test_a_tail_that_only_waits_is_as_long_as_its_longest_wait() -> None:
    # S never falls below .448, so the P95 lies somewhere past 35 weeks
    assert quantiles(ENDED, WAITING, levels=(0.95,)) == [35.0]


def test_a_weight_counts_as_so_many() -> None:
    assert quantiles([(1.0, 3.0), (9.0, 1.0)], (), levels=(0.5, 0.75, 0.76)) == [1.0, 1.0, 9.0]


DURATIONS = st.lists(
    st.tuples(st.integers(1, 9).map(float), st.integers(1, 4).map(float)), max_size=12
)


@given(DURATIONS.filter(bool), DURATIONS)
def test_it_is_the_product_over_those_at_risk(
    ended: list[tuple[float, float]], waiting: list[tuple[float, float]]
) -> None:
    def survival(seconds: float) -> float:
        alive = 1.0
        for moment in sorted({t for t, _ in ended if t <= seconds}):
            at_risk = sum(w for t, w in [*ended, *waiting] if t >= moment)
            alive *= 1.0 - sum(w for t, w in ended if t == moment) / at_risk
        return alive

    reached = [t for t, _ in sorted(ended) if survival(t) <= 0.5 + 1e-9]
    longest = max(t for t, _ in [*ended, *waiting])
    assert quantiles(ended, waiting, levels=(0.5,)) == [reached[0] if reached else longest]
