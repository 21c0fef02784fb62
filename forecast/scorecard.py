"""How good the forecasts were as they were issued, against weekly seasonal-naive."""

from dataclasses import dataclass, fields
from enum import IntEnum

import numpy as np
import numpy.typing as npt

from forecast.arrays import BoolArray, FloatArray, IntArray
from forecast.calendar import DAY, WEEK
from forecast.scoring import pinball

Sums = npt.NDArray[np.float32]
Standings = npt.NDArray[np.int8]

HALF_LIFE = WEEK
"""Of a score, in time that was scored: while nothing can be scored, nothing fades."""
EVIDENCE_DAYS = 3.0
"""The least that a demotion, or a return from it, rests on."""
WORSE, BETTER = 1.1, 0.95
"""Loss over seasonal-naive's at which a model is demoted, and at which it comes back."""
NEGLIGIBLE = 0.005
"""Of demand: a loss that is larger by so little moves no server. Naive is perfect where nothing
happens."""
TRIAL_DAYS = 7.0
MATURE_DAYS = 21.0
"""Days with demand seen after which a pool is not young any more: what guards its forecast from
then on is the scorecard."""


class Standing(IntEnum):
    """What is done with a series' forecast. By its name in texts."""

    TRIAL = 0
    """Young: shown and not acted on until it has beaten seasonal-naive for a week."""
    TRUSTED = 1
    DEMOTED = 2
    """Seasonal-naive is shown and acted on instead; the model goes on being scored."""


@dataclass(frozen=True, slots=True)
class StandingChange:
    """A series was promoted or demoted at `at` (epoch seconds); `reason` is a sentence."""

    series_id: str
    at: int
    before: Standing
    after: Standing
    reason: str


@dataclass(frozen=True, slots=True, eq=False)
class Scores:
    """Sums that fade by half in a week of scored time; (series, leads), `covered` one axis more.

    `ours` and `naive` are pinball losses averaged over quantiles, `demand` what was to be
    forecast, `bias` by how much the median was above it, all in participants; `covered` (series,
    leads, quantiles) counts points at or below each quantile, of `count`.
    """

    ours: Sums
    naive: Sums
    demand: Sums
    bias: Sums
    covered: Sums
    count: Sums

    @classmethod
    def none(cls, series: int, leads: int, quantiles: int) -> "Scores":
        """Nothing was scored yet."""
        flat = np.zeros((series, leads), dtype=np.float32)
        return cls(flat, flat, flat, flat, np.zeros((*flat.shape, quantiles), np.float32), flat)

    def add(
        self,
        *,
        actual: FloatArray,
        ours: FloatArray,
        covered: BoolArray,
        naive: FloatArray,
        quantiles: tuple[float, ...],
        scored: BoolArray,
        step_seconds: int,
    ) -> "Scores":
        """Add one point, where `scored` (series, leads).

        Participants: `actual` (series,), issued `ours` (series, leads, quantiles) and `naive`
        (series, quantiles).
        """
        fade = 0.5 ** (step_seconds / HALF_LIFE)
        truth = np.where(scored, actual[:, None], 0.0)

        def add(total: Sums, new: FloatArray) -> Sums:
            mask = scored[..., None] if total.ndim > scored.ndim else scored
            return np.where(mask, fade * total + new, total).astype(np.float32)

        return Scores(
            ours=add(self.ours, pinball(truth, ours, quantiles).mean(axis=-1)),
            naive=add(self.naive, pinball(truth, naive[:, None, :], quantiles).mean(axis=-1)),
            demand=add(self.demand, truth),
            bias=add(self.bias, ours[..., 0] - truth),
            covered=add(self.covered, covered.astype(np.float64)),
            count=add(self.count, np.ones_like(truth)),
        )

    def without(self, rows: BoolArray) -> "Scores":
        """Forget these series' scores."""
        kept = {
            each.name: np.where(
                rows.reshape(-1, *[1] * (getattr(self, each.name).ndim - 1)),
                np.float32(0.0),
                getattr(self, each.name),
            )
            for each in fields(self)
        }
        return Scores(**kept)

    def days(self, step_seconds: int) -> FloatArray:
        """Return how many days of points the best-scored lead rests on, (series,)."""
        most: FloatArray = self.count.max(axis=1).astype(np.float64)
        return most * (step_seconds / DAY)

    def ratio(self) -> FloatArray:
        """Return the loss over seasonal-naive's, (series,): NaN where nothing was scored.

        Naive's loss is much the same at every lead, so this is about the mean of the leads' ratios.
        """
        ours, naive = (each.sum(axis=1, dtype=np.float64) for each in (self.ours, self.naive))
        lost: FloatArray = np.where(ours > 0.0, np.inf, np.nan)
        ratio: FloatArray = np.where(naive > 0.0, ours / np.where(naive > 0.0, naive, 1.0), lost)
        return ratio

    def losing(self, *, factor: float) -> BoolArray:
        """Say whose loss is above `factor` times naive's by more than is negligible, (series,)."""
        ours, naive, demand = (
            each.sum(axis=1, dtype=np.float64) for each in (self.ours, self.naive, self.demand)
        )
        losing: BoolArray = ours > factor * naive + NEGLIGIBLE * demand
        return losing


def judged(
    standings: Standings,
    scores: Scores,
    *,
    winning_steps: IntArray,
    days_seen: FloatArray,
    step_seconds: int,
) -> Standings:
    """Return what is done with each series' forecast from now on.

    `winning_steps` (series,) is for how many scored steps in a row the model has not lost to naive,
    `days_seen` (series,) how many days of demand were observed; it matters to young ones only.
    """
    known = scores.days(step_seconds) >= EVIDENCE_DAYS
    worse = known & scores.losing(factor=WORSE)
    better = known & (scores.ratio() < BETTER)
    young = standings == Standing.TRIAL
    won = young & (winning_steps * (step_seconds / DAY) >= TRIAL_DAYS)
    grown = young & ~won & (days_seen >= MATURE_DAYS)
    after = np.where(won | grown, Standing.TRUSTED, standings)
    after = np.where((after == Standing.TRUSTED) & worse, Standing.DEMOTED, after)
    after = np.where((standings == Standing.DEMOTED) & better, Standing.TRUSTED, after)
    return after.astype(np.int8)


def compared(ratio: float, days: float) -> str:
    """Say how a model did against seasonal-naive; `ratio` NaN where nothing was scored."""
    if ratio != ratio:
        return "there is nothing to compare yet"
    return f"the model lost {ratio:.2f} times as much as seasonal-naive over {days:.1f} days"


def trial(days: float) -> str:
    """Say how far a young series has come."""
    return f"the model beat seasonal-naive for {days:.1f} of {TRIAL_DAYS:g} days needed"
