"""The page of HTTP routes, from the OpenAPI schema of the app and of the prediction service."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from docstrings import cell, inline


def http_page() -> str:
    """Every route with what it takes and gives, and the shapes they use."""
    from groundswell.app.openapi import schema

    app, service = schema(), _service()
    out = [
        "# HTTP\n",
        "`groundswell label` and `groundswell demo` serve the app: its page and these routes, for the person of",
        "the session alone. The address that the terminal prints holds a token made anew at every start; without the",
        "cookie that it sets every route answers 401. A body with a field that is not listed here is refused. A",
        "refusal has a status of the 400s and the fields `what`, `where` and `hint`.\n",
        *_routes(app),
        "## The prediction service\n",
        "`groundswell serve NAME` serves one model: its card as a page at `/`, and these routes. With `--token`",
        "callers must send `Authorization: Bearer TOKEN`.\n",
        *_routes(service),
        "## Shapes\n",
        *_shapes({**app["components"]["schemas"], **service["components"]["schemas"]}),
    ]
    return "\n".join(out)


def _service() -> dict[str, Any]:
    from fastapi import FastAPI

    from groundswell.app import predict

    app = FastAPI()
    app.include_router(predict.router)
    return app.openapi()


def _routes(schema: dict[str, Any]) -> Iterator[str]:
    for path, methods in schema["paths"].items():
        for method, route in methods.items():
            yield f"### `{method.upper()} {path}`\n\n{inline(route.get('description', route.get('summary', '')))}\n"
            query = [p for p in route.get("parameters", ()) if p["in"] == "query"]
            if query:
                shown = "; ".join(f"`{p['name']}` ({_type(p['schema'])})" for p in query)
                yield f"Query: {shown}.\n"
            if "requestBody" in route:
                yield f"Takes {_content(route['requestBody'])}.\n"
            yield f"Gives {_content(route['responses']['200'])}.\n"


def _content(body: dict[str, Any]) -> str:
    media = body.get("content", {}).get("application/json")
    return _type(media["schema"]) if media else "no JSON"


def _type(schema: dict[str, Any]) -> str:
    if "$ref" in schema:
        name = schema["$ref"].rsplit("/", 1)[-1]
        return f"[`{name}`](#{name.lower()})"
    if "anyOf" in schema:
        kinds = [_type(one) for one in schema["anyOf"] if one.get("type") != "null"]
        return " or ".join([*dict.fromkeys(kinds), *(["null"] if len(kinds) < len(schema["anyOf"]) else [])])
    if "enum" in schema or "const" in schema:
        return " or ".join(f'`"{value}"`' for value in schema.get("enum", [schema.get("const")]))
    if schema.get("type") == "array":
        return f"list of {_type(schema.get('items', {}))}"
    if isinstance(schema.get("additionalProperties"), dict):
        return f"object of {_type(schema['additionalProperties'])}"
    words = {"string": "text", "integer": "whole number", "number": "number", "boolean": "true or false"}
    kind = words.get(schema.get("type", ""), schema.get("type", "any JSON value"))
    default = f", default `{schema['default']}`" if schema.get("default") not in (None, "") else ""
    bounds = [(("at least", "minimum"), ("at most", "maximum")), (("at most", "maxLength"), ("at most", "maxItems"))]
    limits = "".join(f", {word} {schema[key]:,}" for pair in bounds for word, key in pair if key in schema)
    return f"{kind}{limits}{default}"


def _shapes(schemas: dict[str, Any]) -> Iterator[str]:
    for name, shape in sorted(schemas.items()):
        if "properties" not in shape:
            continue
        required = set(shape.get("required", ()))
        yield f"### {name}\n\n{inline(shape.get('description', ''))}\n"
        yield "| field | | |\n|---|---|---|"
        for key, field in shape["properties"].items():
            may = "" if key in required else "may be left out. "
            yield f"| `{key}` | {cell(_type(field))} | {cell(may + inline(field.get('description', '')))} |"
        yield ""
