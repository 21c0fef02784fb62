"""Two rooms of 4 for each room of 10: 18 people, 8 of them in the small ones."""

import numpy as np
import pytest

from simulations.world.rooms import rooms

ROOMS = rooms(np.array([4.0, 10.0]), np.array([2.0, 1.0]))


@pytest.mark.parametrize(
    ("seats", "refused"),
    [
        (0.0, 1.0),
        (1.0, 15 / 18),  # one of each room sits
        (4.0, 6 / 18),
        (9.0, 1 / 18),
        (9.5, 0.5 / 18),
        (10.0, 0.0),
        (400.0, 0.0),
    ],
)
def test_who_is_refused_where_so_many_seats_are_left(seats: float, refused: float) -> None:
    assert ROOMS.share_refused(seats) == pytest.approx(refused)


@pytest.mark.parametrize(("seats", "group"), [(0.0, 6.0), (3.0, 3.0), (4.0, 6.0), (9.9, 1.0)])
def test_how_many_of_a_room_are_left_standing(seats: float, group: float) -> None:
    """With three seats one of 4 stands twice, and seven of 10 once: nine in three rooms."""
    assert ROOMS.group(seats) == pytest.approx(group)
