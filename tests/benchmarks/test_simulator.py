"""The simulator's benchmark: its parts add up, and the table says what was run."""

from benchmarks.simulator import Measured, measure, table
from tests.simulations.small import scenario


def test_the_parts_of_a_run_add_up_to_it() -> None:
    run = measure(scenario(historyDays=9), policy="meetscale", rounds=1)

    parts = (run.built, run.world, run.forecast, run.engine, run.score)
    assert min(parts) >= 0.0
    assert run.forecast > 0.0
    assert run.seconds == sum(parts)


def test_the_slowest_comes_first_and_their_sum_last() -> None:
    quick, slow = (
        Measured(
            scenario=name,
            policy="hpa",
            pools=1,
            simulated=86_400,
            built=0.0,
            world=seconds,
            forecast=0.0,
            engine=0.0,
            score=0.0,
        )
        for name, seconds in (("quick", 1.0), ("slow", 10.0))
    )

    rows = table([quick, slow]).rows
    assert [row[0] for row in rows] == ["slow", "quick", "all 2"]
    assert rows[0][5] == "8,640"
    assert rows[-1][3:6] == ("2.0", "11.000", "15,709")
