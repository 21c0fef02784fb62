from simulations.story import timeline
from tests.simulations.small import pool, scenario


def test_demand_is_a_bar_for_each_stretch_and_the_highest_is_full() -> None:
    webinar = {"name": "w", "start": "2026-03-02T14:00:00", "participants": 30_000}
    demand = {"peakParticipants": 300, "day": "Flat", "webinars": [webinar]}

    row = timeline(scenario(pools=[pool(demand=demand)]), columns=4)[0]

    assert row.label == "eu"
    assert row.drawn == "▁▁█▁"


def test_faults_are_drawn_when_they_last() -> None:
    fault = {
        "name": "f",
        "kind": "NoData",
        "start": "2026-03-02T13:00:00",
        "durationSeconds": 3600,
    }

    row = timeline(scenario(faults=[fault]), columns=8)[-1]

    assert row.label == "NoData f"
    assert row.drawn == "··━━····"
    assert row.note == "Mon 2 Mar 13:00 to Mon 2 Mar 14:00"
