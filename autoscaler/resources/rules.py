"""Rules across fields, written once: the CEL for the API server beside the Python for us.

The command line reads the same resources with no API server in between, so both have to refuse the
same objects in the same words; `tests/autoscaler/resources/refusals.py` is judged by both.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal, TypeVar

M = TypeVar("M")

Reason = Literal["FieldValueInvalid", "FieldValueForbidden", "FieldValueRequired"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One refusal: what must hold of an object, and what is said when it does not.

    `field` is the path of the field to blame, from the object that the rule stands on ("": that
    object itself). `holds` is None for rules about a change (`oldSelf`), which only the API server
    can see.
    """

    cel: str
    message: str
    field: str = ""
    reason: Reason = "FieldValueInvalid"
    holds: Callable[[Any], bool] | None = None

    def to_crd(self) -> dict[str, str]:
        """Return the rule as an entry of `x-kubernetes-validations`."""
        entry = {"rule": self.cel, "message": self.message, "reason": self.reason}
        return entry | ({"fieldPath": f".{self.field}"} if self.field else {})


def rule(
    cel: str, *, message: str, field: str = "", reason: Reason = "FieldValueInvalid"
) -> Callable[[Callable[[M], bool]], Rule]:
    """Make the decorated method of a model one of its rules: it says in Python what `cel` says."""

    def decorate(holds: Callable[[M], bool]) -> Rule:
        return Rule(cel=cel, message=message, field=field, reason=reason, holds=holds)

    return decorate


def unchanged(field: str) -> str:
    """Return the CEL that says that an optional field is as it was.

    (`self.?field == oldSelf.?field` says the same, at an estimated cost beyond every budget.)
    """
    same = f"!has(self.{field}) || self.{field} == oldSelf.{field}"
    return f"(has(self.{field}) == has(oldSelf.{field}) && ({same}))"
