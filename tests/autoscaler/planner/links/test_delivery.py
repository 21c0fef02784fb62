"""Deliveries, measured: up to 500 Mbit/s promised within an hour, up to 900 within a day."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from autoscaler.planner.links.delivery import Awaited, Delivered, Deliveries
from autoscaler.planner.settings import Tier
from tests.autoscaler.planner.links.test_plan import link

HOUR = 3600
TIERS = (
    Tier(up_to_mbps=500.0, lead_time_seconds=HOUR, approver=""),
    Tier(up_to_mbps=900.0, lead_time_seconds=24 * HOUR, approver="network-team"),
)
LINK = replace(link(), tiers=TIERS)


def leads(known: Deliveries, *, now: int = 0) -> list[int]:
    return [tier.lead_time_seconds for tier in known.measured(LINK, now=now).tiers]


def test_what_was_promised_holds_until_something_was_measured() -> None:
    assert Deliveries().measured(LINK, now=0) == LINK


def test_an_order_is_measured_when_it_is_there() -> None:
    known = Deliveries().looked(ordered=300.0, delivered=200.0, now=0)
    known = known.looked(ordered=700.0, delivered=200.0, now=60)
    assert known.awaited == (Awaited(0, 300.0), Awaited(60, 700.0))
    known = known.looked(ordered=700.0, delivered=300.0, now=HOUR)
    assert known == Deliveries((Awaited(60, 700.0),), (Delivered(300.0, 3600.0),))


def test_a_late_delivery_is_believed_at_once_in_its_own_tier() -> None:
    assert leads(Deliveries(done=(Delivered(800.0, 72.0 * HOUR),))) == [HOUR, 72 * HOUR]


def test_prompt_deliveries_are_believed_after_a_handful() -> None:
    quick = Delivered(800.0, 2.0 * HOUR)
    assert leads(Deliveries(done=(quick,))) == [HOUR, 24 * HOUR]
    assert leads(Deliveries(done=(quick,) * 5)) == [HOUR, 2 * HOUR]


def test_a_larger_tier_is_never_quicker() -> None:
    assert leads(Deliveries(done=(Delivered(400.0, 48.0 * HOUR),))) == [48 * HOUR, 48 * HOUR]


def test_an_order_that_is_late_lengthens_its_tier_while_it_is_waited_for() -> None:
    known = Deliveries(awaited=(Awaited(0, 800.0),))
    assert leads(known, now=20 * HOUR) == [HOUR, 24 * HOUR]
    assert leads(known, now=40 * HOUR) == [HOUR, 40 * HOUR]


def test_an_approval_that_lapsed_is_waited_for_no_more() -> None:
    known = Deliveries(awaited=(Awaited(0, 800.0),))
    assert known.looked(ordered=200.0, delivered=200.0, now=60) == Deliveries()


@given(
    st.lists(st.tuples(st.floats(0.0, 900.0), st.floats(0.0, 900.0)), max_size=30),
)
def test_what_is_awaited_is_ordered_and_not_there(looks: list[tuple[float, float]]) -> None:
    known = Deliveries()
    for minute, (ordered, delivered) in enumerate(looks):
        known = known.looked(ordered=ordered, delivered=delivered, now=60 * minute)
        assert all(delivered < each.to_mbps <= ordered for each in known.awaited)
        assert known.looked(ordered=ordered, delivered=delivered, now=60 * minute + 1) is known
        small, large = leads(known, now=60 * minute)
        assert 1 <= small <= large
