import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autoscaler.capacity.zones import with_zones_lost


def left(servers: int, zones: int, lost: int) -> int:
    """Spread servers evenly and lose the fullest zones."""
    sizes = sorted((servers + i) // zones for i in range(zones))
    return sum(sizes[: zones - lost])


@pytest.mark.parametrize(
    ("servers", "zones", "lost", "kept"),
    [
        (0, 3, 1, 0),
        (9, 1, 0, 9),
        (9, 3, 0, 9),
        (9, 3, 1, 14),  # 5 + 5 + 4, lose 5
        (10, 3, 1, 15),  # 5 + 5 + 5, lose 5
        (11, 4, 2, 23),  # 6 + 6 + 6 + 5, lose 12
        (1, 3, 2, 3),
    ],
)
def test_servers_with_zones_lost(servers: int, zones: int, lost: int, kept: int) -> None:
    assert with_zones_lost(servers, zones=zones, zones_lost=lost) == kept


@given(st.integers(0, 3000), st.integers(1, 8), st.data())
def test_it_is_the_least_number_of_which_enough_are_left(
    servers: int, zones: int, data: st.DataObject
) -> None:
    lost = data.draw(st.integers(0, zones - 1))
    total = with_zones_lost(servers, zones=zones, zones_lost=lost)
    assert left(total, zones, lost) >= servers
    assert total == 0 or left(total - 1, zones, lost) < servers


def test_arrays_are_elementwise() -> None:
    servers = np.array([0, 9, 10, 11])
    assert with_zones_lost(servers, zones=3, zones_lost=1).tolist() == [0, 14, 15, 17]
