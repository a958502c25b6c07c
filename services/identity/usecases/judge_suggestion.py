"""Somebody says whether two clients are one person: what evidence could not decide by itself."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from services.identity.domain.client import Client
from services.identity.domain.merging import Merge
from services.identity.domain.merging_by_hand import Choices, Warned
from services.identity.store.stores import Stores
from services.identity.store.suggestions import Suggestion
from services.identity.usecases.keep_contacts import now_in_millis
from services.identity.usecases.merge_clients import MergeClients, Wanted
from services.identity.usecases.until_written import until_written
from shared.storage.mongo import Session


class UnknownSuggestionError(Exception):
    """There is none with this id in this workspace."""


class JudgedError(Exception):
    """It was judged already; `status` says how."""

    def __init__(self, status: str) -> None:
        super().__init__(status)
        self.status = status


@dataclass(frozen=True, slots=True)
class Judged:
    """How somebody wants the two to be merged."""

    by: str
    survivor_id: str | None = None
    """Who is to survive; None for the one whose value it is."""
    choices: Choices | None = None
    accepts: Collection[Warned] = ()


class JudgeSuggestion:
    """Accepts a suggestion, which merges, or declines it, which keeps the two apart from then on."""

    def __init__(self, stores: Stores, merge: MergeClients, clock: Callable[[], datetime] = now_in_millis) -> None:
        self._stores = stores
        self._merge = merge
        self._clock = clock

    async def accept(self, workspace_id: str, id_: str, judged: Judged) -> Merge:
        """Merge the two. Raises the errors above, and those of `MergeClients`."""
        suggestion = await self._waiting(workspace_id, id_)
        one, two = await self.now_are(workspace_id, suggestion)
        survivor = two if judged.survivor_id is None else judged.survivor_id
        other = one if survivor == two else two
        wanted = Wanted(
            survivor_id=survivor,
            other_id=other,
            choices=judged.choices or {},
            by=judged.by,
            accepts=judged.accepts,
            evidence=suggestion.about[-1].evidence,
            suggestion_id=id_,
        )
        return await self._merge(workspace_id, wanted)

    async def decline(self, workspace_id: str, id_: str, by: str) -> Suggestion:
        """Say that they are two. Raises the errors above."""
        suggestion = await self._waiting(workspace_id, id_)
        one, two = await self.now_are(workspace_id, suggestion)

        async def work(session: Session) -> None:
            await self._stores.suggestions.judge(workspace_id, id_, "declined", session)
            await self._stores.apart.add(workspace_id, one, two, self._clock(), by, session)
            await self._stores.apart.add(
                workspace_id, suggestion.client_id, suggestion.other_client_id, self._clock(), by, session
            )

        await until_written(self._stores, work)
        return suggestion

    async def now_are(self, workspace_id: str, suggestion: Suggestion) -> tuple[str, str]:
        """Return who the two are by now."""
        merges = self._stores.merges
        one, two = suggestion.client_id, suggestion.other_client_id
        return (
            await merges.survivor_of(workspace_id, one) or one,
            await merges.survivor_of(workspace_id, two) or two,
        )

    async def shown(
        self, workspace_id: str, suggestions: Sequence[Suggestion]
    ) -> Sequence[tuple[Suggestion, Client, Client]]:
        """Return each with the two clients as they are now; one whose people are gone, or are one, is left out."""
        pairs = [await self.now_are(workspace_id, suggestion) for suggestion in suggestions]
        found = await self._stores.clients.of(workspace_id, {id_ for pair in pairs for id_ in pair})
        clients: Mapping[str, Client] = {client.id: client for client in found}
        return [
            (suggestion, clients[one], clients[two])
            for suggestion, (one, two) in zip(suggestions, pairs, strict=True)
            if one != two and one in clients and two in clients
        ]

    async def _waiting(self, workspace_id: str, id_: str) -> Suggestion:
        found = await self._stores.suggestions.get(workspace_id, id_)
        if found is None:
            raise UnknownSuggestionError(id_)
        if found.status != "waiting":
            raise JudgedError(found.status)
        return found
