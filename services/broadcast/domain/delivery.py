"""A row of the ledger: one message that is to be sent once, and what became of it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from shared.contracts.chat import ChatRef
from shared.contracts.sending import Button, FailureReason, Origin

Status = Literal["planned", "sending", "sent", "failed", "unknown"]
FINAL: frozenset[Status] = frozenset({"sent", "failed", "unknown"})
RESENDABLE: frozenset[Status] = frozenset({"failed", "unknown"})
"""What a person may decide to send again."""


@dataclass(slots=True, kw_only=True)
class Delivery:
    """One attempt at one message. `planned → sending → sent | failed | unknown`, or back to `planned`."""

    id: str
    """The outbound id for the first attempt; derived from it for a later one."""
    outbound_id: str
    attempt: int = 1
    """Counts a person's decisions to send it, not requests."""
    workspace_id: str
    connection_id: str
    chat: ChatRef
    address: str | None = None
    """What the channel takes to write to this person, where that is not their contact id."""
    chat_contact_id: str
    text: str
    buttons: tuple[Button, ...] = ()
    ask_contact: str | None = None
    remove_keyboard: bool = False
    acknowledges: str | None = None
    answers_comment: str | None = None
    """A comment in public that this answers in private."""
    human_agent: bool = False
    """An agent's own words after the ordinary window."""
    origin: Origin
    cause: str
    lane: Literal["reply"] = "reply"
    seq: int = 0
    """Rising within a chat: the order in which its messages were asked for."""
    status: Status = "planned"
    planned_at: datetime
    due_at: datetime
    """Not before this; by the database's clock, as is every time here."""
    requests: int = 0
    """How many requests the provider was sent for it."""
    refusals: int = 0
    """How many of them it answered with a fault of its own."""
    fence: int | None = None
    """Of the lease under which it was last claimed."""
    started_at: datetime | None = None
    finished_at: datetime | None = None
    provider_message_id: str | None = None
    reason: FailureReason | None = None
    detail: str | None = None
    receipt: Literal["delivered", "read"] | None = None
    """The furthest that the provider told of it later."""
    receipt_at: datetime | None = None
    """When we learned that."""
    reported: bool | None = None
    """Whether `delivery.v1` has the result; None while there is none."""
    resent_as: str | None = None
    """The row of the next attempt."""
    resent_by: str | None = None
    """Who decided upon this attempt; None for the first."""

    @property
    def says_nothing(self) -> bool:
        """Whether it only acknowledges a press. A message that was sent has lost its text, and is none of these."""
        return self.acknowledges is not None and not self.text and self.status != "sent"

    @property
    def acknowledged_as(self) -> str | None:
        """What stands for a provider's message id where none is made."""
        return f"press/{self.acknowledges}" if self.says_nothing else None
