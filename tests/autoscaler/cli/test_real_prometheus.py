"""`fetch` and `forecast` from a real Prometheus."""

import json
import time
from pathlib import Path

import pandas as pd
import pytest

from tests.autoscaler.cli.conftest import Command
from tests.servers.exporter import History
from tests.servers.prometheus import Prometheus

pytestmark = [pytest.mark.prometheus, pytest.mark.timeout(120)]

DAY = 86_400
DAYS = 10


def demand(moment: float) -> float:
    return 100.0 + moment % DAY / 900.0 // 1.0


@pytest.fixture
def served(prometheus: Prometheus) -> str:
    """A Prometheus that holds ten days of two pools, scraped every minute."""
    end = int(time.time()) // 60 * 60

    def past(pool: str, scale: float) -> History:
        times = range(end - DAYS * DAY, end, 60)
        return History(f'participants{{pool="{pool}"}}', ((t, scale * demand(t)) for t in times))

    prometheus.load([past("eu", 1.0), past("us", 3.0)])
    prometheus.start()
    return prometheus.url


def test_ten_days_by_the_minute_arrive_in_chunks_and_go_on(
    meetscale: Command, served: str, tmp_path: Path
) -> None:
    out = tmp_path / "demand.csv"
    end = int(time.time()) // 60 * 60 - 3600
    asked = ("--prometheus", served, "--query", "sum by (pool) (participants)", "--out", str(out))
    first, begin = pd.to_datetime([end - 7200, end - 9 * DAY], unit="s").strftime("%FT%TZ")
    assert meetscale("fetch", *asked, "--from", begin, "--to", first).status == 0
    last = pd.to_datetime(end, unit="s").strftime("%FT%TZ")
    assert meetscale("fetch", *asked, "--from", begin, "--to", last).status == 0

    table = pd.read_csv(out)
    assert len(table) == 2 * (9 * 1440 + 1)
    times = pd.to_datetime(table["timestamp"], utc=True).map(lambda time: int(time.timestamp()))
    expected = times.map(demand) * table["series_id"].map({"eu": 1.0, "us": 3.0})
    assert (table["value"] == expected).all()


def test_what_prometheus_says_of_a_wrong_query_is_passed_on(
    meetscale: Command, served: str, tmp_path: Path
) -> None:
    out = str(tmp_path / "demand.csv")
    outcome = meetscale("fetch", "--prometheus", served, "--query", "sum(", "--out", out)

    assert outcome.status == 2
    assert "parse error" in outcome.err
    assert outcome.err.count("\n") == 1


def test_a_forecast_reads_the_peaks_of_quarter_hours(meetscale: Command, served: str) -> None:
    end = int(time.time()) // 900 * 900 - 900
    at = pd.Timestamp(end, unit="s").strftime("%FT%TZ")
    asked = ("--prometheus", served, "--query", "sum by (pool) (participants)", "--at", at)

    outcome = meetscale("forecast", *asked, "--horizon", "6h", "--json")

    by_name = {each["series_id"]: each for each in json.loads(outcome.out)["series"]}
    assert by_name.keys() == {"eu", "us"}
    for name, scale in (("eu", 1.0), ("us", 3.0)):
        assert by_name[name]["mode"] == "normal"
        points = by_name[name]["points"]
        assert points[0]["timestamp"] == at
        told = [point["q0.5"] for point in points]
        assert told == pytest.approx([scale * demand(end + 900 * i) for i in range(24)], rel=0.05)
