"""What the accuracy benchmark says, as tables."""

from collections.abc import Mapping, Sequence

from benchmarks.accuracy import compare
from benchmarks.peers import Contestant
from benchmarks.report import Table, cell
from forecast.backtest.contestants import BASELINE, OURS
from forecast.backtest.scores import ModelScore

GOALS = ("**goal**", "<= 0.28", "<= 0.53", "<= 0.64", ".94 to .97 (>= .89)", ">= .985", "<= 0.15")


def accuracy_tables(
    scores: Mapping[str, ModelScore], contestants: Sequence[Contestant]
) -> list[Table]:
    """Return every model's scores, ours against each peer, ours series by series, and settings."""
    return [
        _models(scores),
        _ratios(scores),
        _series(scores),
        Table(
            "How each was set",
            ("model", "settings"),
            [(each.name, each.settings) for each in contestants if each.name in scores],
            numbers=False,
        ),
    ]


def _models(scores: Mapping[str, ModelScore]) -> Table:
    rows = []
    for name, each in scores.items():
        hour, day = each["leads"]["1h"], each["leads"]["24h"]
        rows.append(
            (
                f"**{name}**" if name == OURS else name,
                cell(hour["rel_wql"]),
                cell(day["rel_wql"]),
                cell(day["mase"]),
                f"{cell(day['cov95'])} ({cell(day['worst_cov95'])})",
                cell(day["cov99"]),
                cell(each["seconds_per_fit"]),
            )
        )
    return Table(
        "Accuracy",
        ("model", "rel 1 h", "rel 24 h", "MASE 24 h", "P95 coverage (worst)", "P99", "s/fit"),
        [*rows, GOALS],
        f"rel: geometric mean over series of the weighted quantile loss over that of {BASELINE}; "
        "coverage and MASE over all steps of 24 h; s/fit: mean time of a fit and its forecast.",
    )


def _ratios(scores: Mapping[str, ModelScore]) -> Table:
    rows: dict[str, list[str]] = {}
    leads = [lead for lead in ("1h", "24h") if lead in scores[OURS]["leads"]]
    for lead in leads:
        for name, each in compare(scores, lead).items():
            ratio = f"{cell(each.ratio)} [{cell(each.low)}, {cell(each.high)}]"
            rows.setdefault(name, [name]).extend((ratio, f"{each.wins}/{each.series}"))
    columns = [f"{what} {lead}" for lead in leads for what in ("loss, ours/theirs", "wins")]
    return Table(
        "Ours against each, series by series",
        ("model", *columns),
        list(rows.values()),
        "Geometric mean over series of our loss over theirs, with 95 % of resamples of the series; "
        "wins are series on which ours lost less.",
    )


def _series(scores: Mapping[str, ModelScore]) -> Table:
    names = [name for name in scores if name != BASELINE]
    losses = {name: scores[name]["leads"]["24h"]["series"] for name in names}
    ours = losses[OURS]
    return Table(
        "Each series, loss over 24 h relative to last week",
        ("series", *names, "our P95 coverage"),
        [
            (
                series,
                *(cell(losses[name][series]["rel_wql"]) for name in names),
                cell(ours[series]["cov95"]),
            )
            for series in ours
        ],
    )
