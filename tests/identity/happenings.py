"""What may happen in a chat, in few words."""

import secrets
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from shared.contracts.accounts import BecomesClient, ConnectionStateV1
from shared.contracts.chat import (
    Attachment,
    ButtonPressedV1,
    ChatBlockedV1,
    ChatRef,
    ChatUnblockedV1,
    Detail,
    DetailsProvidedV1,
    MessageEditedV1,
    MessageReceivedV1,
    Sender,
    SignedInV1,
    Strength,
)
from shared.contracts.sending import DeliveryUpdatedV1, FailureReason

NOON = datetime(2026, 1, 31, 12, tzinfo=UTC)
_numbers = count(1)


def after(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


def a_workspace() -> str:
    return f"ws_{secrets.token_hex(6)}"


class Chat:
    """One person at one connection; its methods make events."""

    def __init__(
        self,
        workspace: str = "ws_1",
        *,
        connection: str = "con_1",
        contact: str | None = None,
        name: str | None = "Ann",
    ) -> None:
        self.workspace = workspace
        self.contact = contact or str(5_550_000 + next(_numbers))
        self.ref = ChatRef(channel="telegram", connection_id=connection, contact_id=self.contact)
        self.name = name

    def _common(self, seconds: float, id_: str | None) -> dict[str, Any]:
        found = id_ or f"{self.ref.connection_id}/{next(_numbers):012}"
        return {"id": found, "time": after(seconds), "workspace_id": self.workspace, "chat": self.ref}

    def writes(
        self,
        text: str = "hello",
        at: float = 0,
        *,
        message: str = "1",
        sender: Sender | None = None,
        attachments: tuple[Attachment, ...] = (),
        id_: str | None = None,
    ) -> MessageReceivedV1:
        return MessageReceivedV1(
            **self._common(at, id_),
            sender=sender or Sender(name=self.name),
            message_id=message,
            text=text,
            attachments=attachments,
        )

    def edits(self, text: str, at: float, *, message: str = "1", sent: float | None = None) -> MessageEditedV1:
        return MessageEditedV1(
            **self._common(at, None),
            sender=Sender(name=self.name),
            message_id=message,
            text=text,
            sent_at=None if sent is None else after(sent).isoformat(),
        )

    def presses(self, at: float = 0, sender: Sender | None = None) -> ButtonPressedV1:
        return ButtonPressedV1(
            **self._common(at, None), sender=sender or Sender(name=self.name), press_id="p", data="x"
        )

    def blocks(self, at: float = 0) -> ChatBlockedV1:
        return ChatBlockedV1(**self._common(at, None))

    def unblocks(self, at: float = 0) -> ChatUnblockedV1:
        return ChatUnblockedV1(**self._common(at, None))

    def gives(
        self,
        *,
        phone: str | None = None,
        email: str | None = None,
        strength: Strength = "claimed",
        at: float = 1,
        how: str | None = None,
    ) -> DetailsProvidedV1:
        details = [Detail(kind="phone", value=phone, strength=strength)] if phone else []
        details += [Detail(kind="email", value=email, strength=strength)] if email else []
        how = how or ("own_card" if strength == "verified" else "typed")
        return DetailsProvidedV1.model_validate(
            {**self._common(at, None), "details": details, "how": how, "sender": Sender(name=self.name)}
        )

    def proves(self, phone: str, at: float = 1) -> DetailsProvidedV1:
        return self.gives(phone=phone, strength="verified", at=at)

    def signs_in(
        self, external_id: str, *, phone: str | None = None, email: str | None = None, at: float = 1
    ) -> SignedInV1:
        details = [Detail(kind="phone", value=phone, strength="verified")] if phone else []
        details += [Detail(kind="email", value=email, strength="verified")] if email else []
        return SignedInV1.model_validate(
            {**self._common(at, None), "details": details, "external_id": external_id, "sender": Sender(name=self.name)}
        )

    def was_sent(self, at: float = 0, reason: FailureReason | None = None) -> DeliveryUpdatedV1:
        return DeliveryUpdatedV1(
            **self._common(at, None),
            outbound_id="out_1",
            status="failed" if reason else "sent",
            reason=reason,
        )

    def cannot_be_sent(self, at: float = 0) -> DeliveryUpdatedV1:
        return self.was_sent(at, reason="blocked")


def a_phone() -> str:
    """Give a phone that nobody else in this run has."""
    return f"+479{secrets.randbelow(10**7):07}"


def a_connection(
    workspace: str, id_: str, becomes_client: BecomesClient = "on_contact", name: str = "Shop bot"
) -> ConnectionStateV1:
    return ConnectionStateV1(
        id=id_,
        time=NOON,
        workspace_id=workspace,
        rev=1,
        channel="telegram",
        name=name,
        account_id="777000",
        becomes_client=becomes_client,
    )
