"""Segments that a filter keeps are asked for like any other: their rules take their places."""

from collections.abc import Sequence

from services.identity.domain.client import Client
from services.identity.domain.filter import Filter
from services.identity.domain.segments import Segment, expanded
from services.identity.store.stores import Stores
from shared.storage.mongo import Session


class ResolveFilter:
    """Reads the rules that a filter leads to."""

    def __init__(self, stores: Stores) -> None:
        self._segments = stores.segments

    async def __call__(self, workspace_id: str, asked: Filter) -> Filter:
        """Return a filter that asks for segments kept by hand alone."""
        return expanded(asked, await self.rules(workspace_id, asked))

    async def rules(self, workspace_id: str, asked: Filter, session: Session | None = None) -> dict[str, Filter]:
        """Return the rules that this one leads to, through however many others, by the segment's id."""
        rules: dict[str, Filter] = {}
        ahead = set(asked.segments)
        while ahead:
            found = await self._segments.of(workspace_id, ahead, session)
            news = {id_: segment.rule for id_, segment in found.items() if segment.rule is not None}
            rules |= news
            ahead = {id_ for rule in news.values() for id_ in rule.segments} - set(rules)
        return rules


class SegmentsOf:
    """Tells which segments a client is in, by hand and by rule."""

    def __init__(self, stores: Stores) -> None:
        self._segments = stores.segments

    async def __call__(self, workspace_id: str, client: Client) -> Sequence[Segment]:
        """Return them by name. What a rule says is asked of the client as it is now."""
        there = await self._segments.all_of(workspace_id, {})
        rules = {segment.id: segment.rule for segment in there if segment.rule is not None}
        return [
            segment
            for segment in there
            if (
                segment.id in client.segments if segment.rule is None else expanded(segment.rule, rules).matches(client)
            )
        ]
