"""The forecaster that every tick asks: history in, quantile paths out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from forecast.batches import as_rows
from forecast.bookings import Bookings
from forecast.calendar import DAY, HOUR, Calendar, Event
from forecast.errors import HistoryError
from forecast.evidence import weigh
from forecast.fitted import LEAST_DAYS, Fitted, refit
from forecast.history import History
from forecast.issuing import issue, surging_of
from forecast.paths import predict
from forecast.result import Forecast
from forecast.situation import FitSettings, Situation
from forecast.verdict import Surging

_BEYOND_HORIZON = 3 * DAY
"""What a window must hold beside the longest lead, for there to be anything to learn from."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecaster:
    """Settings of the seasonal regression. It keeps nothing: what a refresh learned, it returns.

    `window_seconds` is how far back a fit looks, `refit_seconds` how often it is made anew.
    """

    quantiles: tuple[float, ...] = (0.5, 0.9, 0.95, 0.99)
    window_seconds: int = 28 * DAY
    refit_seconds: int = 6 * HOUR

    def refresh(
        self,
        history: History,
        *,
        now: int,
        horizon_steps: int,
        calendar: Calendar,
        events: Sequence[Event] = (),
        fitted: Fitted | None = None,
        surging: frozenset[str] = frozenset(),
        donors: Mapping[str, str] | None = None,
        bookings: Bookings | None = None,
    ) -> tuple[Forecast, Fitted]:
        """Forecast every series from the interval that holds `now` on.

        Only points before that interval are used. The result depends on the arguments other than
        `fitted`, which is a cache: pass what the previous refresh returned, or None. `surging` are
        the series that were OUTSIDE_HISTORY then: they stay so until calm is observed. `donors`
        name, for series that may be young, another one whose shape they borrow; but for that, a
        series' forecast does not depend on the others in the history. `bookings`, on the same
        grid, inform those with a fit. Raises HistoryError for a grid that does not divide a day or
        is not that of the bookings, and for a horizon that the window is too short for.
        """
        step = history.step_seconds
        settings = self.settings(horizon_steps, step_seconds=step)
        if bookings is not None:
            bookings.check_grid(start=history.start, step_seconds=step)
        start = now - (now - history.start) % step
        begin = start - settings.reach_steps(step) * step
        evidence = weigh(history, start=begin, end=start, events=events)
        names = history.series_ids
        situation = Situation(
            evidence=evidence,
            series_ids=names,
            places=[calendar.place(name) for name in names],
            settings=settings,
            now=start,
            bookings=bookings,
        )
        fitted = refit(fitted or Fitted(), situation)
        levels = np.zeros((len(names), horizon_steps, len(self.quantiles)))
        surges: dict[str, Surging] = {}
        for rows, paths in predict(fitted, situation, surging):
            levels[as_rows(rows)] = paths.levels
            for at in paths.surged.tolist():
                surges[names[rows[at]]] = surging_of(paths, at, start=start, step_seconds=step)
        forecast = issue(
            levels,
            situation=situation,
            history=history,
            fitted=fitted.keys,
            surges=surges,
            calendar=calendar,
            events=events,
            donors=donors or {},
            at=now,
        )
        return forecast, fitted

    def settings(self, horizon_steps: int, *, step_seconds: int) -> FitSettings:
        """Return what fits depend on. Raises HistoryError as `refresh` does."""
        if DAY % step_seconds:
            raise HistoryError(
                f"history: step_seconds is {step_seconds}, must divide a day (such as 900)"
            )
        seconds, longest = horizon_steps * step_seconds, self.window_seconds - _BEYOND_HORIZON
        if seconds <= 0 or (self.window_seconds >= LEAST_DAYS * DAY and seconds > longest):
            raise HistoryError(
                f"horizon is {seconds} s, must be above 0 and, fitted on {self.window_seconds} s, "
                f"at most {longest}"
            )
        return FitSettings(
            window_seconds=self.window_seconds,
            refit_seconds=self.refit_seconds,
            steps=horizon_steps,
            quantiles=self.quantiles,
        )
