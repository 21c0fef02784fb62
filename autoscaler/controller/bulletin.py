"""When an object's status is written: at once when there is news, otherwise once a minute."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from zlib import crc32

from autoscaler.controller.conditions import Finding, news, set_conditions
from autoscaler.ports.reports import StatusReport, Subject
from autoscaler.resources.common import Condition

PERIOD = 60
"""Seconds. The moment within it differs by object: 1,000 statuses at once take 6 to 9 s."""

Compose = Callable[[Sequence[Condition]], StatusReport]
"""Makes the status of the conditions; called only when it is written."""


@dataclass(frozen=True, slots=True)
class _Told:
    subject: Subject
    findings: tuple[Finding, ...]
    conditions: tuple[Condition, ...]
    period: int


@dataclass(frozen=True, slots=True)
class Edition:
    """What is new about one object, and its status if it is to be written now.

    `first`: nothing was ever told of it.
    """

    first: bool
    news: tuple[Finding, ...]
    report: StatusReport | None


class Bulletin:
    """Remembers what was last told; what an earlier operator told is in the status."""

    def __init__(self) -> None:
        self._told: dict[str, _Told] = {}

    def edition(
        self,
        subject: Subject,
        findings: Sequence[Finding],
        *,
        listed: Sequence[Condition],
        compose: Compose,
        urgent: bool,
        now: int,
    ) -> Edition:
        """Return what to tell. `listed` are the object's conditions, `urgent` is other news."""
        key = f"{subject.resource}/{subject.key}"
        told, period = self._told.get(key), (now + crc32(key.encode()) % PERIOD) // PERIOD
        if told is None or told.subject.uid != subject.uid:
            told = _Told(subject, _found(listed), tuple(listed), -1)
        fresh = news(told.findings, findings)
        if not (fresh or urgent or told.period != period or told.subject != subject):
            return Edition(first=False, news=(), report=None)
        conditions = set_conditions(
            told.conditions, findings, generation=subject.generation, now=now
        )
        self._told[key] = _Told(subject, tuple(findings), conditions, period)
        first = not told.findings
        return Edition(first=first, news=fresh, report=compose(conditions))

    def keep_only(self, subjects: set[str]) -> None:
        """Forget objects that are gone; keys are `resource/namespace/name`."""
        for key in self._told.keys() - subjects:
            del self._told[key]


def _found(conditions: Sequence[Condition]) -> tuple[Finding, ...]:
    return tuple(Finding(one.type, one.status, one.reason, one.message) for one in conditions)
