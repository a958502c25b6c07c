"""What a person did."""

from dataclasses import dataclass
from typing import Any

from deploy.sandbox.meta.chats import Message


@dataclass
class Done:
    """A field of updates with an entry, unless nobody is told; and the message that was written or changed."""

    field: str = ""
    entry: dict[str, Any] | None = None
    message: Message | None = None
    reads: bool = False
    """Whether it makes receipts, which find their own way."""
    moved_to: str | None = None
    """The chat id that they have from now on."""
    update_id: int | None = None
    """Set where the update is on its way already."""
