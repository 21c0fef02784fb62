"""Regions planned together, in a table for people."""

from rich.console import Console
from rich.table import Table

from autoscaler.cli.regions_answer import RegionsAnswer, Route


def print_regions(answer: RegionsAnswer, console: Console) -> None:
    """Print what each region needs, who serves whom, and what it saves."""
    console.print(_needs(answer), highlight=False)
    console.print()
    console.print(_routes(answer.routes), highlight=False)
    for text in _sentences(answer):
        console.print(f"\n{text}", highlight=False, soft_wrap=True)


def _needs(answer: RegionsAnswer) -> Table:
    table = Table(box=None, pad_edge=False)
    table.add_column("Region", no_wrap=True)
    for plan in ("together", "alone", "credited"):
        table.add_column(f"Servers\n{plan}", justify="right", no_wrap=True)
        table.add_column(f"Mbit/s\n{plan}", justify="right", no_wrap=True)
    plans = (answer.joint.provision, answer.alone, answer.counted)
    rows = zip(answer.file.names, *(answer.bought(plan) for plan in plans), strict=True)
    for name, *bought in rows:
        table.add_row(name, *(f"{number:,}" for each in bought for number in each))
    return table


def _routes(routes: tuple[Route, ...]) -> Table:
    table = Table(box=None, pad_edge=False)
    for head in ("Lost", "People of", "are served in"):
        table.add_column(head, no_wrap=True)
    table.add_column("Weight", justify="right", no_wrap=True)
    table.add_column("Credited", justify="right", no_wrap=True)
    for each in routes:
        table.add_row(
            each.lost or "none",
            each.home,
            each.serving,
            f"{each.share:.1%}",
            f"{each.credited:.1%}",
        )
    return table


def _sentences(answer: RegionsAnswer) -> list[str]:
    together, currency = answer.joint.provision.cost, answer.file.currency
    over = together / answer.joint.cost_bound - 1.0 if answer.joint.cost_bound else 0.0
    texts = [
        f"Nobody may serve the people of {name} within {answer.bound_ms:g} ms while it is lost: "
        "uncovered."
        for name in answer.uncovered
    ]
    if any(each.credited < each.share for each in answer.routes if each.home != each.serving):
        texts.append(
            "Weights above what was measured to follow (followedPercent) are not credited: until "
            "it is, buy the larger of together and credited."
        )
    texts.append(
        f"Together {together:,.0f} {currency} a month, each region alone "
        f"{answer.alone.cost:,.0f} {currency}: {answer.saving:.0%} saved, {over:.1%} above the "
        "linear programme's bound."
    )
    return texts
