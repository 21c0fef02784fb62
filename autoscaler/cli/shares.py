"""A backtest shared out to processes."""

import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context

from forecast.backtest.contestants import find_model
from forecast.backtest.rolling import Issued, Origin, issue
from forecast.calendar import Event
from forecast.panel import PanelSeries

_ORIGINS = 4
"""Per share: few enough for the bar to move, and for processes to end together."""


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Work:
    """What is forecast: series, origins, models by name, and events with when they are known."""

    panel: Mapping[str, PanelSeries]
    origins: Sequence[Origin]
    models: Sequence[str]
    events: Sequence[Event]
    announced_seconds: int


def issue_with(work: Work, *, jobs: int) -> Iterator[Issued]:
    """Forecast from every origin with every model, in `jobs` processes, in one order."""
    if jobs == 1:
        yield from _issue(work)
        return
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
        for share in pool.map(_issued, _shares(work)):
            yield from share


def _shares(work: Work) -> Iterator[Work]:
    """Yield stretches of one series' origins, with no other series."""
    for name, series in work.panel.items():
        own = [origin for origin in work.origins if origin.series_id == name]
        for first in range(0, len(own), _ORIGINS):
            yield Work(
                panel={name: series},
                origins=own[first : first + _ORIGINS],
                models=work.models,
                events=work.events,
                announced_seconds=work.announced_seconds,
            )


def _issue(work: Work) -> Iterator[Issued]:
    return issue(
        work.panel,
        work.origins,
        {name: find_model(name) for name in work.models},
        clock=time.perf_counter,
        events=work.events,
        announced_seconds=work.announced_seconds,
    )


def _issued(work: Work) -> list[Issued]:
    return list(_issue(work))
