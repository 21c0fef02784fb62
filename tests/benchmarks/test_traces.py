"""Which days of a trace are replayed, and on what its settings are tuned."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from autoscaler.errors import SpecError
from benchmarks.traces import DAYS, PEAK, SURGES, dials_table, on_the_others, traces, traces_table
from simulations.sweep.frontier import Point
from tests.benchmarks.test_policy_tables import point

HOURS = 24 * 60


def panel(tmp_path: Path, *, first: str, series: tuple[str, ...]) -> str:
    hours = pd.date_range(first, periods=HOURS, freq="h")
    day = 100.0 + 50.0 * np.sin(np.arange(HOURS) * 2.0 * np.pi / 24.0)
    parts = [pd.DataFrame({"series_id": name, "timestamp": hours, "value": day}) for name in series]
    path = tmp_path / "forecast" / "panel.csv"
    path.parent.mkdir()
    pd.concat(parts).to_csv(path, index=False)
    return str(tmp_path)


def test_the_last_days_are_replayed_and_those_of_the_surge(tmp_path: Path) -> None:
    folder = panel(tmp_path, first="1998-04-20", series=("wc98", "taxi"))
    worlds = {each.name: each for each in traces(folder)}
    assert list(worlds) == ["taxi", "wc98", *SURGES]
    for name, last in (("taxi", "1998-06-18T23:00Z"), ("wc98-kick-off", "1998-06-13T00:00Z")):
        world = worlds[name]
        begins, ends = pd.Timestamp(world.start), pd.Timestamp(last)
        assert abs((ends - begins).total_seconds() - DAYS * 86_400) <= 3600
        assert DAYS * 86_400 <= world.duration_seconds <= DAYS * 86_400 + 7200
        measured = world.pools[0].demand.measured
        assert measured is not None
        assert pd.Timestamp(measured.start) == begins - pd.Timedelta(days=world.history_days)
        assert world.pools[0].demand.peak_participants == PEAK


def test_a_panel_without_the_surge_s_days_is_told(tmp_path: Path) -> None:
    folder = panel(tmp_path, first="2020-04-20", series=("taxi",))
    with pytest.raises(SpecError, match="has nothing of 'wc98' before 1998-06-13"):
        traces(folder)


@pytest.mark.parametrize(
    ("folder", "sentence"),
    [(None, "MEETSCALE_BENCH_DATA is not set"), ("/nowhere", "panel.csv does not exist")],
)
def test_where_there_are_no_traces_that_is_told(folder: str | None, sentence: str) -> None:
    with pytest.raises(SpecError, match=sentence):
        traces(folder)


def on(trace: str, dial: float, blocked: float, cost: float) -> Point:
    return replace(point("meetscale", dial, blocked, cost), scenario=trace)


POINTS = [
    on("a", 0.5, 0.3, 1.0),
    on("b", 0.5, 0.0, 1.2),
    on("c", 0.5, 0.1, 1.1),
    on("a", 0.9, 0.0, 1.2),
    on("b", 0.9, 0.0, 1.4),
    on("c", 0.9, 0.0, 1.3),
]


def test_a_setting_is_tuned_on_the_other_traces() -> None:
    tuned = {(each.scenario, each.dial): each for each in on_the_others(POINTS)}
    assert tuned["a", 0.5].blocked_joins_pct == pytest.approx(0.075)  # of 0 and 0.1
    assert tuned["a", 0.5].cost_vs_bound == pytest.approx(1.15)
    assert tuned["b", 0.5].blocked_joins_pct == pytest.approx(0.25)
    assert on_the_others([each for each in POINTS if each.scenario == "a"]) == []


def test_a_trace_is_judged_at_what_the_others_chose() -> None:
    rows = {row[0]: row for row in traces_table(POINTS).rows}
    assert rows["a"][1] == "meetscale@0.5: 0.30 %, 1.00"  # safe enough on b and c, not on a
    assert rows["a"][-1] == "0 of 1"
    assert rows["b"][1] == "meetscale@0.9: 0 %, 1.40"


def test_every_setting_of_ours_is_shown() -> None:
    table = dials_table(POINTS)
    assert list(table.columns) == ["trace", "meetscale@0.5", "meetscale@0.9"]
    assert list(table.rows[0]) == ["a", "0.30 %, 1.00", "0 %, 1.20"]
