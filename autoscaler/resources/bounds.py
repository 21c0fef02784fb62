"""How single values are bounded: the API server and pydantic refuse the same in the same words.

The API server can only quote a `pattern` at a person, so a shape is a CEL rule with a sentence.
"""

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

_DECIMAL = r"^(0|[1-9][0-9]*)(\.[0-9]+)?$"


def refusal(message: str) -> PydanticCustomError:
    """Return the error of a value that `message` tells what it must be."""
    return PydanticCustomError("refused", "{message}", {"message": message})


@dataclass(frozen=True, slots=True)
class Text:
    """A bounded string of one shape. `must` says the shape in words, here and in the CRD."""

    pattern: str
    max_length: int
    must: str

    def check(self, value: str) -> str:
        """Return the value, or refuse it in words."""
        if not re.fullmatch(self.pattern, value):
            raise refusal(self.must)
        return value

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        text = core_schema.str_schema(strict=True, max_length=self.max_length)
        return core_schema.no_info_after_validator_function(self.check, text)

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        return handler(schema) | _validation(f"self.matches({_quoted(self.pattern)})", self.must)


@dataclass(frozen=True, slots=True)
class DecimalText:
    """A decimal number written as a string, between `least` and `most`, both included."""

    least: str
    most: str

    @property
    def must(self) -> str:
        """What such a value must be, in words."""
        return f"must be a decimal number in quotes, from {self.least} to {self.most}"

    def check(self, value: str) -> Decimal:
        """Return the number, or refuse it in words."""
        if not re.fullmatch(_DECIMAL, value):
            raise refusal(self.must)
        if not Decimal(self.least) <= (number := Decimal(value)) <= Decimal(self.most):
            raise refusal(self.must)
        return number

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        return core_schema.no_info_after_validator_function(
            self.check,
            core_schema.str_schema(strict=True, max_length=16),
            serialization=core_schema.to_string_ser_schema(),
        )

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        bounds = " && ".join(
            f"double(self) {op} {float(bound)}"
            for op, bound in ((">=", self.least), ("<=", self.most))
        )
        rule = f"self.matches({_quoted(_DECIMAL)}) && {bounds}"
        return {"type": "string", "maxLength": 16} | _validation(rule, self.must)


@dataclass(frozen=True, slots=True)
class KeyedBy:
    """A list of named things: no two with the same `key`, and server-side apply merges by it."""

    key: str

    def check(self, items: tuple[Any, ...]) -> tuple[Any, ...]:
        """Return the items, or refuse the first that comes twice."""
        seen: set[object] = set()
        for item in items:
            name = getattr(item, self.key)
            if name in seen:
                raise refusal(f"must not list {name} twice")
            seen.add(name)
        return items

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        return core_schema.no_info_after_validator_function(self.check, handler(source))

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        camel = re.sub(r"_(\w)", lambda found: found[1].upper(), self.key)
        marks = {"x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": [camel]}
        return handler(schema) | marks


def _validation(rule: str, message: str) -> dict[str, Any]:
    return {"x-kubernetes-validations": [{"rule": rule, "message": message}]}


def _quoted(pattern: str) -> str:
    return "'" + pattern.replace("\\", "\\\\").replace("'", "\\'") + "'"
