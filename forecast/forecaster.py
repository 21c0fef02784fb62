"""The forecaster that every tick asks: history in, quantile paths out."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from forecast.arrays import BoolArray, round_significant
from forecast.borrowing import borrow_shapes
from forecast.calendar import DAY, HOUR, Calendar, Event, Place
from forecast.errors import HistoryError
from forecast.events import apply_events
from forecast.evidence import Evidence, weigh
from forecast.fitted import LEAST_DAYS, LEAST_DAYS_SEEN, FitSettings, Fitted, refit
from forecast.growth.reasons import surge_reasons
from forecast.history import History
from forecast.learned import learn_from_events, learned_reasons
from forecast.models.design import LOOK_BACK_DAYS
from forecast.models.frame import make_frame
from forecast.prediction import Paths, predict_fitted, predict_unfitted
from forecast.result import Forecast, ForecastMode

REGRESSION = "seasonal-regression"
GROWTH = "growth"
COLD_START = "cold-start"
_BEYOND_HORIZON = 3 * DAY
"""What a window must hold beside the longest lead, for there to be anything to learn from."""
_CHUNK = 16
"""Series predicted at once, as many as fit the processor's cache."""


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
    ) -> tuple[Forecast, Fitted]:
        """Forecast every series from the interval that holds `now` on.

        Only points before that interval are used. The result depends on the arguments other than
        `fitted`, which is a cache: pass what the previous refresh returned, or None. `surging` are
        the series that were OUTSIDE_HISTORY then: they stay so until calm is observed. `donors`
        name, for series that may be young, another one whose shape they borrow; but for that, a
        series' forecast does not depend on the others in the history. Raises HistoryError for a
        grid that does not divide a day, and for a horizon that the window is too short for.
        """
        step = history.step_seconds
        if DAY % step:
            raise HistoryError(f"history: step_seconds is {step}, must divide a day (such as 900)")
        self._check_horizon(horizon_steps * step)
        start = now - (now - history.start) % step
        past = max(self.window_seconds + max(self.refit_seconds, step), LOOK_BACK_DAYS * DAY)
        evidence = weigh(history, start=start - past // step * step, end=start, events=events)
        names = history.series_ids
        places = [calendar.place(name) for name in names]
        settings = FitSettings(
            window_seconds=self.window_seconds,
            refit_seconds=self.refit_seconds,
            steps=horizon_steps,
            quantiles=self.quantiles,
        )
        fitted = refit(fitted or Fitted(), evidence, names, places, settings)

        levels = np.zeros((len(names), horizon_steps, len(self.quantiles)))
        surges: dict[str, tuple[bool, tuple[str, ...]]] = {}
        for place, rows in _batches(names, places, fitted):
            batch = [names[row] for row in rows]
            paths = self._predict(
                evidence,
                batch,
                rows,
                place,
                fitted,
                horizon_steps,
                np.array([name in surging for name in batch]),
            )
            levels[rows] = paths.levels
            for at in np.flatnonzero(paths.surge.active | paths.surge.ended).tolist():
                surges[batch[at]] = (
                    bool(paths.surge.active[at]),
                    surge_reasons(
                        paths.surge,
                        at,
                        growth=float(paths.growth[at]),
                        day_start=start - DAY,
                        step_seconds=step,
                    ),
                )
        borrowed = borrow_shapes(levels, evidence, names, fitted=fitted.keys, donors=donors or {})
        participants = apply_events(np.expm1(levels), names, events, start=start, step_seconds=step)
        least, learned = learn_from_events(
            history,
            evidence,
            events,
            calendar=calendar,
            steps=horizon_steps,
            quantiles=self.quantiles,
        )
        if least is not None:
            participants = np.maximum(participants, np.expm1(least))
        verdicts = [
            _verdict(name, evidence, row, fitted, *surges.get(name, (False, ())))
            for row, name in enumerate(names)
        ]
        forecast = Forecast(
            series_ids=names,
            issued_at=now,
            start=start,
            step_seconds=step,
            quantiles=self.quantiles,
            values=np.maximum.accumulate(round_significant(participants), axis=-1),
            modes=tuple(mode for mode, _, _ in verdicts),
            models=tuple(model for _, model, _ in verdicts),
            reasons=tuple(
                (
                    *reasons,
                    *([borrowed[name]] if name in borrowed else []),
                    *learned_reasons(learned.get(name, {})),
                )
                for name, (_, _, reasons) in zip(names, verdicts, strict=True)
            ),
        )
        return forecast, fitted

    def _check_horizon(self, seconds: int) -> None:
        longest = self.window_seconds - _BEYOND_HORIZON
        if seconds <= 0 or (self.window_seconds >= LEAST_DAYS * DAY and seconds > longest):
            raise HistoryError(
                f"horizon is {seconds} s, must be above 0 and, fitted on {self.window_seconds} s, "
                f"at most {longest}"
            )

    def _predict(
        self,
        evidence: Evidence,
        names: Sequence[str],
        rows: list[int],
        place: Place,
        fitted: Fitted,
        steps: int,
        surging: BoolArray,
    ) -> Paths:
        """Predict one batch: series of one place that all have a fit, or all have none."""
        step = evidence.step_seconds
        points = LOOK_BACK_DAYS * DAY // step
        values = evidence.values[rows, -points:]
        bounds = evidence.bounds[rows, -points:]
        frame = make_frame(
            values,
            evidence.observed[rows, -points:],
            start=evidence.end - points * step,
            step_seconds=step,
            steps=steps,
            place=place,
        )
        fit = fitted.of(names)
        if fit is None:
            return predict_unfitted(
                frame, values, bounds, steps=steps, quantiles=self.quantiles, surging=surging
            )
        return predict_fitted(
            fit, frame, values, bounds, steps=steps, quantiles=self.quantiles, surging=surging
        )


def _batches(
    names: Sequence[str], places: Sequence[Place], fitted: Fitted
) -> Iterator[tuple[Place, list[int]]]:
    """Group the rows of series by place and by whether they have a fit."""
    groups: dict[tuple[Place, bool], list[int]] = {}
    for row, name in enumerate(names):
        groups.setdefault((places[row], name in fitted.keys), []).append(row)
    for (place, _), rows in groups.items():
        for first in range(0, len(rows), _CHUNK):
            yield place, rows[first : first + _CHUNK]


def _verdict(
    name: str, evidence: Evidence, row: int, fitted: Fitted, surging: bool, news: tuple[str, ...]
) -> tuple[ForecastMode, str, tuple[str, ...]]:
    """Say in which mode a series is, by which model, and why."""
    reasons = []
    seen = np.flatnonzero(evidence.observed[row])
    hours = evidence.step_seconds / HOUR
    if seen.size and (age := (evidence.observed.shape[1] - 1 - int(seen[-1])) * hours) >= 1.0:
        reasons.append(f"nothing was observed in the last {age:.4g} h")
    reasons += news
    if surging:
        return ForecastMode.OUTSIDE_HISTORY, GROWTH, tuple(reasons)
    if name in fitted.keys:
        return ForecastMode.NORMAL, REGRESSION, tuple(reasons)
    if seen.size:
        days = (evidence.observed.shape[1] - int(seen[0])) * hours / 24.0
        reasons.append(
            f"{seen.size} points over {days:.3g} days were observed, "
            f"a fit needs {LEAST_DAYS} days with {LEAST_DAYS_SEEN} of them seen"
        )
    else:
        reasons.append("nothing was ever observed: the path is a guess")
    return ForecastMode.COLD_START, COLD_START, tuple(reasons)
