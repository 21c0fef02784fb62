"""The CRDs, generated from the models by `python -m autoscaler.resources.crd FOLDER`.

pydantic writes JSON Schema; Kubernetes wants structural schemas: no references, no titles, no
unions with null, and no defaults that say nothing.
"""

import sys
from pathlib import Path
from typing import Any, cast

import yaml
from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from autoscaler.resources.common import GROUP, VERSION, Names, Part, Resource
from autoscaler.resources.descriptions import field_descriptions
from autoscaler.resources.kinds import KINDS
from autoscaler.resources.rules import Rule

Schema = dict[str, Any]

HEADER = "# Generated from autoscaler/resources by `make crds`; edit the models instead.\n"
_INT32_MAX = 2**31 - 1


class _Structural(GenerateJsonSchema):
    """Writes what pydantic knows the way a CRD says it."""

    def nullable_schema(self, schema: core_schema.NullableSchema) -> JsonSchemaValue:
        return self.generate_inner(schema["schema"])

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        written = super().default_schema(schema)
        if _says_nothing(written.get("default")):
            written.pop("default", None)
        return written

    def encode_default(self, dft: Any) -> Any:
        # With the defaults inside it spelled out: the API server judges a default by the rules
        # before it fills in what is inside.
        if isinstance(dft, BaseModel):
            said = dft.model_dump(mode="json", by_alias=True, exclude_none=True)
            return {name: value for name, value in said.items() if not _says_nothing(value)}
        return super().encode_default(dft)

    def model_schema(self, schema: core_schema.ModelSchema) -> JsonSchemaValue:
        written = super().model_schema(schema)
        model: type[BaseModel] = schema["cls"]
        written.pop(
            "additionalProperties", None
        )  # what is not listed is pruned, or refused if strict
        written["description"] = " ".join((model.__doc__ or "").split())
        descriptions = field_descriptions(model)
        for name, field in model.model_fields.items():
            if name in descriptions:
                written["properties"][field.alias]["description"] = descriptions[name]
        return written | _validations(model)


def structural_schema(model: type[BaseModel]) -> Schema:
    """Return a model's schema as Kubernetes wants it."""
    schema = model.model_json_schema(by_alias=True, schema_generator=_Structural)
    return _inlined(schema, schema.pop("$defs", {}))


def crd(resource: type[Resource]) -> Schema:
    """Return the CustomResourceDefinition of a resource, as an object ready to post."""
    names, kind = resource.names, resource.__name__
    return {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {"name": f"{names.plural}.{GROUP}"},
        "spec": {
            "group": GROUP,
            "scope": "Namespaced",
            "names": {
                "kind": kind,
                "listKind": f"{kind}List",
                "plural": names.plural,
                "singular": names.singular,
                "shortNames": [names.short],
                "categories": ["autoscaling"],
            },
            "versions": [
                {
                    "name": VERSION,
                    "served": True,
                    "storage": True,
                    "subresources": {"status": {}},
                    "additionalPrinterColumns": _columns(names),
                    "schema": {"openAPIV3Schema": _root_schema(resource)},
                }
            ],
        },
    }


def to_yaml(definition: Schema) -> str:
    """Return a CustomResourceDefinition as the text of its committed file."""
    return HEADER + yaml.dump(
        definition, Dumper=_Written, sort_keys=False, width=100, allow_unicode=True
    )


class _Written(yaml.SafeDumper):
    """Writes a part that is used twice as often as it is used: a CRD is read by people."""

    def ignore_aliases(self, _data: object) -> bool:
        return True


def _root_schema(resource: type[Resource]) -> Schema:
    fields = resource.model_fields
    return {
        "description": " ".join((resource.__doc__ or "").split()),
        "type": "object",
        "required": ["spec"],
        "properties": {
            "apiVersion": {"type": "string"},
            "kind": {"type": "string"},
            "metadata": {"type": "object", "properties": {"name": {"type": "string"}}},
            "spec": structural_schema(cast("type[Part]", fields["spec"].annotation)),
            "status": structural_schema(cast("type[Part]", fields["status"].annotation)),
        },
    } | _validations(resource)


def _validations(model: type[BaseModel]) -> Schema:
    rules: tuple[Rule, ...] = getattr(model, "rules", ())
    return {"x-kubernetes-validations": [rule.to_crd() for rule in rules]} if rules else {}


def _columns(names: Names) -> list[Schema]:
    return [
        {"name": each.name, "type": each.type, "jsonPath": each.path}
        | ({"priority": each.priority} if each.priority else {})
        for each in names.columns
    ]


def _says_nothing(default: object) -> bool:
    return default is None or default in ("", [], {})


def _inlined(schema: Schema, definitions: dict[str, Schema]) -> Schema:
    """Return the schema without references and whatever else structural schemas forbid."""
    if reference := schema.get("$ref"):
        beside = {key: value for key, value in schema.items() if key != "$ref"}
        schema = definitions[reference.rsplit("/", 1)[1]] | beside
    schema = {key: value for key, value in schema.items() if key not in ("title", "propertyNames")}
    if "const" in schema:
        schema["enum"] = [schema.pop("const")]
    if schema.get("type") == "integer":
        schema["format"] = "int32" if schema.get("maximum", 0) <= _INT32_MAX else "int64"
    for key in ("items", "additionalProperties"):
        if key in schema:
            schema[key] = _inlined(schema[key], definitions)
    if "properties" in schema:
        schema["properties"] = {
            name: _inlined(each, definitions) for name, each in schema["properties"].items()
        }
    return dict(sorted(schema.items(), key=_reading_order))


def _reading_order(item: tuple[str, Any]) -> int:
    last = ("items", "additionalProperties", "required", "properties", "x-kubernetes-validations")
    if item[0] in last:
        return 2 + last.index(item[0])
    return 0 if item[0] in ("description", "type") else 1


def main(folder: Path) -> None:
    """Write one file a resource."""
    for kind in KINDS:
        (folder / f"{kind.names.plural}.yaml").write_text(to_yaml(crd(kind)), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
