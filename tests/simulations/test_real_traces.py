"""A real trace in place of a scenario's demand."""

import os
from pathlib import Path

import pytest

from autoscaler.cli.tables import read_table
from simulations.run import run
from simulations.scenario.load import load
from simulations.scenario.measured import read_measured, with_measured

FOLDER = os.environ.get("MEETSCALE_BENCH_DATA")

pytestmark = [
    pytest.mark.bench_data,
    pytest.mark.skipif(FOLDER is None, reason="MEETSCALE_BENCH_DATA names no folder of traces"),
]


@pytest.mark.parametrize("series", ["callcenter", "wc98"])
def test_a_real_trace_is_replayed_and_the_bound_is_the_bound(series: str) -> None:
    path = Path(str(FOLDER)) / "forecast" / "panel.csv"
    measured = read_measured(read_table(path), source=str(path), series=series)
    two_days_more = 30 * 86_400 // measured.step_seconds
    first_month = measured.model_copy(update={"values": measured.values[:two_days_more]})
    plan = with_measured(load("ordinary-week"), first_month, peak=30_000)

    result = run(plan, names=["meetscale", "hpa"], clock=lambda: 0.0)

    bound, ours = result.policies["clairvoyant"], result.policies["meetscale"]
    assert bound.shortage_node_minutes <= ours.shortage_node_minutes
    assert ours.releases_while_blind == ours.meetings_killed == 0
    assert ours.blocked_joins_pct < 1.0
