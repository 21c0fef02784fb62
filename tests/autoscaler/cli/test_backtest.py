"""`backtest` on two series of ten days."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tests.autoscaler.cli.conftest import Command

DAYS = 10


@pytest.fixture
def panel(tmp_path: Path) -> Path:
    times = pd.date_range("2026-03-02", periods=24 * DAYS, freq="h")
    hours = np.arange(times.size)
    parts = [
        pd.DataFrame(
            {
                "series_id": name,
                "timestamp": times,
                "value": scale * (2 + np.sin(hours / 24 * 6.28)),
            }
        )
        for name, scale in (("eu", 100.0), ("us", 30.0))
    ]
    file = tmp_path / "panel.csv"
    pd.concat(parts).to_csv(file, index=False)
    return file


@pytest.fixture
def origins(tmp_path: Path) -> Path:
    file = tmp_path / "origins.csv"
    file.write_text(
        "series_id,origin,window_points,season_points,horizon_points\n"
        "eu,2026-03-10 00:00,168,24,24\n"
        "us,2026-03-10 12:00,168,24,24\n",
        encoding="utf-8",
    )
    return file


def test_json_has_the_documented_shape(meetscale: Command, panel: Path, origins: Path) -> None:
    outcome = meetscale("backtest", str(panel), "--origins", str(origins), "--json")

    models = json.loads(outcome.out)["models"]
    assert models.keys() == {"meetscale", "seasonal-naive-weekly"}
    assert models["meetscale"]["seconds_per_fit"] > 0.0
    assert models["meetscale"]["leads"].keys() == {"1h", "24h"}
    day = models["meetscale"]["leads"]["24h"]
    assert day.keys() == {"rel_wql", "mase", "cov95", "worst_cov95", "cov99", "series"}
    assert day["series"].keys() == {"eu", "us"}
    assert day["series"]["eu"].keys() == {"wql", "rel_wql", "cov95"}


def test_every_forecast_is_written_for_others_to_score(
    meetscale: Command, panel: Path, origins: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out.csv"
    outcome = meetscale("backtest", str(panel), "--origins", str(origins), "--forecasts", str(out))

    assert outcome.status == 0
    written = pd.read_csv(out)
    assert list(written.columns) == [
        "series_id", "origin", "step", "q0.5", "q0.9", "q0.95", "q0.99",
    ]  # fmt: skip
    assert len(written) == 2 * 24
    assert written["step"].min() == 1


def test_forecasts_of_several_models_name_them(
    meetscale: Command, panel: Path, origins: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out.csv"
    models = ("--model", "seasonal-naive-daily", "--model", "seasonal-naive-weekly")
    meetscale("backtest", str(panel), "--origins", str(origins), *models, "--forecasts", str(out))

    assert set(pd.read_csv(out)["model"]) == {"seasonal-naive-daily", "seasonal-naive-weekly"}


def test_people_get_a_table_and_origins_are_chosen_for_them(
    meetscale: Command, panel: Path
) -> None:
    outcome = meetscale("backtest", str(panel), "--model", "seasonal-naive-daily")

    assert outcome.status == 0
    assert "seasonal-naive-weekly" in outcome.out
    assert all(len(line) <= 80 for line in outcome.out.splitlines())


def test_processes_issue_what_one_would(
    meetscale: Command, panel: Path, origins: Path, tmp_path: Path
) -> None:
    alone, shared = tmp_path / "alone.csv", tmp_path / "shared.csv"
    for jobs, out in (("1", alone), ("2", shared)):
        more = ("--origins", str(origins), "--forecasts", str(out), "--jobs", jobs)
        assert meetscale("backtest", str(panel), *more).status == 0
    assert alone.read_bytes() == shared.read_bytes()


@pytest.mark.parametrize(
    ("announced", "known"),
    [pytest.param("13h", True, id="in time"), pytest.param("11h", False, id="too late")],
)
def test_an_event_counts_from_when_it_was_announced(
    meetscale: Command, panel: Path, origins: Path, tmp_path: Path, announced: str, known: bool
) -> None:
    """It starts 12 h after the first origin."""
    plain, told = tmp_path / "plain.csv", tmp_path / "told.csv"
    asked = ("backtest", str(panel), "--origins", str(origins), "--model", "seasonal-naive-daily")
    meetscale(*asked, "--forecasts", str(plain))
    event = ("--event", "2x@2026-03-10T12:00+2h:eu", "--announced", announced)
    assert meetscale(*asked, "--forecasts", str(told), *event).status == 0

    ratio = pd.read_csv(told)["q0.5"] / pd.read_csv(plain)["q0.5"]
    raised = [12, 13] if known else []
    assert ratio[ratio > 1.5].index.tolist() == raised


@pytest.mark.parametrize("name", ["chart.png", "chart.html"])
def test_the_plot_shows_every_model(
    meetscale: Command, panel: Path, origins: Path, tmp_path: Path, name: str
) -> None:
    plot = tmp_path / name
    asked = ("backtest", str(panel), "--origins", str(origins), "--model", "seasonal-naive-daily")
    event = ("--event", "1.5x#cup@2026-03-10T12:00+2h")
    assert meetscale(*asked, *event, "--plot", str(plot)).status == 0

    if name.endswith("png"):
        assert plot.read_bytes().startswith(b"\x89PNG")
    else:
        page = plot.read_text(encoding="utf-8")
        for words in ("seasonal-naive-daily", "seasonal-naive-weekly", ">cup<", "lead 24h"):
            assert words in page


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("", "is not a CSV file with a header"),
        ("timestamp,value\n2026-01-01,1\n2026-01-02,many\n", "value is 'many' in row 3"),
        ("time,value\n2026-01-01,1\n", "column 'timestamp' is missing, there are time, value"),
        ('timestamp,value\n"2026-01-01,1\n', "is not a CSV file with a header"),
    ],
)
def test_a_malformed_panel_is_named_in_one_sentence(
    meetscale: Command, tmp_path: Path, content: str, sentence: str
) -> None:
    file = tmp_path / "bad.csv"
    file.write_text(content, encoding="utf-8")

    outcome = meetscale("backtest", str(file))

    assert outcome.status == 2
    assert outcome.err.startswith("meetscale: ")
    assert sentence in outcome.err
    assert outcome.err.count("\n") == 1


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("nowhere.csv",), "meetscale: nowhere.csv: No such file or directory\n"),
        (("--model", "oracle"), "model 'oracle' is unknown, must be one of meetscale, "),
        (("--origins", "nowhere.csv"), "meetscale: nowhere.csv: No such file or directory\n"),
        (("--plot", "chart.svg"), "--plot is chart.svg, must end in .png or .html"),
        (("--announced", "early"), "--announced is 'early', must be a duration"),
        (("--event", "2x"), "event '2x': has no @ before its start"),
        (("--event", "2x@10:00+1h:mars"), "event '2x' is for series 'mars', there are eu, us"),
        (("--events", "nowhere.txt"), "meetscale: nowhere.txt: No such file or directory\n"),
        (("--zone", "Mars/Base"), "time zone 'Mars/Base' is unknown"),
        (("--holidays", "DE-XX"), "--holidays is 'DE-XX': holidays of subdivision 'XX' of DE"),
        (("--jobs", "0"), "--jobs"),
        (("--forecasts", "no/where.csv"), "meetscale: no/where.csv: No such file or directory\n"),
    ],
)
def test_what_cannot_be_done_is_said_at_once(
    meetscale: Command, panel: Path, arguments: tuple[str, ...], sentence: str
) -> None:
    files = () if arguments == ("nowhere.csv",) else (str(panel),)
    outcome = meetscale("backtest", *files, *arguments)

    assert outcome.status == 2
    assert sentence in outcome.err
