"""The Prometheus that other tests run on, with targets that play demand and their past."""

from __future__ import annotations

import math
import time
from typing import TYPE_CHECKING

import pytest
import urllib3

from tests.servers.errors import ServerError
from tests.servers.process import until

if TYPE_CHECKING:
    from tests.servers.exporter import Exporter
    from tests.servers.prometheus import Prometheus

pytestmark = pytest.mark.prometheus

DAY = 86_400
WEEK = 7 * DAY
DEMAND = 'sum by (sfu_pool) (livekit_participant_total{job="sfu"})'


def daily(moment: float) -> float:
    return round(1000 + 800 * math.sin(2 * math.pi * moment / DAY), 3)


def demand(prometheus: Prometheus, at: float | None = None) -> dict[str, float]:
    result = prometheus.query(DEMAND, at)
    return {one["metric"]["sfu_pool"]: float(one["value"][1]) for one in result}


def test_it_scrapes_what_the_targets_play(prometheus: Prometheus, exporter: Exporter) -> None:
    first = exporter.livekit("eu", 100.0)
    second = exporter.livekit("eu", 50.0, room_total=7)
    other = exporter.livekit("us", lambda _: 30.0)
    prometheus.scrape({"sfu": [first, second, other]})
    prometheus.start()
    until(lambda: demand(prometheus) == {"eu": 150, "us": 30}, what="all scraped", timeout=15)

    second.drop()
    until(lambda: demand(prometheus)["eu"] == 100, what="one target lost", timeout=15)
    assert [r["value"][1] for r in prometheus.query('sum(up{sfu_pool="eu"})')] == ["1"]

    second.restore()
    first.set("livekit_participant_total", 400.0)
    until(lambda: demand(prometheus)["eu"] == 450, what="it is back", timeout=15)


def test_a_frozen_target_repeats_itself(exporter: Exporter) -> None:
    target = exporter.livekit("eu", lambda now: now)
    target.freeze()
    assert target.text() == target.text()
    target.restore()
    first = target.text()
    until(lambda: target.text() != first, what="time goes on", timeout=5)


def test_it_holds_four_weeks_of_a_targets_past_and_goes_on_scraping(
    prometheus: Prometheus, exporter: Exporter
) -> None:
    target = exporter.livekit("eu", daily)
    now = time.time()
    prometheus.load(target.history(job="sfu", start=now - 4 * WEEK, end=now, step=60))
    prometheus.scrape({"sfu": [target]})
    prometheus.start()

    for age in (4 * WEEK - 300, 2 * WEEK + 12345, DAY, 600):
        at = now - age
        (past,) = demand(prometheus, at).values()
        assert past == pytest.approx(daily(at), abs=4)  # the last sample is up to a minute older
    start = now - 4 * WEEK + 60
    (weeks,) = prometheus.query_range(DEMAND, start=start, end=now - 60, step=600)
    assert len(weeks["values"]) == (4 * WEEK - 120) // 600 + 1  # without a gap

    live = f"{DEMAND} and on() (timestamp(up) > {now + 1})"
    until(lambda: prometheus.query(live), what="a sample from now", timeout=15)


def test_it_can_be_away_and_silent(prometheus: Prometheus, exporter: Exporter) -> None:
    prometheus.scrape({"sfu": [exporter.livekit("eu", 5.0)]})
    prometheus.start()
    until(lambda: demand(prometheus) == {"eu": 5}, what="scraped", timeout=15)

    prometheus.stop()
    with pytest.raises(urllib3.exceptions.HTTPError, match="refused"):
        prometheus.query("up")
    prometheus.start()

    prometheus.pause()
    try:
        with pytest.raises(urllib3.exceptions.HTTPError, match="timed out"):
            urllib3.request("GET", f"{prometheus.url}/-/ready", timeout=0.5, retries=False)
    finally:
        prometheus.resume()
    assert demand(prometheus) == {"eu": 5}


def test_a_wrong_query_says_so(prometheus: Prometheus) -> None:
    prometheus.start()
    with pytest.raises(ServerError, match="parse error"):
        prometheus.query("sum(")
