"""A plan in words for people: what to order when, what stands in the way, its cost, and why."""

from collections.abc import Sequence

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from autoscaler.cli.plan_document import total_cost
from autoscaler.cli.values import iso
from autoscaler.engine.decision import Step
from autoscaler.engine.explain import Explained, explain, explain_link
from autoscaler.planner.reasons import ReasonCode
from autoscaler.planner.run_out import RunOut
from autoscaler.whatif.answer import Answer, LinkAnswer, PoolAnswer
from forecast.result import ForecastMode
from simulations.report.axes import duration_text, moment_text

_UNTRUSTED = "The forecast is shown and not acted on: too little history. What is observed decides."


def print_plan(answer: Answer, console: Console) -> None:
    """Print every pool and link, then the money."""
    console.print(f"Plan as of {moment_text(answer.now)} UTC", style="bold", highlight=False)
    for pool in answer.pools:
        _pool(pool, console)
    for link in answer.links:
        _link(link, console)
    _cost(answer, console)


def _pool(pool: PoolAnswer, console: Console) -> None:
    decision, demand = pool.decision, pool.observed.demand
    lead = duration_text(round(decision.lead_time.p95_seconds))
    risk = f"P{100.0 * pool.observed.settings.quantile:.4g}"
    mode = "no forecast" if decision.forecast_mode is None else decision.forecast_mode.value
    _say(console, f"\n[bold]{escape(pool.name)}[/]  risk {risk}, lead time P95 {lead}, {mode}")
    if demand.participants is None or not demand.state.trusted:
        _say(console, f"  demand is {demand.state.value}: nothing is decided on it")
    for note in pool.notes:
        _say(console, f"  {escape(note)}")
    if decision.forecast_mode is ForecastMode.COLD_START:
        _say(console, f"  {_UNTRUSTED}")
    _steps(pool.steps, console, unit="servers")
    _limits(decision.limits, console, unit="participants")
    _why(explain(pool.observed, decision), console)


def _link(link: LinkAnswer, console: Console) -> None:
    lead = duration_text(link.lead_seconds)
    _say(console, f"\n[bold]{escape(link.name)}[/]  egress link, lead time {lead}")
    if link.observed.silence:
        silence = f"{link.observed.silence}: --set pools.NAME.mix.egressMbps=... says it"
        _say(console, f"  {escape(silence)}")
    _steps(link.steps, console, unit="Mbit/s")
    _limits(link.decision.limits, console, unit="Mbit/s")
    _why(explain_link(link.decision), console)


def _steps(steps: Sequence[Step], console: Console, *, unit: str) -> None:
    if not steps:
        _say(console, "  Nothing is to be ordered.")
        return
    table = Table(box=None, pad_edge=False)
    table.add_column("  Order (UTC)", no_wrap=True)
    table.add_column("Serves from", no_wrap=True)
    table.add_column(unit, justify="right", no_wrap=True)
    table.add_column("Approve by", no_wrap=True)
    table.add_column("Why")
    for step in steps:
        table.add_row(
            f"  {moment_text(step.at)}",
            moment_text(step.ready_at),
            f"{step.from_:,.10g} → {step.to:,.10g}",
            "" if step.approve_by is None else moment_text(step.approve_by),
            _causes(step),
        )
    console.print(table, highlight=False)


def _causes(step: Step) -> str:
    """Name what raised the number and what cut it short, with what it was cut from."""
    told = []
    for reason in step.reasons:
        short = reason.after < reason.before
        if short or reason.code is ReasonCode.APPROVAL_NEEDED:
            told.append(f"{reason.code} ({reason.before:,.10g} wanted)" if short else reason.code)
    raised = [reason.code for reason in step.reasons if reason.after > reason.before]
    return ", ".join([*raised[-1:], *told])


def _why(chain: Sequence[Explained], console: Console) -> None:
    """Print the chain; the limits at its end stand above it."""
    _say(console, "  Why:")
    for each in chain:
        if not each.step.startswith("Limit "):
            _say(console, f"    {each.value:>13,.10g}  {escape(f'{each.step}: {each.text}')}")


def _limits(limits: Sequence[RunOut], console: Console, *, unit: str) -> None:
    for limit in limits:
        dates = [
            f"{name} {'not within a year' if date is None else iso(date)[:10]}"
            for name, date in (("P50", limit.date_p50), ("P90", limit.date_p90))
        ]
        text = f"  Limit {limit.name} bites at {limit.demand:,.10g} {unit}: {', '.join(dates)}"
        _say(console, escape(text))


def _cost(answer: Answer, console: Console) -> None:
    cost = total_cost(answer)
    if cost["planned"] is None or cost["reactive_only"] is None:
        why = "two currencies" if any(each.cost for each in answer.pools) else "nothing has a price"
        _say(console, f"\nNo cost: {why}.")
        return
    currency = cost["currency"] or ""
    _say(
        console,
        f"\nCost over the forecast: planned {cost['planned']:,} {currency}, "
        f"reactive-only {cost['reactive_only']:,} {currency}",
    )


def _say(console: Console, text: str) -> None:
    console.print(text, highlight=False, soft_wrap=True)
