"""A row of the ledger as a document, and back."""

from typing import Any

from services.broadcast.domain.delivery import Delivery
from shared.contracts.chat import ChatRef
from shared.contracts.sending import Button
from shared.storage.mongo import Document

_PLAIN = (
    "outbound_id", "attempt", "workspace_id", "connection_id", "chat_contact_id", "text", "ask_contact",
    "remove_keyboard", "acknowledges", "origin", "cause", "lane", "seq", "status", "planned_at", "due_at", "requests",
    "refusals", "fence", "started_at", "finished_at", "provider_message_id", "reason", "detail", "receipt",
    "receipt_at", "reported", "resent_as", "resent_by", "answers_comment", "address", "human_agent",
)  # fmt: skip


def to_document(row: Delivery) -> Document:
    """Write a row; what is None is left out."""
    found: Document = {"_id": row.id}
    for name in _PLAIN:
        value = getattr(row, name)
        if value is not None:
            found[name] = value
    found["chat"] = row.chat.model_dump()
    if row.buttons:
        found["buttons"] = [button.model_dump() for button in row.buttons]
    return found


def from_document(document: Document) -> Delivery:
    """Read a row. The text of a message that was sent is gone (`Ledger.record`)."""
    fields: dict[str, Any] = {name: document[name] for name in _PLAIN if name in document}
    fields.setdefault("text", "")
    return Delivery(
        id=document["_id"],
        chat=ChatRef.model_construct(**document["chat"]),
        buttons=tuple(Button.model_construct(**button) for button in document.get("buttons", ())),
        **fields,
    )
