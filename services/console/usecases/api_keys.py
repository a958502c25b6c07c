"""Making and revoking API keys."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from services.console.domain import keys
from services.console.domain.people import ApiKey
from services.console.store.api_keys import ApiKeys
from services.console.store.paging import BadCursorError, Sort
from services.console.usecases import clock
from services.console.usecases.changes import Changes
from shared.contracts.event import StateEvent
from shared.contracts.scopes import SCOPES
from shared.storage.mongo import Session
from shared.web.problems import ProblemError, invalid, not_found


@dataclass(frozen=True, slots=True)
class MadeKey:
    """A key just made; `text` is shown once."""

    key: ApiKey
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class KeyPage:
    """A page of keys."""

    keys: list[ApiKey]
    next_cursor: str | None
    total: int


class ManageApiKeys:
    """Everything an admin does with API keys."""

    def __init__(self, api_keys: ApiKeys, changes: Changes) -> None:
        self._keys = api_keys
        self._changes = changes

    async def page(self, workspace_id: str, *, search: str, sort: str, limit: int, cursor: str | None) -> KeyPage:
        try:
            page = await self._keys.page(workspace_id, search=search, sort=Sort.of(sort), limit=limit, cursor=cursor)
        except BadCursorError:
            raise invalid("cursor", "This is no cursor of this list in this order. Leave it out to begin.") from None
        return KeyPage(self._keys.of_page(page), page.next_cursor, page.total)

    async def make(
        self, workspace_id: str, *, name: str, scopes: Sequence[str], made_by: str | None, own_scopes: frozenset[str]
    ) -> MadeKey:
        """Make a key. Nobody gives a key what they may not do themselves."""
        _check_scopes(scopes, own_scopes)
        made = keys.make()
        key = ApiKey(
            id=made.id,
            workspace_id=workspace_id,
            name=name,
            secret_sha256=made.secret_sha256,
            scopes=tuple(scope for scope in SCOPES if scope in scopes),
            active=True,
            created_by=made_by,
            created_at=clock.now(),
            revoked_at=None,
            rev=1,
        )

        async def change(session: Session) -> Sequence[StateEvent]:
            await self._keys.add(key, session)
            return [key.state()]

        await self._changes.make(change, takes_away=False)
        return MadeKey(key, made.text)

    async def revoke(self, workspace_id: str, key_id: str) -> None:
        """End a key for good; ending it twice is no error."""
        there = await self._keys.one(workspace_id, key_id)
        if there is None:
            raise not_found("API key")

        async def change(session: Session) -> Sequence[StateEvent]:
            ended = await self._keys.revoke(workspace_id, key_id, clock.now(), session)
            return [(ended or there).state()]  # one that was ended before is told of again: it may not have got through

        await self._changes.make(change, takes_away=True)


def _check_scopes(scopes: Sequence[str], own: frozenset[str]) -> None:
    unknown = sorted(set(scopes) - set(SCOPES))
    if unknown:
        raise invalid("scopes", f"There is no {', '.join(unknown)}. There are: {', '.join(SCOPES)}.")
    if not scopes:
        raise invalid("scopes", "A key needs at least one scope: without any it may do nothing.")
    beyond = sorted(set(scopes) - own)
    if beyond:
        raise ProblemError(
            403, "not-allowed", f"You cannot give what you do not have: {', '.join(beyond)}. Ask an admin."
        )
