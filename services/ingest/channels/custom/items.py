"""What an adapter sends: our own schema. What we do not know is refused, so that no misspelt field gets lost."""

import re
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
)

from shared.contracts.chat import AttachmentKind

MOST_TEXT_BYTES = 64 * 1024
MOST_ID_CHARACTERS = 128
MOST_NAME_CHARACTERS = 256
MOST_ITEMS = 100
"""In one request."""
_BAD = re.compile(r"[/\x00-\x1f\x7f-\x9f\ud800-\udfff]")
"""Slashes, control characters and halves of characters."""


def _an_id(text: str) -> str:
    """Check an id of the adapter's: it becomes a part of keys and event ids (docs/decisions/0024)."""
    if _BAD.search(text) or not 0 < len(text) <= MOST_ID_CHARACTERS or text != text.strip():
        raise ValueError(
            f"use 1 to {MOST_ID_CHARACTERS} characters, without slashes, control characters and spaces at its ends"
        )
    return text


def _a_name(text: str) -> str:
    """Check what a message is called: we call ours with slashes, as in `X-Kith-Delivery`."""
    if not 0 < len(text) <= MOST_NAME_CHARACTERS or not text.isprintable() or text != text.strip():
        raise ValueError(f"use 1 to {MOST_NAME_CHARACTERS} printable characters, without spaces at its ends")
    return text


def _short_enough(text: str) -> str:
    size = len(text.encode())
    if size > MOST_TEXT_BYTES:
        raise ValueError(f"this has {size} bytes; at most {MOST_TEXT_BYTES} are taken: split it into several messages")
    return text


def _in_full(given: object) -> object:
    return {"value": given} if isinstance(given, str) else given


Id = Annotated[str, AfterValidator(_an_id)]
MessageName = Annotated[str, AfterValidator(_a_name)]
Text = Annotated[str, AfterValidator(_short_enough)]
Name = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)]
When = Annotated[AwareDatetime, Field(ge="2000-01-01T00:00:00Z")]
"""ISO 8601 with its offset, or seconds since 1970."""


class _Ours(BaseModel):
    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)


class SenderIn(_Ours):
    """What the adapter knows of the person."""

    name: Name | None = None
    username: Name | None = None
    language: Annotated[str, StringConstraints(to_lower=True, max_length=35)] | None = None
    """An IETF tag, such as `de` or `pt-br`."""


class AttachmentIn(_Ours):
    """A thing that came with a message; its bytes stay with the adapter."""

    kind: AttachmentKind
    ref: Annotated[str, StringConstraints(max_length=2000)] | None = None
    """Where the adapter finds it again."""
    label: Annotated[str, StringConstraints(max_length=500)] | None = None
    """What stands in its place, in words; by default its kind."""


class GivenIn(_Ours):
    """A phone or an email."""

    value: Annotated[str, StringConstraints(max_length=320)]
    verified: bool = False
    """Whether the adapter has proof. It counts only where the connection `vouches`: else it is a claim."""


Given = Annotated[GivenIn, BeforeValidator(_in_full, json_schema_input_type=str | GivenIn)]

FormAnswer = str | bool | list[str] | None
MOST_ANSWERS = 200

ItemType = Literal["message", "press", "details", "form", "blocked", "unblocked", "stopped", "resumed"]


class InboundItem(_Ours):
    """Something that a person did on the adapter's channel."""

    connection_id: str
    id: Id
    """The adapter's own id of it: sent again with the same one, it has one effect."""
    contact_id: Id
    """The person's id on that channel; it never changes."""
    time: When | None = None
    """When it happened; by default now."""
    type: ItemType = "message"
    text: Text = ""
    attachments: Annotated[tuple[AttachmentIn, ...], Field(max_length=20)] = ()
    reply_to: MessageName | None = None
    """The id of the message that this one answers."""
    data: Annotated[str, StringConstraints(min_length=1, max_length=1000)] | None = None
    """Of a press: what came with the button."""
    message_id: MessageName | None = None
    """Of a press: the message that the button belongs to."""
    sender: SenderIn = SenderIn()
    answers: Annotated[dict[str, FormAnswer], Field(max_length=MOST_ANSWERS)] | None = None
    """Of a form: by the id of the queue's question; a choice's id or ids, true for a consent."""
    queue_id: Annotated[str, StringConstraints(min_length=1, max_length=64)] | None = None
    """Of a form: which queue it is left in; by default the one that the connection feeds."""
    phone: Given | None = None
    """E.164, such as +4915112345678."""
    email: Given | None = None


class ReceiptItem(_Ours):
    """What became of a message that was delivered to the adapter."""

    connection_id: str
    contact_id: Id
    message_id: MessageName | None = None
    """What the adapter's answer to the delivery named."""
    delivery_id: MessageName | None = None
    """Ours, of the header `X-Kith-Delivery`; one of the two is needed."""
    status: Literal["delivered", "read", "failed"]
    time: When | None = None
    reason: (
        Literal["blocked", "deactivated", "no_such_chat", "rejected", "undeliverable", "outside_window", "opted_out"]
        | None
    ) = None
    """Of a failed one; by default `undeliverable`."""
    detail: Annotated[str, StringConstraints(max_length=300)] | None = None
    """In words, without personal data."""


def schema_of(model: type[BaseModel]) -> dict[str, Any]:
    """Return the JSON Schema of one item or many, whole by itself: it stands in the midst of an OpenAPI document."""
    found = model.model_json_schema()
    parts: dict[str, Any] = found.pop("$defs", {})

    def whole(node: Any) -> Any:  # noqa: ANN401 - any JSON
        if isinstance(node, list):
            return [whole(one) for one in node]
        if not isinstance(node, dict):
            return node
        ref = node.get("$ref")
        return whole(parts[ref.rpartition("/")[2]]) if ref else {name: whole(value) for name, value in node.items()}

    one = whole(found)
    return {"anyOf": [one, {"type": "array", "items": one, "minItems": 1, "maxItems": MOST_ITEMS}]}
