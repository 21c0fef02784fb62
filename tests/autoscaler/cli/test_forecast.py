"""`forecast` on files of two weeks."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from forecast.backtest.contestants import MODELS
from tests.autoscaler.cli.conftest import Command, Outcome
from tests.autoscaler.cli.demand import demand_table, write

QUANTILES = ["q0.5", "q0.9", "q0.95", "q0.99"]


@pytest.fixture
def file(tmp_path: Path) -> str:
    return write(demand_table(eu=1.0, us=3.0), tmp_path / "demand.csv")


def series(outcome: Outcome) -> list[dict[str, Any]]:
    assert outcome.status == 0, outcome.err
    return list(json.loads(outcome.out)["series"])


def test_json_has_the_documented_shape(meetscale: Command, file: str) -> None:
    document = json.loads(meetscale("forecast", file, "--horizon", "24h", "--json").out)

    assert document.keys() == {"series"}
    assert [each["series_id"] for each in document["series"]] == ["eu", "us"]
    for each in document["series"]:
        assert list(each) == ["series_id", "model", "mode", "reasons", "points"]
        assert each["mode"] == "normal"
        assert each["reasons"] == []
        assert len(each["points"]) == 24
        for point in each["points"]:
            assert list(point) == ["timestamp", *QUANTILES]
            levels = [point[name] for name in QUANTILES]
            assert levels == sorted(levels)
    assert document["series"][0]["points"][0]["timestamp"] == "2026-03-02T00:00:00Z"
    assert document["series"][0]["points"][-1]["timestamp"] == "2026-03-02T23:00:00Z"


def test_parquet_is_read_as_csv_is(meetscale: Command, file: str, tmp_path: Path) -> None:
    parquet = write(demand_table(eu=1.0, us=3.0), tmp_path / "demand.parquet")
    outcomes = [meetscale("forecast", each, "--json").out for each in (file, parquet)]
    assert outcomes[0] == outcomes[1]


def test_a_file_of_one_series_needs_no_names(meetscale: Command, tmp_path: Path) -> None:
    table = demand_table().drop(columns="series_id")
    (only,) = series(meetscale("forecast", write(table, tmp_path / "x.csv"), "--json"))
    assert only["series_id"] == "demand"


def test_an_event_raises_its_hours_of_its_series(
    meetscale: Command, file: str, tmp_path: Path
) -> None:
    events = tmp_path / "events.txt"
    events.write_text("# two at once\n5000p@2026-03-02T10:00+1h:us\n", encoding="utf-8")
    told = ("--event", "2x@10:00+2h:eu", "--events", str(events))
    plain, raised = (series(meetscale("forecast", file, "--json", *more)) for more in ((), told))

    def medians(each: dict[str, Any]) -> list[float]:
        return [point["q0.5"] for point in each["points"]]

    before, after = medians(plain[0]), medians(raised[0])
    assert after[10:12] == pytest.approx([2.0 * value for value in before[10:12]], rel=1e-3)
    assert after[:10] + after[12:] == before[:10] + before[12:]
    assert medians(raised[1])[10] == 5000.0


def booked_weeks() -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return demand with a webinar on most days, and its bookings, a day longer."""
    random = np.random.default_rng(1)
    demand = demand_table(days=29, eu=1.0)
    booked = np.zeros(30 * 24)
    for day in np.flatnonzero(random.random(29) < 0.6):
        booked[24 * day + random.integers(0, 24)] = 2000.0
    booked[29 * 24 + 10] = 3000.0
    times = pd.date_range(demand["timestamp"].iloc[0], periods=booked.size, freq="h")
    table = pd.DataFrame({"timestamp": times, "value": booked})
    return demand.assign(value=demand["value"] + booked[: len(demand)]), table


