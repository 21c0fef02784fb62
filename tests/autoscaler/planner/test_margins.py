"""Margins by hand: a server is rated for 100, rooms of 20 leave 80 of them, at 2.00 an hour."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autoscaler.capacity.rating import rate
from autoscaler.capacity.shape import MediaMix
from autoscaler.planner.growth import Growth
from autoscaler.planner.margins import margins
from autoscaler.planner.outlook import look_ahead
from autoscaler.planner.require import Requirement, Sight, require
from autoscaler.planner.settings import PoolSettings, Reserve
from tests.autoscaler.planner.examples import MIDNIGHT, forecast, pool

PACKED = pool(mix=MediaMix(largest_room=20.0), reserve=Reserve(zones=3, zones_lost=1))


def required(
    settings: PoolSettings,
    *path: float,
    spread: float = 0.1,
    observed: float = 0.0,
    growing: float = 0.0,
    guests: float = 0.0,
    refused: float = 0.0,
) -> Requirement:
    """Require for a forecast of these medians, whose P95 is twice the spread above them."""
    issued = forecast({settings.name: path}, spread=spread) if path else None
    outlook = look_ahead([settings], forecast=issued, events=())[settings.name]
    grown = Growth(MIDNIGHT, growing * 3000.0, growing * 2000.0, 0.0)
    return require(
        outlook,
        sight=Sight(
            participants=observed,
            censored=refused > 0.0,
            refused=refused,
            relieved=False,
            guests=guests,
        ),
        growth=grown,
        now=MIDNIGHT,
        lead_seconds=360.0,
        approval_seconds=0.0,
    )


def priced(settings: PoolSettings, found: Requirement) -> dict[str, float]:
    rating = rate(settings.server, settings.mix)
    stacked = margins(found.reasons, need=found.wanted, rating=rating, hourly_cost=2.0)
    assert all(each.hourly == pytest.approx(2.0 * each.servers) for each in stacked)
    return {each.name: round(each.servers, 9) for each in stacked}


def test_each_margin_on_top_of_the_median() -> None:
    # median 1,000 fills 10 servers; P95 is 1,200: 12 by rating, 15 as packed; 15 of 23 after a zone
    assert priced(PACKED, required(PACKED, 1000.0)) == {
        "quantile": 2.0,
        "packing": 3.0,
        "zones": 8.0,
    }


def test_the_last_server_is_a_whole_one() -> None:
    assert priced(pool(), required(pool(), 1000.0, spread=0.02)) == {
        "quantile": 0.4,
        "rounding": 0.6,
    }


def test_what_is_observed_stands_for_the_median_where_it_sets_the_need() -> None:
    assert priced(pool(), required(pool(), observed=950.0)) == {"rounding": 0.5}


def test_refused_joins_are_headroom() -> None:
    # 20 refused of 1,000: 1.14 times as many
    found = priced(pool(), required(pool(), observed=1000.0, refused=20.0))
    assert found == {"headroom": 1.4, "rounding": 0.6}


def test_guests_have_their_own_price() -> None:
    assert priced(pool(), required(pool(), observed=1000.0, guests=300.0)) == {"failover": 3.0}


def test_nobody_asks_for_anything() -> None:
    assert priced(pool(), required(pool())) == {}


@given(
    st.lists(st.floats(0.0, 5000.0), max_size=6),
    st.floats(0.0, 0.5),
    st.floats(0.0, 5000.0),
    st.floats(0.0, 1.0),
    st.floats(0.0, 500.0),
    st.floats(0.0, 100.0),
    st.floats(0.0, 80.0),
    st.integers(0, 2),
)
def test_they_sum_to_the_whole_difference(
    path: list[float],
    spread: float,
    observed: float,
    growing: float,
    guests: float,
    refused: float,
    room: float,
    lost: int,
) -> None:
    reserve = Reserve(zones=3, zones_lost=lost)
    settings = pool(mix=MediaMix(largest_room=room), reserve=reserve)
    found = required(
        settings,
        *path,
        spread=spread,
        observed=observed,
        growing=growing,
        guests=guests,
        refused=refused,
    )
    rating = rate(settings.server, settings.mix)
    stacked = margins(found.reasons, need=found.wanted, rating=rating, hourly_cost=1.5)
    if not stacked:
        return
    (winner,) = [each for each in found.reasons if each.after == _asked(found)][:1]
    median = winner.inputs.get("median")
    if median is None:
        median = found.reasons[0].inputs["participants"]
    total = math.fsum(each.hourly for each in stacked)
    assert total == pytest.approx(1.5 * (found.wanted - float(median) / rating.full), abs=1e-6)


def _asked(found: Requirement) -> float:
    """What was asked for before the zones."""
    last = found.reasons[-1]
    return last.before if last.code == "Reserve" else last.after
