import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autoscaler.capacity.packing import largest_room, room_sizes


@pytest.mark.parametrize(
    ("mean", "rooms", "largest"),
    [
        # ln(1 - 0.95^(1/100)) / ln(0.9) = 71.9
        (10.0, 100.0, 72.0),
        # ln(0.05) / ln(0.5) = 4.3
        (2.0, 1.0, 5.0),
        (1.0, 1000.0, 1.0),
        (10.0, 0.0, 0.0),
        (0.0, 10.0, 0.0),
    ],
)
def test_the_largest_room_of_many(mean: float, rooms: float, largest: float) -> None:
    assert largest_room(mean, rooms) == largest


def test_the_largest_of_drawn_rooms_is_exceeded_as_often_as_promised() -> None:
    drawn = np.random.default_rng(7).geometric(1.0 / 8.0, size=(4000, 50))
    exceeded = (drawn.max(axis=1) > largest_room(8.0, 50.0)).mean()
    assert 0.02 < exceeded < 0.06


@given(mean=st.floats(1.0, 200.0), rooms=st.floats(1.0, 1e5), more=st.floats(1.0, 10.0))
def test_more_or_larger_rooms_never_make_the_largest_smaller(
    mean: float, rooms: float, more: float
) -> None:
    largest = largest_room(mean, rooms)
    assert largest_room(mean, rooms * more) >= largest
    assert largest_room(mean * more, rooms) >= largest


@given(mean=st.floats(1.0, 200.0))
def test_sizes_have_the_mean_that_was_asked_for(mean: float) -> None:
    sizes, chance = room_sizes(mean)
    assert chance.sum() == pytest.approx(1.0)
    assert chance @ sizes == pytest.approx(mean, rel=1e-3)
