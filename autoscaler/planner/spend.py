"""What a pool cost this month: measured by what is there, and remembered."""

from dataclasses import dataclass
from datetime import UTC, datetime

from autoscaler.planner.run_out import MAX_MONTHLY, RunOut

_WEEK_HOURS = 168.0
"""The pace is the mean over about a week: it has its nights and its weekend in it."""
_HOUR = 3600.0


@dataclass(frozen=True, slots=True)
class Spend:
    """Money `spent` in the calendar month (UTC) that began at `month`, epoch seconds.

    `pace` is money an hour, the mean over the `watched` hours, at most about a week of them.
    """

    month: int = 0
    spent: float = 0.0
    pace: float = 0.0
    watched: float = 0.0

    def after(self, *, hourly: float, since: int, now: int) -> "Spend":
        """Take in that what is there has cost `hourly` since the last look.

        A new month begins with nothing spent, and with the pace of the old one.
        """
        month = month_of(now)
        hours = max(0, now - since) / _HOUR
        counted = max(0, now - max(since, month)) / _HOUR
        watched = min(self.watched + hours, _WEEK_HOURS)
        pace = self.pace + (hourly - self.pace) * min(1.0, hours / watched if watched else 1.0)
        before = self.spent if month == self.month else 0.0
        return Spend(month, before + hourly * counted, pace, watched)

    def run_out(self, most: float, *, participants_per_money: float, now: int) -> RunOut:
        """Return when `most` a month will be spent at this pace, if before the month ends.

        The demand is the mean over the month that uses it up: `participants_per_money` of an hour.
        """
        ends = next_month(now)
        date: int | None = now
        if self.spent < most:
            left = (most - self.spent) / self.pace * _HOUR if self.pace > 0.0 else float("inf")
            date = now + int(left) if left < ends - now else None
        hours = (ends - month_of(now)) / _HOUR
        demand = round(most / hours * participants_per_money, 3)
        return RunOut(name=MAX_MONTHLY, demand=demand, date_p50=date, date_p90=date)


NOTHING_SPENT = Spend()


def month_of(time: int) -> int:
    """Return when the month of `time` began, UTC."""
    moment = datetime.fromtimestamp(time, UTC)
    return int(datetime(moment.year, moment.month, 1, tzinfo=UTC).timestamp())


def next_month(time: int) -> int:
    """Return when the month after that of `time` begins, UTC."""
    moment = datetime.fromtimestamp(time, UTC)
    year, month = divmod(moment.year * 12 + moment.month, 12)
    return int(datetime(year, month + 1, 1, tzinfo=UTC).timestamp())