def test_what_is_booked_is_forecast(meetscale: Command, tmp_path: Path) -> None:
    demand, table = booked_weeks()
    file = write(demand, tmp_path / "demand.csv")
    bookings = write(table, tmp_path / "bookings.parquet")
    plain = series(meetscale("forecast", file, "--json"))[0]["points"]

    def told(ahead: str) -> list[dict[str, Any]]:
        more = ("--bookings", bookings, "--booked-ahead", ahead)
        return list(series(meetscale("forecast", file, "--json", *more))[0]["points"])

    assert told("24h")[10]["q0.5"] > plain[10]["q0.5"] + 2000.0
    assert told("9h")[10]["q0.5"] < plain[10]["q0.5"] + 500.0


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (("--booked-ahead", "24h"), "--bookings and --booked-ahead go together"),
        (("--bookings", "FILE"), "--bookings and --booked-ahead go together"),
        (("--bookings", "FILE", "--booked-ahead", "soon"), "--booked-ahead is 'soon'"),
        (("--bookings", "none.csv", "--booked-ahead", "1h"), "none.csv"),
        (
            ("--bookings", "FILE", "--booked-ahead", "1h", "--model", "holt-winters"),
            "--model is 'holt-winters', which knows no --bookings: only meetscale does",
        ),
    ],
)
def test_bookings_that_cannot_be_used_are_refused(
    meetscale: Command, tmp_path: Path, options: tuple[str, ...], sentence: str
) -> None:
    demand, table = booked_weeks()
    file = write(demand, tmp_path / "demand.csv")
    bookings = write(table, tmp_path / "bookings.csv")
    given = [bookings if each == "FILE" else each for each in options]
    outcome = meetscale("forecast", file, *given)
    assert outcome.status == 2
    assert sentence in outcome.err
    assert "Traceback" not in outcome.err


def test_a_holiday_is_not_forecast_as_a_weekday(meetscale: Command, tmp_path: Path) -> None:
    """Washington's birthday is a Monday, and the first holiday that the series meets."""
    file = write(demand_table(days=29), tmp_path / "us.csv")
    at = ("--at", "2026-02-16", "--zone", "America/New_York", "--json")
    asked = (("forecast", file, *at), ("forecast", file, *at, "--holidays", "US"))
    peaks = [
        max(point["q0.5"] for point in series(meetscale(*each))[0]["points"]) for each in asked
    ]
    assert peaks[1] < 0.8 * peaks[0]


def test_as_of_a_time_what_came_later_is_not_seen(
    meetscale: Command, file: str, tmp_path: Path
) -> None:
    table = demand_table(eu=1.0, us=3.0)
    early = table[table["timestamp"] < "2026-02-27 12:00"]
    cut = write(early, tmp_path / "early.csv")

    outcome = meetscale("forecast", file, "--at", "2026-02-27T12:30Z", "--json")

    assert outcome.out == meetscale("forecast", cut, "--json").out
    assert series(outcome)[0]["points"][0]["timestamp"] == "2026-02-27T12:00:00Z"


def test_finer_samples_become_peaks_of_quarter_hours(meetscale: Command, tmp_path: Path) -> None:
    table = demand_table(days=9, step=300)
    (each,) = series(meetscale("forecast", write(table, tmp_path / "fine.csv"), "--json"))
    assert len(each["points"]) == 96


def test_samples_may_come_as_they_like(meetscale: Command, tmp_path: Path) -> None:
    """Shuffled, some twice, each a few seconds late, and a few lost."""
    regular = demand_table(days=9, step=900)
    random = np.random.default_rng(1)
    kept = regular[random.random(len(regular)) > 0.05]
    late = kept.assign(
        timestamp=kept["timestamp"] + pd.to_timedelta(random.integers(0, 600, len(kept)), "s")
    )
    messy = pd.concat([late, late.head(20)]).sample(frac=1.0, random_state=1)

    exact, told = (
        series(meetscale("forecast", write(table, tmp_path / name), "--json"))[0]["points"]
        for table, name in ((kept, "kept.csv"), (messy, "messy.csv"))
    )

    assert told == exact


