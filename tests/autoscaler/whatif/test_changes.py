"""What-ifs as typed, and every refusal."""

import pytest

from autoscaler.whatif.changes import Changes, parse_changes
from forecast.calendar import HOUR, Event
from forecast.errors import MeetscaleError
from tests.autoscaler.whatif.worlds import NOW, world

ZONES = "pools.eu.spec.reserve={zones: 3, zonesLost: 1}"


def test_an_event_is_read_by_the_one_grammar_of_events() -> None:
    found = parse_changes(["10x@20:00+8h:eu"], pools=world().pools, now=NOW)
    assert found.events == (
        Event(
            name="10x",
            series_ids=frozenset({"media/eu"}),
            start=NOW + 9 * HOUR,
            end=NOW + 17 * HOUR,
            multiplier=10.0,
            participants=None,
            tag=None,
        ),
    )


def test_zones_are_lost_by_name_and_once() -> None:
    texts = ["loss:zone=b", "loss:zone=b"]
    assert parse_changes(texts, pools=world(ZONES).pools, now=NOW) == Changes(zones_lost=("b",))


@pytest.mark.parametrize(
    ("texts", "sentence"),
    [
        (["loss:rack=7"], "--what-if 'loss:rack=7': must be loss:zone=NAME, like loss:zone=b"),
        (["loss:zone="], "must be loss:zone=NAME"),
        (["10x@tonight+8h"], "starts at 'tonight', must be a time such as 20:00"),
        (["10x@20:00+8h:us"], "no pool 'us', there are eu"),
        (
            [f"loss:zone={zone}" for zone in "abc"],
            "loses 3 zones, no pool has more than 3 (eu: spec.reserve.zones): must leave one",
        ),
    ],
)
def test_what_cannot_be_imagined_is_said(texts: list[str], sentence: str) -> None:
    with pytest.raises(MeetscaleError) as refused:
        parse_changes(texts, pools=world(ZONES).pools, now=NOW)
    assert sentence in str(refused.value)


def test_a_pool_of_one_zone_cannot_lose_it() -> None:
    with pytest.raises(MeetscaleError, match=r"every pool has one zone only .spec.reserve.zones"):
        parse_changes(["loss:zone=b"], pools=world().pools, now=NOW)
