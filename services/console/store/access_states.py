"""The current states of everything that `access.v1` carries. Ids in the outbox are the topic's own keys."""

from collections.abc import AsyncIterator, Mapping, Sequence

from services.console.store.api_keys import ApiKeys
from services.console.store.signing_keys import SigningKeys
from services.console.store.users import Users
from shared.contracts.event import StateEvent
from shared.messaging.outbox import StateSource
from shared.storage.mongo import Database
from shared.storage.walk import by_id


class AccessStates(StateSource):
    """Reads users, API keys and signing keys by their keys on the topic: `user/<id>` and so on."""

    def __init__(self, owned: Database) -> None:
        self._rows = {"user": owned["users"], "api-key": owned["api_keys"], "signing-key": owned["signing_keys"]}
        self._kinds = {"user": Users(owned), "api-key": ApiKeys(owned), "signing-key": SigningKeys(owned)}

    async def states(self, ids: Sequence[str]) -> Sequence[StateEvent]:
        found: list[StateEvent] = []
        for kind, store in self._kinds.items():
            wanted = [id_.removeprefix(f"{kind}/") for id_ in ids if id_.startswith(f"{kind}/")]
            if wanted:
                found += [one.state() for one in await store.states(wanted)]
        return found

    async def revs(self, ids: Sequence[str]) -> Mapping[str, int]:
        return {state.key(): state.rev for state in await self.states(ids)}

    def key_of(self, id_: str) -> str:
        return id_

    async def walk(self) -> AsyncIterator[tuple[str, int]]:
        for kind, rows in self._rows.items():
            async for row in by_id(rows, {"rev": True}):
                yield f"{kind}/{row['_id']}", row["rev"]

    def id_of(self, key: str) -> str | None:
        return key