def test_days_that_a_file_marks_are_holidays(meetscale: Command, tmp_path: Path) -> None:
    table = demand_table(days=29)
    monday = table["timestamp"].dt.date == date(2026, 2, 16)
    at = ("--at", "2026-02-16", "--json")
    marked = write(table.assign(holiday=monday.astype(int)), tmp_path / "marked.csv")
    plain = write(table, tmp_path / "plain.csv")
    peaks = [
        max(point["q0.5"] for point in series(meetscale("forecast", file, *at))[0]["points"])
        for file in (plain, marked)
    ]
    assert peaks[1] < 0.8 * peaks[0]


@pytest.mark.parametrize(
    ("horizon", "points"), [("90m", 2), ("24h", 24), ("2d", 48), ("60s", 1), ("10d", 240)]
)
def test_the_horizon_is_covered_whole(
    meetscale: Command, file: str, horizon: str, points: int
) -> None:
    for each in series(meetscale("forecast", file, "--horizon", horizon, "--json")):
        assert len(each["points"]) == points


@pytest.mark.parametrize("model", [name for name in MODELS if name != "meetscale"])
def test_any_model_can_be_asked(meetscale: Command, tmp_path: Path, model: str) -> None:
    file = write(demand_table(), tmp_path / "one.csv")
    for each in series(meetscale("forecast", file, "--model", model, "--json")):
        assert (each["model"], each["mode"]) == (model, "normal")
        assert len(each["points"]) == 24


@pytest.mark.parametrize("model", ["meetscale", "ets"])
def test_two_points_are_a_cold_start_and_say_so(
    meetscale: Command, tmp_path: Path, model: str
) -> None:
    file = write(demand_table().tail(2), tmp_path / "two.csv")
    (each,) = series(meetscale("forecast", file, "--model", model, "--json"))
    assert each["mode"] == "cold_start"
    assert each["reasons"]


def test_people_get_modes_and_peaks_that_fit_their_terminal(meetscale: Command, file: str) -> None:
    outcome = meetscale("forecast", file)

    assert outcome.status == 0
    assert "eu  normal, by seasonal-regression, 1 d from Mon 2 Mar 00:00 UTC" in outcome.out
    for words in ("P50", "P90", "P95", "P99", "Mon 2 Mar 13:00", "▁", "█"):
        assert words in outcome.out
    assert max(len(line.rstrip()) for line in outcome.out.splitlines()) <= 80


@pytest.mark.parametrize("name", ["chart.png", "chart.html"])
def test_the_plot_is_one_file_and_the_same_each_time(
    meetscale: Command, file: str, tmp_path: Path, name: str
) -> None:
    first, second = tmp_path / name, tmp_path / f"again-{name}"
    for plot in (first, second):
        assert meetscale("forecast", file, "--plot", str(plot)).status == 0

    assert first.read_bytes() == second.read_bytes()
    if name.endswith("png"):
        assert first.read_bytes().startswith(b"\x89PNG")
    else:
        text = first.read_text(encoding="utf-8")
        assert "eu: normal, by seasonal-regression" in text
        assert "<script" not in text
        for loaded in ('src="', "@import", "url(http", '<link rel="stylesheet"'):
            assert loaded not in text


def test_series_names_cannot_become_markup(meetscale: Command, tmp_path: Path) -> None:
    table = demand_table().assign(series_id='<b>"$x_$"</b>[red]')
    page = tmp_path / "chart.html"

    outcome = meetscale("forecast", write(table, tmp_path / "x.csv"), "--plot", str(page))

    assert '<b>"$x_$"</b>[red]  normal' in outcome.out
    assert '<b>"$x_$"' not in page.read_text(encoding="utf-8")


