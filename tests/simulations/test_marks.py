from forecast.calendar import Event
from simulations.marks import marks
from tests.simulations.small import pool, scenario, surge

HOUR = 3600


def test_surges_and_webinars_are_marked_by_time() -> None:
    webinar = {"name": "launch", "start": "2026-03-02T12:30:00", "participants": 500}
    told = scenario(pools=[pool(demand=surge(2.0) | {"webinars": [webinar]})])

    launch, grown = marks(told)

    assert (launch.kind, launch.label, launch.end - launch.start) == ("Webinar", "launch", HOUR)
    assert (grown.kind, grown.label) == ("Surge", "surge")
    assert grown.end == told.epoch(told.start) + told.duration_seconds


def test_what_was_announced_is_marked_on_the_pools_concerned_while_they_run() -> None:
    told = scenario()
    start = told.epoch(told.start)
    key = told.pools[0].resource.key
    events = [
        Event("sfu/later", frozenset({key}), start + 2 * HOUR, start + 3 * HOUR, 2.0, None),
        Event("sfu/elsewhere", frozenset({"sfu/other"}), start, start + HOUR, 2.0, None),
        Event("sfu/long-ago", frozenset({key}), start - 2 * HOUR, start - HOUR, 2.0, None),
    ]

    (mark,) = marks(told, events)

    assert (mark.label, mark.kind) == ("announced: later", "Announced")
    assert (mark.pool, mark.end - mark.start) == (told.pools[0].name, HOUR)
