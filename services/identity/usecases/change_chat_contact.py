"""A user changes a chat contact: its name, its labels, what may be sent to it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from aiokafka.errors import KafkaError
from bson import ObjectId

from services.identity.domain.editing import SWITCHES, Editable, edited
from services.identity.domain.people import ChatContact
from services.identity.store.stores import Stores
from services.identity.usecases.keep_contacts import now_in_millis
from services.identity.usecases.until_written import until_written
from shared.contracts import topics
from shared.messaging.outbox import Outbox
from shared.messaging.publisher import BrokerAwayError
from shared.storage.mongo import Session


class UnknownChatContactError(Exception):
    """There is none with this id in this workspace."""


class ChangedMeanwhileError(Exception):
    """Somebody changed it since the caller read it; `current` is how it stands."""

    def __init__(self, current: ChatContact) -> None:
        super().__init__(current.id)
        self.current = current


class NotToldError(Exception):
    """The change is stored, but the broker did not take it yet; the sweeper publishes it as soon as it does."""


@dataclass(frozen=True, slots=True)
class _Written:
    contact: ChatContact
    keys: Mapping[topics.Topic, list[str]]
    row: ObjectId | None


class ChangeChatContact:
    """Stores the change and publishes it, what is forbidden first, before it returns."""

    def __init__(self, stores: Stores, outbox: Outbox, clock: Callable[[], datetime] = now_in_millis) -> None:
        self._stores = stores
        self._outbox = outbox
        self._clock = clock

    async def __call__(
        self, workspace_id: str, id_: str, edit: Mapping[Editable, str | bool | None], expected_rev: int | None
    ) -> ChatContact:
        """Change it. Raises the errors above; `expected_rev` is the rev that the caller saw, if it insists."""

        async def work(session: Session) -> _Written:
            before = await self._stores.chat_contacts.get(workspace_id, id_, session)
            if before is None:
                raise UnknownChatContactError(id_)
            if expected_rev is not None and before.rev != expected_rev:
                raise ChangedMeanwhileError(before)
            after = edited(before, edit, self._clock())
            keys: dict[topics.Topic, list[str]] = {}
            if SWITCHES & edit.keys() and after.switches_rev is not None:
                keys[topics.PERMISSION] = [id_]  # even where it stands already: an earlier try may have been cut off
            if after is not before:
                keys[topics.CHAT_CONTACT] = [id_]
                await self._stores.chat_contacts.write([after], {id_: before}, session)
            return _Written(after, keys, await self._outbox.note(keys, session) if keys else None)

        written = await until_written(self._stores, work)
        if written.row is not None:
            try:
                await self._outbox.publish(written.row, written.keys)
            except (KafkaError, BrokerAwayError) as error:
                raise NotToldError from error
        return written.contact