def bad(tmp_path: Path, content: str, name: str = "bad.csv") -> str:
    (tmp_path / name).write_text(content, encoding="utf-8")
    return str(tmp_path / name)


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("bad.csv", "", "bad.csv: is not a CSV file with a header"),
        ("bad.csv", "timestamp,value\n", "bad.csv: has no rows"),
        ("bad.csv", "time,value\n2026-01-01,1\n", "column 'timestamp' is missing"),
        ("bad.csv", "timestamp,demand\n2026-01-01,1\n", "column 'value' is missing"),
        ("bad.csv", "timestamp,value\nyesterday,1\n", "timestamp is 'yesterday' in row 2"),
        ("bad.csv", "timestamp,value\n2026-01-01,1\n2026-01-02,x\n", "value is 'x' in row 3"),
        ("bad.parquet", "timestamp,value\n", "bad.parquet: is not a Parquet file"),
        ("bad.parquet", "", "bad.parquet: is not a Parquet file"),
    ],
)
def test_a_file_that_cannot_be_read_is_named_in_one_sentence(
    meetscale: Command, tmp_path: Path, name: str, content: str, sentence: str
) -> None:
    outcome = meetscale("forecast", bad(tmp_path, content, name))

    assert outcome.status == 2
    assert outcome.out == ""
    assert sentence in outcome.err
    assert outcome.err.count("\n") == 1


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--horizon", "soon"), "--horizon is 'soon', must be a duration such as 90m, 24h or 2d"),
        (("--horizon", "26d"), "horizon is 2246400 s, must be"),
        (("--horizon", "9999999w", "--model", "ets"), "must be from 3600 s to 25 days"),
        (("--at", "noon"), "--at is 'noon', must be a time such as 2026-03-01T09:15Z"),
        (("--at", "2025-01-01"), "--at is 2025-01-01T00:00:00Z, series 'eu' begins at 2026-02-15"),
        (("--model", "oracle"), "model 'oracle' is unknown, must be one of meetscale, "),
        (("--event", "2x@noon+1h"), "event '2x@noon+1h': starts at 'noon', must be"),
        (("--event", "2x@10:00+1h:mars"), "event '2x' is for series 'mars', there are eu, us"),
        (("--events", "nowhere.txt"), "nowhere.txt: No such file or directory"),
        (("--zone", "Mars/Base"), "time zone 'Mars/Base' is unknown, must be an IANA name"),
        (("--holidays", "XX"), "--holidays is 'XX': holidays of country 'XX' are unknown"),
        (("--holidays", "DE-XX"), "--holidays is 'DE-XX': holidays of subdivision 'XX' of DE"),
        (("--plot", "chart.pdf"), "--plot is chart.pdf, must end in .png or .html"),
        (("--plot", "no/where.png"), "--plot is no/where.png, there is no folder no"),
        (("--prometheus", "http://127.0.0.1:9"), "needs a FILE or --prometheus, and not both"),
    ],
)
def test_a_wrong_option_is_named_in_one_sentence(
    meetscale: Command, file: str, arguments: tuple[str, ...], sentence: str
) -> None:
    outcome = meetscale("forecast", file, *arguments)

    assert outcome.status == 2
    assert outcome.out == ""
    assert sentence in outcome.err
    assert outcome.err.count("\n") == 1


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ((), "forecast needs a FILE or --prometheus"),
        (("nowhere.csv",), "nowhere.csv: No such file or directory"),
        (("nowhere.parquet",), "nowhere.parquet: No such file or directory"),
        (("--prometheus", "http://127.0.0.1:9"), "--prometheus needs a --query"),
        (("--prometheus", "http://127.0.0.1:9", "--query", "x"), "cannot be reached"),
    ],
)
def test_without_demand_there_is_one_sentence(
    meetscale: Command, arguments: tuple[str, ...], sentence: str
) -> None:
    outcome = meetscale("forecast", *arguments)

    assert outcome.status == 2
    assert sentence in outcome.err
    assert outcome.err.count("\n") == 1
