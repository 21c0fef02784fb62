"""The demand model against its inputs: Little's law, sizes, lengths, gathering, luck."""

import numpy as np
import pytest

from simulations.scenario.demand import OFFICE_MEETINGS, MeetingClass, Spread
from simulations.scenario.schema import Scenario
from simulations.world.latent import Latent, latent
from simulations.world.meetings import kinds, mix
from tests.simulations.small import pool, scenario, surge

HOURS = 48


def drawn(plan: Scenario) -> Latent:
    return latent(plan.pools[0], plan)


def flat(**fields: object) -> Scenario:
    quiet = {"day": 0.0, "quarterHour": 0.0}
    week = [1, 1, 1, 1, 1, 1, 1]
    demand = {"peakParticipants": 6000, "day": "Flat", "noise": quiet, "week": week}
    return scenario(durationSeconds=HOURS * 3600, pools=[pool(demand=demand)], **fields)


def test_concurrency_is_arrivals_times_mean_stay() -> None:
    demand = drawn(flat())
    stay = mix(kinds(OFFICE_MEETINGS, tick_seconds=60)).mean_stay

    joins_per_tick = demand.joins.mean()

    assert demand.participants.mean() == pytest.approx(joins_per_tick * stay, rel=0.01)


@pytest.mark.parametrize("each", OFFICE_MEETINGS, ids=lambda each: each.name)
def test_each_class_alone_obeys_littles_law(each: MeetingClass) -> None:
    (kind,) = kinds((each,), tick_seconds=60)
    demand = drawn(flat(meetings=[each.model_dump(by_alias=True)]))

    # a meeting's people come and go together: what chance leaves after so many meetings
    error = 4.0 / np.sqrt(demand.rooms_started.sum())
    stay = kind.mean_length
    assert demand.participants.mean() == pytest.approx(demand.joins.mean() * stay, rel=0.01 + error)
    size = demand.joins.sum() / demand.rooms_started.sum()
    assert size * kind.mean_rooms == pytest.approx(kind.mean_size, rel=0.01 + error)
    assert demand.rooms.mean() / demand.rooms_started.mean() == pytest.approx(
        stay, rel=0.01 + error
    )


def test_mean_concurrency_is_what_was_asked_for() -> None:
    assert drawn(flat()).participants.mean() == pytest.approx(6000, rel=0.02)


def test_meetings_have_the_sizes_and_lengths_of_their_classes() -> None:
    demand = drawn(flat())
    classes = kinds(OFFICE_MEETINGS, tick_seconds=60)

    size = demand.joins.sum() / demand.rooms_started.sum()
    length = demand.rooms.mean() / demand.rooms_started.mean()

    assert size == pytest.approx(sum(kind.share * kind.mean_size for kind in classes), rel=0.03)
    assert length == pytest.approx(sum(kind.share * kind.mean_length for kind in classes), rel=0.02)


def test_office_meetings_are_those_of_the_study() -> None:
    classes = kinds(OFFICE_MEETINGS, tick_seconds=60)

    assert sum(kind.share * kind.mean_size for kind in classes) == pytest.approx(10, abs=1)
    assert sum(kind.share * kind.mean_length for kind in classes) == pytest.approx(33, abs=1)
    assert classes[0].share == pytest.approx(0.42)
    assert sum(kind.share * (1 - kind.scheduled) for kind in classes) == pytest.approx(
        0.66, abs=0.04
    )


