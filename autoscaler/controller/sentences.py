"""Decisions in words: the same sentence in condition, event, plan and log. Pure."""

from collections.abc import Sequence

from autoscaler.planner.reasons import Reason


def sentence(reason: Reason, *, unit: str = "servers") -> str:
    """Return one step of the chain as a sentence fragment, with the numbers it rested on."""
    change = f"{reason.before:g} to {reason.after:g} {unit}"
    inputs = ", ".join(f"{name.replace('_', ' ')} {_short(v)}" for name, v in reason.inputs.items())
    return f"{reason.code} {change}" + (f" ({inputs})" if inputs else "")


def chain(reasons: Sequence[Reason], *, unit: str = "servers") -> str:
    """Return the whole chain, in the order applied."""
    return "; ".join(sentence(reason, unit=unit) for reason in reasons) or "no demand asks for more"


def _short(value: float | int | str) -> str:
    return value if isinstance(value, str) else f"{value:.6g}"
