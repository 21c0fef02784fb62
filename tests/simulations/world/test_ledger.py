import numpy as np

from forecast.history import PointState
from simulations.scenario.supply import FaultKind, MetricsPlane
from simulations.world.latent import latent
from simulations.world.ledger import Ledger, prior
from simulations.world.plane import Failure, Plane, Sample
from tests.simulations.small import scenario


def run_into(ledger: Ledger, values: list[float], failures: tuple[Failure, ...] = ()) -> None:
    metrics = Plane(
        settings=MetricsPlane(),
        stale_after=60,
        min_visible=0.9,
        failures=failures,
        tick_seconds=60,
        first=ledger.end + 60,
        samples=[Sample(value, value, 0.0, 10, value > 90.0) for value in values],
    )
    for _ in range(len(values) // 15):
        ledger.write_quarter([metrics], 60)


def test_history_before_the_run_is_the_peak_of_each_quarter_hour() -> None:
    plan = scenario()
    drawn = latent(plan.pools[0], plan)

    history = prior([("eu", drawn)])

    assert history.end == plan.epoch(plan.start)
    assert history.points == 96
    assert history.values[0, 0] == drawn.participants[:15].max()
    assert history.values[0, -1] == drawn.participants[drawn.history_ticks - 15 :][:15].max()


def test_a_quarter_hour_is_its_peak_and_censored_if_any_of_it_was() -> None:
    plan = scenario()
    ledger = Ledger(prior([("eu", latent(plan.pools[0], plan))]), seconds=3600)
    before = ledger.end

    run_into(ledger, [float(value) for value in range(80, 110)])

    seen = ledger.history()
    assert ledger.end == seen.end == before + 1800
    assert seen.points == 98
    assert seen.values[0, -2:].tolist() == [94.0, 109.0]
    assert seen.states[0, -2:].tolist() == [PointState.CENSORED, PointState.CENSORED]


def test_a_quarter_hour_without_an_answer_is_missing() -> None:
    plan = scenario()
    ledger = Ledger(prior([("eu", latent(plan.pools[0], plan))]), seconds=3600)
    dark = Failure(kind=FaultKind.NO_DATA, start=ledger.end, end=ledger.end + 930, share=1.0)

    run_into(ledger, [50.0] * 30, failures=(dark,))

    seen = ledger.history()
    assert seen.states[0, -2:].tolist() == [PointState.MISSING, PointState.OBSERVED]
    assert np.isnan(seen.values[0, -2])
    assert seen.values[0, -1] == 50.0