def test_joins_gather_at_the_full_and_the_half_hour() -> None:
    demand = drawn(flat())
    minutes = (demand.start // 60 + np.arange(demand.joins.size)) % 60
    by_minute = np.array([demand.joins[minutes == minute].mean() for minute in range(60)])
    quiet = by_minute[10:20].mean()

    assert by_minute[[58, 59, 0, 1]].mean() > 4 * quiet
    assert by_minute[0] > by_minute[30] > 2 * quiet


def test_concurrency_follows_its_curve_without_lag() -> None:
    grown = drawn(
        scenario(pools=[pool(demand=surge(5.0) | {"noise": {"day": 0, "quarterHour": 0}})])
    )
    during = grown.participants[grown.history_ticks :]
    # hourly means smooth the half-hourly waves; 13:00 to 13:30 is the ramp
    hourly = during.reshape(-1, 60).mean(axis=1)

    assert hourly[3] == pytest.approx(15000, rel=0.05)
    assert during[50:60].mean() < 1.4 * 3000


def test_the_same_seed_gives_the_same_meetings() -> None:
    one, other = drawn(flat()), drawn(flat())

    assert one.joins.tobytes() == other.joins.tobytes()
    assert one.participants.tobytes() == other.participants.tobytes()
    assert drawn(flat(seed=2)).joins.tobytes() != one.joins.tobytes()


def test_a_pool_more_leaves_the_others_alone() -> None:
    second = pool()
    second["resource"]["metadata"] = {"name": "us"}
    both = scenario(pools=[pool(), second])

    assert drawn(both).joins.tobytes() == drawn(scenario()).joins.tobytes()
    assert latent(both.pools[1], both).joins.tobytes() != drawn(both).joins.tobytes()


def test_supply_does_not_move_demand() -> None:
    slow = pool(supply={"boot": {"p50Seconds": 900, "p95Seconds": 1800}, "initialServers": 1})

    assert drawn(scenario(pools=[slow])).joins.tobytes() == drawn(scenario()).joins.tobytes()


def webinar(**fields: object) -> dict[str, object]:
    """Fifty thousand people at two on the first day, for an hour."""
    return {"name": "keynote", "start": "2026-03-02T14:00:00", "participants": 50_000} | fields


def test_a_webinar_fills_as_people_arrive_and_is_over_for_all_at_once() -> None:
    with_it = {"peakParticipants": 6000, "day": "Flat", "webinars": [webinar()]}
    without = {"peakParticipants": 6000, "day": "Flat"}
    more, less = (drawn(scenario(pools=[pool(demand=demand)])) for demand in (with_it, without))

    added = (more.participants - less.participants)[more.history_ticks :]
    joins = (more.joins - less.joins)[more.history_ticks :]

    assert added[[119, 120, 124, 129, 179, 180]].tolist() == [0, 5000, 25_000, 50_000, 50_000, 0]
    assert joins.sum() == 50_000


def test_a_meeting_too_large_for_a_server_is_spread_over_rooms_that_fit() -> None:
    gathering = MeetingClass(
        name="assembly",
        share=1.0,
        participants=Spread(p50=1000, p95=1000),
        split_above=300,
        length_seconds=Spread(p50=3600, p95=3600),
        scheduled=0.0,
    )
    (kind,) = kinds((gathering,), tick_seconds=60)

    assert set(kind.rooms.tolist()) == {4}
    assert mix((kind,)).mean_size == pytest.approx(250.0)
    assert mix((kind,)).packing_loss == pytest.approx((250.0 - 1.0) / 2.0)


def test_days_off_are_local_days() -> None:
    off = {"first": "2026-03-03", "days": 1, "factor": 0.1}
    quiet = {"day": 0.0, "quarterHour": 0.0}
    demand = {
        "peakParticipants": 6000, "day": "Flat", "noise": quiet, "week": [1] * 7,
        "timeZone": "Asia/Shanghai", "daysOff": [off],
    }  # fmt: skip
    plan = scenario(durationSeconds=HOURS * 3600, pools=[pool(demand=demand)])

    by_hour = drawn(plan).participants[24 * 60 :].reshape(-1, 60).mean(axis=1)

    # the third of March begins there at 16:00 UTC on the second, four hours after the start
    assert by_hour[0:3].mean() == pytest.approx(6000, rel=0.1)
    assert by_hour[8:26].mean() == pytest.approx(600, rel=0.15)
    assert by_hour[34:44].mean() == pytest.approx(6000, rel=0.1)
