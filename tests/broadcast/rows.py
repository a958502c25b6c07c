"""Rows of a ledger, for tests that need no database."""

from datetime import UTC, datetime
from typing import Any

from services.broadcast.domain.delivery import Delivery
from shared.contracts.chat import ChatRef

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


def a_row(id_: str = "o1", chat: str = "5551", **more: Any) -> Delivery:
    fields: dict[str, Any] = {
        "id": id_,
        "outbound_id": id_,
        "workspace_id": "w_1",
        "connection_id": "cn_1",
        "chat": ChatRef(channel="telegram", connection_id="cn_1", contact_id=chat),
        "chat_contact_id": f"cc_{chat}",
        "text": "hello",
        "origin": "scenario",
        "cause": "cause",
        "planned_at": NOW,
        "due_at": NOW,
    }
    return Delivery(**(fields | more))
