"""Whom ours is compared with: published packages as their authors set them, and the naive ones."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module

from forecast.backtest.contestants import BASELINE, OURS, find_model
from forecast.errors import HistoryError
from forecast.models.task import Model


@dataclass(frozen=True, slots=True)
class Contestant:
    """A model by the name that tables give it; `settings` say how it was run."""

    name: str
    settings: str
    load: Callable[[], Model]


def _peer(module: str, function: str) -> Callable[[], Model]:
    def load() -> Model:
        try:
            model: Model = getattr(import_module(f"benchmarks.{module}"), function)
        except ModuleNotFoundError as error:
            package = (error.name or module).split(".")[0]
            raise HistoryError(
                f"{package} is not installed, the benchmark's peers come with `make "
                "bench-forecast` or `pip install --editable '.[bench]'`"
            ) from error
        return model

    return load


CONTESTANTS = (
    Contestant(OURS, "as the operator runs it, fitted at every origin", lambda: find_model(OURS)),
    Contestant(
        "statsforecast MSTL+AutoETS",
        "`MSTL(season_length=[day, week], trend_forecaster=AutoETS(model='ZZN'))`, quantiles from "
        "its own prediction intervals, gaps interpolated",
        _peer("mstl", "mstl_autoets"),
    ),
    Contestant(
        "LightGBM quantile",
        "direct, one model per quantile: 200 trees, learning rate 0.05, 31 leaves, 20 rows a leaf, "
        "at most 6,000 rows; lead, time of day, weekday, marked day, the same time one and two "
        "days and a week before, last value, mean of the last hour and of the last day",
        _peer("gradient_boosting", "lightgbm_quantiles"),
    ),
    Contestant(
        "Prophet",
        "its defaults with daily and weekly seasonality, marked days as `holidays`, quantiles of "
        "300 samples of its predictive distribution",
        _peer("prophets", "prophet"),
    ),
    Contestant(
        "statsmodels Holt-Winters",
        "damped trend, additive daily season, estimated; quantiles of 500 simulated paths",
        lambda: find_model("holt-winters"),
    ),
    Contestant(
        BASELINE,
        "last week's value; quantiles of the window's week-over-week changes",
        lambda: find_model(BASELINE),
    ),
)


def load_models(contestants: tuple[Contestant, ...] = CONTESTANTS) -> Mapping[str, Model]:
    """Import every contestant's model; raises HistoryError naming a package that is missing."""
    return {each.name: each.load() for each in contestants}
