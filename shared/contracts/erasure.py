"""A person is erased: what identity asks of the other services, and what each of them answers."""

from typing import ClassVar, Literal

from pydantic import Field

from shared.contracts.chat import ChatRef
from shared.contracts.event import Event, Part

Eraser = Literal["ingest", "notification", "broadcast"]
ERASERS: tuple[Eraser, ...] = ("ingest", "notification", "broadcast")


class ErasedChat(Part, frozen=True):
    """A chat of the person who is erased."""

    id: str
    """The chat contact's."""
    chat: ChatRef


class ErasureRequestedV1(Event, frozen=True):
    """Everything that is kept of these chats up to `time` is to be removed, and never to come back.

    `id` is the erasure's. Who writes again afterwards is somebody new.
    """

    source: ClassVar[str] = "identity"
    type: Literal["erasure.requested.v1"] = "erasure.requested.v1"
    client_ids: tuple[str, ...]
    """The client, and those that were merged into it."""
    chats: tuple[ErasedChat, ...] = ()

    def key(self) -> str:
        return self.id


class ErasureDoneV1(Event, frozen=True):
    """One service has removed what it kept. The same erasure asked again is answered with the same numbers."""

    source: ClassVar[str] = "ingest"
    type: Literal["erasure.done.v1"] = "erasure.done.v1"
    erasure_id: str
    service: Eraser
    removed: dict[str, int] = Field(default_factory=dict[str, int])
    """How many documents of which kind; a kind of which there were none is 0."""

    def key(self) -> str:
        return self.erasure_id
