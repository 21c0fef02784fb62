import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autoscaler.capacity.servers import participants_on, servers_for, servers_for_one

DEMAND = st.floats(0.0, 1e7)
PER_SERVER = st.floats(1.0, 5000.0)


@pytest.mark.parametrize(
    ("demand", "per_server", "servers"),
    [
        (0.0, 100.0, 0),
        (0.0004, 100.0, 0),  # below a thousandth of a participant is nobody
        (1.0, 100.0, 1),
        (100.0, 100.0, 1),
        (100.00000000001, 100.0, 1),  # another BLAS
        (101.0, 100.0, 2),
        (1200.0, 2000.0 / 5.0, 3),
        (400.0, 400.0 / 3.0, 3),  # 3.0000000000000004 in binary
        (81_200.0, 400.0, 203),
    ],
)
def test_servers_for_a_demand(demand: float, per_server: float, servers: int) -> None:
    assert servers_for_one(demand, per_server) == servers
    assert servers_for(np.array([demand]), per_server).tolist() == [servers]


@given(DEMAND, PER_SERVER)
def test_the_plan_and_the_tick_agree(demand: float, per_server: float) -> None:
    assert servers_for(np.array([demand]), per_server)[0] == servers_for_one(demand, per_server)


@given(DEMAND, DEMAND, PER_SERVER)
def test_more_demand_never_needs_fewer_servers(a: float, b: float, per_server: float) -> None:
    low, high = sorted((a, b))
    assert servers_for_one(low, per_server) <= servers_for_one(high, per_server)


@given(DEMAND, PER_SERVER)
def test_rounding_to_the_last_bits_changes_nothing(demand: float, per_server: float) -> None:
    demand = round(demand, 2)
    beside = math.nextafter(demand, math.inf)
    assert servers_for_one(demand, per_server) == servers_for_one(beside, per_server)


@given(st.integers(0, 5000), PER_SERVER)
def test_what_servers_hold_needs_no_more_than_them(servers: int, per_server: float) -> None:
    assert servers_for_one(participants_on(servers, per_server=per_server), per_server) <= servers


def test_participants_held_once_the_fullest_zone_is_gone() -> None:
    # 14 over 3 zones are 5 + 5 + 4; without a zone of 5 there are 9.
    assert participants_on(14, per_server=100.0, zones=3, zones_lost=1) == 900
