import re
from io import StringIO

import numpy as np
import pandas as pd
import pytest

from autoscaler.errors import SpecError
from forecast.errors import MeetscaleError
from simulations.scenario.demand import Measured
from simulations.scenario.load import load
from simulations.scenario.measured import read_measured, with_measured
from simulations.world.latent import latent
from tests.simulations.small import scenario

DAY = 86_400


def sawtooth(days: int) -> Measured:
    """A week-less daily ramp from 100 to 1000, hourly from 2026-01-05 on."""
    hours = np.arange(days * 24) % 24
    return Measured.model_validate(
        {
            "start": "2026-01-05T00:00:00+00:00",
            "stepSeconds": 3600,
            "values": (100 + 900 * hours / 23).tolist(),
        }
    )


def test_latent_demand_has_the_measured_shape_at_the_peak_asked_for() -> None:
    plan = with_measured(scenario(), sawtooth(days=4), peak=20_000)

    drawn = latent(plan.pools[0], plan)
    by_hour = drawn.participants[drawn.history_ticks :][: 2 * 24 * 60].reshape(-1, 60).mean(axis=1)
    asked = 20_000 * (100 + 900 * (np.arange(48) % 24 + 0.5) / 23) / 1000

    assert plan.duration_seconds > 2 * DAY
    assert by_hour.mean() == pytest.approx(asked.mean(), rel=0.05)
    # a night that falls from peak to a tenth within the hour is followed meeting by meeting
    ramps = np.arange(48) % 24 < 22
    assert np.corrcoef(by_hour[ramps], asked[ramps])[0, 1] > 0.97


def test_a_trace_shorter_than_its_history_is_refused() -> None:
    with pytest.raises(SpecError, match=r"covers 1\.0 days: must be more than the 1 days"):
        with_measured(scenario(), sawtooth(days=1), peak=100)


def test_the_story_is_left_out_and_the_load_named_in_its_place() -> None:
    told = load("webinar-50k", assignments=["historyDays=2"])

    plan = with_measured(told, sawtooth(days=4), peak=20_000, source="load.csv")

    assert (plan.faults, plan.events, plan.assertions) == ((), (), ())
    assert plan.pools[0].demand.webinars == ()
    assert plan.provenance[0] == (
        "Demand as measured, load.csv, its largest value at 20,000 participants"
    )
    assert [each for each in plan.derived if each.startswith(("pools.demand", "events"))] == []
    assert plan.title.endswith(", on a measured load")


def read(text: str, *, series: str | None = None) -> Measured:
    return read_measured(pd.read_csv(StringIO(text)), source="load.csv", series=series)


def test_one_series_of_several_is_read_and_its_gaps_filled() -> None:
    measured = read(
        "series_id,timestamp,value\n"
        "a,2026-01-05 00:00:00,1\na,2026-01-05 00:15:00,\na,2026-01-05 00:45:00,4\n"
        "b,2026-01-05 00:00:00,9\n",
        series="a",
    )

    assert measured.step_seconds == 900
    assert measured.values == (1.0, 2.0, 3.0, 4.0)
    assert measured.start.isoformat() == "2026-01-05T00:00:00+00:00"


@pytest.mark.parametrize(
    "rows",
    [
        ("2026-01-05T00:30,3", "2026-01-05T00:00,1", "2026-01-05T00:15,2"),
        ("2026-01-05T01:00+01:00,1", "2026-01-05T00:15Z,2", "2026-01-04T19:30-05:00,3"),
        ("2026-01-05T00:00,1", "2026-01-05T00:15,2", "2026-01-05T00:15,1", "2026-01-05T00:30,3"),
    ],
    ids=["unsorted", "zones", "twice"],
)
def test_rows_may_be_in_any_order_in_any_zone_and_twice(rows: tuple[str, ...]) -> None:
    measured = read("\n".join(["timestamp,value", *rows]))

    assert (measured.step_seconds, measured.values) == (900, (1.0, 2.0, 3.0))
    assert measured.start.isoformat() == "2026-01-05T00:00:00+00:00"


def test_samples_that_come_a_little_early_or_late_are_put_on_their_usual_grid() -> None:
    late = [0, 2, 0, 1, 0, 0, 3, 0]
    seconds = [15 * index + by for index, by in enumerate(late)]
    rows = [f"2026-01-05T00:{at // 60:02d}:{at % 60:02d},5" for at in seconds]

    measured = read("\n".join(["timestamp,value", *rows]))

    assert measured.step_seconds == 15
    assert set(measured.values) == {5.0}


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("a,b\n1,2\n", "load.csv: column 'timestamp' is missing, there are a, b"),
        ("timestamp,count\n2026-01-05,2\n", "column 'value' is missing"),
        ("timestamp,value\n", "has no rows"),
        ("timestamp,value\n2026-01-05,2\n", "values at two or more times"),
        ("timestamp,value\n2026-01-05,0\n2026-01-06,0\n", "one of them above 0"),
        ("timestamp,value\n2026-01-05,2\n2026-01-06,-2\n", "value is -2 in row 3, must be 0 or"),
        ("timestamp,value\n2026-01-05,inf\n2026-01-06,2\n", "value is inf in row 2, must be 0 or"),
        ("timestamp,value\n2026-01-05,lots\n2026-01-06,2\n", "value is 'lots' in row 2, must be a"),
        ("timestamp,value\n2026-01-05,1\nyesterday,2\n", "timestamp is 'yesterday' in row 3"),
        (
            "timestamp,value\n2026-01-05 00:00,1\n2026-01-05 00:01,2\n2126-01-05,2\n",
            "goes from 2026-01-05 to 2126-01-05, must be at most 1,000,000 intervals of 60 s",
        ),
        (
            "timestamp,value\n2026-01-05 00:00,1\n2026-01-05 00:01,2\n2026-01-05 01:00,2\n",
            "has a value in 5% of its intervals of 60 s, must have one in 50%",
        ),
        (
            "series_id,timestamp,value\na,2026-01-05,2\nb,2026-01-05,2\n",
            "has several series, --series must be one of a, b",
        ),
    ],
)
def test_a_table_that_is_no_trace_is_refused(text: str, sentence: str) -> None:
    with pytest.raises(MeetscaleError, match=re.escape(sentence)):
        read(text)


def test_a_series_that_is_not_there_is_named_with_those_that_are() -> None:
    with pytest.raises(SpecError, match="has no series 'c', --series must be one of a, b"):
        read("series_id,timestamp,value\na,2026-01-05,2\nb,2026-01-05,2\n", series="c")
