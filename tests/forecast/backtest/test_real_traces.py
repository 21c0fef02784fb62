"""The published protocol on real traces, which are not part of this repository."""

import os
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import pandas as pd
import pytest

from forecast.backtest.contestants import BASELINE, OURS, find_model
from forecast.backtest.rolling import Issued, Origin, issue, read_origins
from forecast.backtest.scores import ModelScore, score
from forecast.panel import read_panel

FOLDER = os.environ.get("MEETSCALE_BENCH_DATA")
pytestmark = [
    pytest.mark.bench_data,
    pytest.mark.skipif(FOLDER is None, reason="MEETSCALE_BENCH_DATA names no folder"),
]


def _issue(origins: list[Origin]) -> list[Issued]:
    models = {name: find_model(name) for name in (OURS, BASELINE)}
    panel = read_panel(_table("panel"), source="panel.csv")
    return list(issue(panel, origins, models, clock=lambda: 0.0))


def _table(name: str) -> pd.DataFrame:
    return pd.read_csv(Path(FOLDER or "") / "forecast" / f"{name}.csv")


@pytest.fixture(scope="module")
def ours() -> ModelScore:
    panel = read_panel(_table("panel"), source="panel.csv")
    origins = read_origins(_table("origins"), panel, source="origins.csv")
    workers = 2
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        shares = pool.map(_issue, [origins[first::workers] for first in range(workers)])
        issued = [each for share in shares for each in share]
    return score(issued, panel, baseline=BASELINE)[OURS]


@pytest.mark.parametrize(("lead", "worst"), [("24h", 0.70), ("1h", 0.40)])
def test_losses_stay_well_below_those_of_last_week(
    ours: ModelScore, lead: str, worst: float
) -> None:
    relative = ours["leads"][lead]["rel_wql"]
    assert relative is not None
    assert relative <= worst


def test_upper_quantiles_cover_what_they_say(ours: ModelScore) -> None:
    day = ours["leads"]["24h"]
    assert 0.93 <= day["cov95"] <= 0.97
    assert day["worst_cov95"] >= 0.88
    assert day["cov99"] >= 0.975
