import pytest

from autoscaler.engine.observation import Demand, DemandState
from forecast.history import PointState
from simulations.scenario.supply import FaultKind, MetricsPlane
from simulations.world.plane import Failure, Plane, Sample

START = 1_000_000_800  # a multiple of 900


def plane(*samples: Sample, failures: tuple[Failure, ...] = (), lag: int = 15) -> Plane:
    return Plane(
        settings=MetricsPlane(scrape_seconds=15, lag_seconds=lag),
        stale_after=60,
        min_visible=0.9,
        failures=failures,
        tick_seconds=60,
        first=START,
        samples=list(samples),
    )


def sample(
    present: float = 100.0, *, refused: float = 0.0, ready: int = 5, full: bool = False
) -> Sample:
    return Sample(present, present, refused, ready, full)


def failure(kind: FaultKind, *, seconds: int = 600) -> Failure:
    return Failure(kind=kind, start=START + 60, end=START + 60 + seconds, share=0.4)


def test_a_query_sees_the_last_scrape_after_the_lag() -> None:
    metrics = plane(sample(100.0), sample(200.0), lag=20)

    assert metrics.query(START + 60).demand.participants == 100.0
    assert metrics.query(START + 80).demand == Demand(
        state=DemandState.OBSERVED, participants=200.0, sample_time=START + 60
    )


@pytest.mark.parametrize(
    ("seen", "state", "participants"),
    [
        (sample(0.0), DemandState.ZERO, 0.0),
        (sample(100.0, refused=7.0), DemandState.CENSORED, 107.0),
        (sample(100.0, full=True), DemandState.CENSORED, 100.0),
    ],
)
def test_a_value_says_how_far_to_trust_it(
    seen: Sample, state: DemandState, participants: float
) -> None:
    demand = plane(seen).query(START + 15).demand

    assert demand.state is state
    assert demand.participants == participants


def test_without_an_answer_nothing_is_known() -> None:
    metrics = plane(sample(), sample(), failures=(failure(FaultKind.NO_DATA),))

    seen = metrics.query(START + 60)

    assert seen.demand.state is DemandState.EMPTY
    assert seen.demand.participants is None
    assert seen.sample is None
    assert metrics.no_data(START + 60)
    assert not metrics.no_data(START + 59)
    assert not metrics.no_data(START + 660)


def test_vanished_targets_halve_the_sum_without_an_error() -> None:
    metrics = plane(sample(), sample(), failures=(failure(FaultKind.PARTIAL),))

    seen = metrics.query(START + 75)

    assert seen.demand.state is DemandState.PARTIAL
    assert seen.demand.participants == pytest.approx(60.0)
    assert seen.visible == pytest.approx(0.6)
    assert metrics.no_data(START + 75)


def test_a_stuck_value_looks_fresh_until_its_age_shows() -> None:
    samples = [sample(100.0 + index) for index in range(6)]
    metrics = plane(*samples, failures=(failure(FaultKind.STALE),))

    young, old = metrics.query(START + 105).demand, metrics.query(START + 195).demand

    assert (young.participants, young.state) == (101.0, DemandState.OBSERVED)
    assert (old.participants, old.state) == (101.0, DemandState.STALE)


def test_history_keeps_what_was_scraped() -> None:
    faults = (failure(FaultKind.NO_DATA, seconds=60),)
    metrics = plane(sample(1.0), sample(2.0), sample(3.0, refused=1.0), failures=faults)

    assert metrics.point(START) == (1.0, PointState.OBSERVED)
    assert metrics.point(START + 60)[1] is PointState.MISSING
    assert metrics.point(START + 120) == (4.0, PointState.CENSORED)


def lying(kind: FaultKind, *samples: Sample) -> Plane:
    return plane(*samples, failures=(failure(kind),))


def test_a_stuck_exporter_repeats_what_it_said_as_if_it_were_new() -> None:
    metrics = lying(FaultKind.STUCK, *(sample(100.0 * (1 + index)) for index in range(9)))

    seen = metrics.query(START + 375)

    assert seen.demand.participants == 200.0
    assert seen.demand.sample_time == START + 360
    assert seen.demand.state is DemandState.OBSERVED
    assert metrics.no_data(START + 375), "a lie is no valid value"


def test_everything_counts_twice_where_it_is_scraped_twice() -> None:
    metrics = lying(FaultKind.DUPLICATE, *(sample(100.0) for _ in range(9)))

    assert metrics.query(START + 375).demand.participants == 200.0


def test_a_lost_scrape_leaves_the_one_before_it() -> None:
    metrics = lying(FaultKind.LOST_SCRAPES, *(sample(100.0) for _ in range(20)))

    ages = [now - (metrics.query(now).demand.sample_time or 0) for now in scrapes()]

    assert 0.25 < sum(age > 15 for age in ages) / len(ages) < 0.55
    assert max(ages) <= 90


def scrapes() -> range:
    return range(START + 75, START + 660, 15)
