"""A service's API and topics on one page, made here: viewers that others host would need their hosts."""

from html import escape
from typing import Any

_STYLE = """
:root{color-scheme:light dark;font:14px/1.5 system-ui,sans-serif}body{max-width:60rem;margin:2rem auto;padding:0 1rem}
code,pre{font:12px/1.5 ui-monospace,monospace}pre{padding:.75rem;overflow:auto;border:1px solid #8884;border-radius:6px}
summary{cursor:pointer;padding:.4rem 0}summary code{font-weight:600}.m{display:inline-block;width:4.5rem}
dt{margin-top:.5rem}dd{margin:0 0 0 1.5rem;opacity:.85}
"""


def _parameters(operation: dict[str, Any]) -> str:
    rows = [
        f"<dt><code>{escape(p['name'])}</code> in {escape(p['in'])}{', required' if p.get('required') else ''}</dt>"
        f"<dd>{escape(p.get('description') or '')}</dd>"
        for p in operation.get("parameters", ())
    ]
    return f"<dl>{''.join(rows)}</dl>" if rows else ""


def _refs(value: object) -> list[str]:
    if isinstance(value, dict):
        mapping: dict[str, object] = value  # pyright: ignore[reportUnknownVariableType]
        found = [str(mapping["$ref"]).rsplit("/", 1)[-1]] if "$ref" in mapping else []
        return found + [name for inner in mapping.values() for name in _refs(inner)]
    if isinstance(value, list):
        items: list[object] = value  # pyright: ignore[reportUnknownVariableType]
        return [name for inner in items for name in _refs(inner)]
    return []


def _operation(path: str, method: str, operation: dict[str, Any]) -> str:
    takes = ", ".join(dict.fromkeys(_refs(operation.get("requestBody", {}))))
    gives = ", ".join(dict.fromkeys(_refs(operation.get("responses", {}).get("200", {}))))
    return (
        f"<details><summary><code class=m>{method.upper()}</code> <code>{escape(path)}</code> "
        f"{escape(operation.get('summary', ''))}</summary><p>{escape(operation.get('description', ''))}</p>"
        f"{_parameters(operation)}<p>{f'Takes <code>{escape(takes)}</code>. ' if takes else ''}"
        f"{f'Gives <code>{escape(gives)}</code>.' if gives else ''}</p></details>"
    )


def _schemas(schemas: dict[str, Any]) -> str:
    found: list[str] = []
    for name, schema in sorted(schemas.items()):
        rows = "".join(
            f"<dt><code>{escape(field)}</code>: {escape(_kind(shape))}</dt>"
            f"<dd>{escape(shape.get('description', ''))}</dd>"
            for field, shape in schema.get("properties", {}).items()
        )
        found.append(
            f"<details><summary><code>{escape(name)}</code></summary>"
            f"<p>{escape(schema.get('description', ''))}</p><dl>{rows}</dl></details>"
        )
    return "".join(found)


def _kind(shape: dict[str, Any]) -> str:
    if "anyOf" in shape:
        return " or ".join(_kind(one) for one in shape["anyOf"])
    if "$ref" in shape:
        return str(shape["$ref"]).rsplit("/", 1)[-1]
    if shape.get("type") == "array":
        return f"list of {_kind(shape.get('items', {}))}"
    return " | ".join(map(str, shape["enum"])) if "enum" in shape else str(shape.get("type", "any"))


def _topics(asyncapi: dict[str, Any]) -> str:
    found: list[str] = []
    for name, operation in asyncapi["operations"].items():
        topic = name.split(".", 1)[1]
        channel = asyncapi["channels"][topic]
        messages = "".join(
            f"<dt><code>{escape(m['name'])}</code></dt><dd>{escape(m['summary'])}</dd>"
            for m in channel["messages"].values()
        )
        found.append(
            f"<details><summary>{escape(operation['action'])}s <code>{escape(topic)}</code></summary>"
            f"<p>{escape(channel['description'])}</p><dl>{messages}</dl></details>"
        )
    return "".join(found)


def docs_page(openapi: dict[str, Any], asyncapi: dict[str, Any]) -> str:
    """Return the page's HTML."""
    info = openapi["info"]
    operations = "".join(
        _operation(path, method, operation)
        for path, methods in openapi["paths"].items()
        for method, operation in methods.items()
    )
    return (
        f"<!doctype html><html lang=en><meta charset=utf-8><title>{escape(info['title'])}</title>"
        f"<style>{_STYLE}</style><h1>{escape(info['title'])}</h1><p>{escape(info.get('summary', ''))}</p>"
        f"<p>Send <code>Authorization: Bearer &lt;token or API key&gt;</code>. Errors are problem details. "
        f'<a href="openapi.json">openapi.json</a></p><h2>Calls</h2>{operations}'
        f"<h2>Shapes</h2>{_schemas(openapi.get('components', {}).get('schemas', {}))}"
        f"<h2>Topics</h2>{_topics(asyncapi)}</html>"
    )
