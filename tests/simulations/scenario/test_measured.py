from pathlib import Path

import numpy as np
import pytest

from autoscaler.errors import SpecError
from simulations.scenario.demand import Measured
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


def test_one_series_of_several_is_read_and_its_gaps_filled(tmp_path: Path) -> None:
    path = tmp_path / "panel.csv"
    path.write_text(
        "series_id,timestamp,value\n"
        "a,2026-01-05 00:00:00,1\na,2026-01-05 00:15:00,\na,2026-01-05 00:45:00,4\n"
        "b,2026-01-05 00:00:00,9\n"
    )

    measured = read_measured(path, series="a")

    assert measured.step_seconds == 900
    assert measured.values == (1.0, 2.0, 3.0, 4.0)
    assert measured.start.isoformat() == "2026-01-05T00:00:00+00:00"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("a,b\n1,2\n", "must be a CSV or Parquet with columns timestamp and value"),
        ("timestamp,count\n2026-01-05,2\n", "column value is missing"),
        ("timestamp,value\n2026-01-05,2\n", "two or more values"),
        ("timestamp,value\n2026-01-05,2\n2026-01-06,-2\n", "two or more values of 0 or more"),
        ("series_id,timestamp,value\na,2026-01-05,2\nb,2026-01-05,2\n", "must be one of a, b"),
    ],
)
def test_a_file_that_is_no_trace_is_refused(tmp_path: Path, text: str, sentence: str) -> None:
    path = tmp_path / "trace.csv"
    path.write_text(text)

    with pytest.raises(SpecError, match=sentence):
        read_measured(path)


def test_a_file_that_is_not_there_is_named() -> None:
    with pytest.raises(SpecError, match=r"nowhere\.csv"):
        read_measured("nowhere.csv")
