"""The AsyncAPI 3.0 document of a service, written from the register of topics."""

from typing import Any

from shared.contracts.event import Event
from shared.contracts.topics import TOPICS, Service, Topic


def _message(event: type[Event]) -> dict[str, Any]:
    return {
        "name": event.model_fields["type"].default,
        "summary": (event.__doc__ or "").split("\n", maxsplit=1)[0],
        "contentType": "application/json",
        "headers": {
            "type": "object",
            "properties": {
                f"ce_{name}": {"type": "string"}
                for name in ("specversion", "id", "type", "source", "time", "workspace")
            },
        },
        "payload": {
            "schemaFormat": "application/schema+json;version=draft-2020-12",
            "schema": event.model_json_schema(),
        },
    }


def _channel(topic: Topic) -> dict[str, Any]:
    kept = "compacted: the newest of each key" if topic.retention is None else f"{topic.retention.days} days"
    return {
        "address": topic.name,
        "description": f"Ordered by {topic.key}. Kept: {kept}.",
        "messages": {_name(event): _message(event) for event in topic.events},
    }


def _name(event: type[Event]) -> str:
    return str(event.model_fields["type"].default)


def asyncapi_document(service: Service) -> dict[str, object]:
    """Return what a service sends and receives."""
    receives = [t for t in TOPICS if service in (*t.consumers, *t.tails)]
    sends = [t for t in TOPICS if service in t.producers]
    operations: dict[str, Any] = {}
    for action, found in (("receive", receives), ("send", sends)):
        for topic in found:
            operations[f"{action}.{topic.name}"] = {
                "action": action,
                "channel": {"$ref": f"#/channels/{topic.name}"},
                "messages": [{"$ref": f"#/channels/{topic.name}/messages/{_name(event)}"} for event in topic.events],
            }
    channels = {topic.name: _channel(topic) for topic in TOPICS if topic in receives or topic in sends}
    return {
        "asyncapi": "3.0.0",
        "info": {"title": f"Kith {service}", "version": "1"},
        "defaultContentType": "application/json",
        "channels": channels,
        "operations": operations,
    }
