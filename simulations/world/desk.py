"""People who are asked: every question is answered after a while, and the answer is yes."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from autoscaler.planner.inventory import Allowance
from simulations.result import Approval
from simulations.scenario.links import Answers
from simulations.world.lognormal import Lognormal
from simulations.world.streams import stream

_DRAWN = 256
_HOLDS_SECONDS = 8 * 3600
"""How long an approval holds, as the operator's plans ask for it."""


def answer_times(answers: Answers, *, seed: int, subject: str) -> tuple[int, ...]:
    """Draw how many seconds each answer about one subject takes."""
    rng = stream(seed, "answers", subject)
    times = Lognormal(answers.p50_seconds, answers.p95_seconds).draw(rng, _DRAWN)
    return tuple(np.maximum(np.round(times), 1.0).astype(np.int64).tolist())


@dataclass(slots=True, kw_only=True)
class Desk:
    """Who approves for one pool (servers) or link (Mbit/s).

    The n-th question is answered after `waits[n]` seconds; then so much is allowed, and
    `covered` times what was asked for. Asking again for what is open or allowed is no question.
    """

    waits: Sequence[int]
    covered: float = 1.0
    answers: list[Approval] = field(default_factory=list)
    _open: list[tuple[int, float]] = field(default_factory=list)
    _allowed: list[Allowance] = field(default_factory=list)

    @property
    def asked(self) -> int:
        """How often somebody was asked."""
        return len(self.answers)

    @property
    def waited_seconds(self) -> int:
        """How long all answers together take."""
        return sum(each.answered - each.asked for each in self.answers)

    def ask(self, amount: float, now: int) -> None:
        """Ask for a total, unless that was asked already."""
        up_to = amount * self.covered
        if any(amount <= each for _, each in self._open):
            return
        if any(amount <= each.up_to and now < each.until for each in self._allowed):
            return
        answered = now + self.waits[self.asked % len(self.waits)]
        self._open.append((answered, up_to))
        self.answers.append(Approval(up_to, now, answered))

    def allowance(self, now: int) -> Allowance | None:
        """Return the widest approval that holds now."""
        if self._open:
            for answered, up_to in self._open:
                if answered <= now:
                    until = answered + _HOLDS_SECONDS
                    self._allowed.append(Allowance(up_to=up_to, max_hourly_cost=None, until=until))
            self._open = [each for each in self._open if each[0] > now]
        if not self._allowed:
            return None
        self._allowed = [each for each in self._allowed if now < each.until]
        return max(self._allowed, key=lambda each: each.up_to, default=None)
