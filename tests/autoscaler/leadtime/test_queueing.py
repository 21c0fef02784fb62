import pytest
from hypothesis import given
from hypothesis import strategies as st

from autoscaler.leadtime.orders import Start
from autoscaler.leadtime.queueing import queueing

STARTS = st.lists(
    st.builds(Start, st.floats(1.0, 7200.0), st.integers(1, 50), st.integers(1, 500)), max_size=20
)


def fitted(*starts: tuple[float, int]) -> float:
    """Seconds that each server in the queue adds; starts are (seconds, queue), equal in weight."""
    known = [Start(seconds, 1, queue) for seconds, queue in starts]
    return queueing(known, [1.0] * len(known)).per_server


def test_a_clean_line_is_taken_as_it_is() -> None:
    # 200 s and 4 s for each server that is waited for
    assert fitted((204.0, 1), (240.0, 10), (280.0, 20), (400.0, 50)) == pytest.approx(4.0)


def test_two_batches_say_nothing_of_a_slope() -> None:
    assert fitted((204.0, 1), (400.0, 50)) == 0.0


def test_one_size_says_nothing_of_a_slope() -> None:
    assert fitted((204.0, 10), (400.0, 10), (300.0, 10)) == 0.0


def test_nobody_is_served_sooner_for_asking_for_more() -> None:
    assert fitted((400.0, 1), (300.0, 10), (200.0, 50)) == 0.0


def test_a_slope_within_its_own_error_is_none() -> None:
    # slope 0.5; residuals of 100 s make its standard error larger than that
    assert fitted((200.0, 1), (400.0, 1), (204.5, 10), (404.5, 10)) == 0.0


def test_a_slope_is_shrunk_by_its_error() -> None:
    # queues 0 and 100, slope 4, residuals +-60 (variance 3600, four starts, two parameters):
    # se^2 = 3600 / 2 / 2500 = 0.72, and 4 * (1 - 0.72 / 16) = 3.82
    noisy = ((140.0, 1), (260.0, 1), (540.0, 101), (660.0, 101))
    assert fitted(*noisy) == pytest.approx(3.82)


@given(STARTS)
def test_never_negative_and_never_more_than_what_was_seen(starts: list[Start]) -> None:
    slope = queueing(starts, [1.0] * len(starts)).per_server
    longest = max((start.seconds for start in starts), default=0.0)
    assert 0.0 <= slope <= longest
