import sys
from pathlib import Path

import pytest

from benchmarks.forecast import read_data
from benchmarks.machine import describe_machine
from benchmarks.peers import load_models
from forecast.errors import HistoryError


def test_data_that_nobody_named_are_asked_for() -> None:
    with pytest.raises(HistoryError, match="MEETSCALE_BENCH_DATA is not set"):
        read_data(None)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(HistoryError, match=r"panel\.csv does not exist"):
        read_data(str(tmp_path))


def test_panel_and_origins_are_read(tmp_path: Path) -> None:
    folder = tmp_path / "forecast"
    folder.mkdir()
    hours = [f"2026-03-{day:02d} {hour:02d}:00,{hour}" for day in (2, 3) for hour in range(24)]
    (folder / "panel.csv").write_text("\n".join(["timestamp,value", *hours]))
    (folder / "origins.csv").write_text(
        "series_id,origin,window_points,season_points,horizon_points\n"
        "demand,2026-03-03 00:00,24,24,24\n"
    )
    panel, origins = read_data(str(tmp_path))
    assert panel["demand"].values.size == 48
    assert [(each.series_id, each.index) for each in origins] == [("demand", 24)]


def test_a_package_that_is_missing_is_told_with_what_would_install_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "statsforecast", None)
    monkeypatch.delitem(sys.modules, "benchmarks.mstl", raising=False)
    with pytest.raises(HistoryError, match=r"statsforecast is not installed.*make bench-forecast"):
        load_models()


def test_the_machine_is_told_by_cores_and_versions_not_by_name() -> None:
    assert " cores of " in describe_machine()
    assert "numpy " in describe_machine()
