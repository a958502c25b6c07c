"""Users make segments and change the filters that keep them."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from services.identity.domain.filter import Filter
from services.identity.domain.labels import LabelKind
from services.identity.domain.segments import Segment, leads_back, uses
from services.identity.store.labels import NameTakenError
from services.identity.store.stores import Stores
from services.identity.usecases.keep_contacts import now_in_millis
from services.identity.usecases.keep_labels import KeepLabels, LabelChangedError
from services.identity.usecases.resolve_filter import ResolveFilter
from shared.storage.mongo import Session
from shared.storage.transactions import StaleError

ATTEMPTS = 20
_KINDS: tuple[LabelKind, ...] = ("tag", "group", "segment")


class UnknownInRuleError(Exception):
    """The rule asks for labels that this workspace does not have; `kind` and `ids` say which."""

    def __init__(self, kind: LabelKind, ids: list[str]) -> None:
        super().__init__(", ".join(ids))
        self.kind: LabelKind = kind
        self.ids = ids


class RuleLeadsBackError(Exception):
    """The rule asks, through however many others, for the segment that it keeps."""


class KindOfSegmentError(Exception):
    """What is kept by hand does not become kept by a filter, nor the other way: its people would be others."""


class KeepSegments(KeepLabels[Segment]):
    """Stores segments; a rule is checked in the transaction that stores it."""

    def __init__(self, stores: Stores, clock: Callable[[], datetime] = now_in_millis) -> None:
        super().__init__(stores.segments, clock)
        self._stores = stores
        self._resolve = ResolveFilter(stores)

    async def make(self, label: Segment) -> tuple[Segment, bool]:
        """Return the segment, and whether it is new. Raises `UnknownInRuleError`."""
        if label.rule is None:
            return await super().make(label)
        rule = label.rule

        async def work(session: Session) -> None:
            await self._check(label, rule, session)
            await self._stores.segments.insert(label, session)

        try:
            await self._stores.in_transaction(work)
        except NameTakenError:
            there = await self._stores.segments.named(label.workspace_id, label.name)
            if there is None:
                raise
            return there, False
        return label, True

    async def change(self, workspace_id: str, id_: str, edit: Mapping[str, Any], expected_rev: int | None) -> Segment:
        """Change what `edit` names. Raises the errors above, and those of every label."""
        for attempt in range(ATTEMPTS):
            before = await self.get(workspace_id, id_)
            if expected_rev is not None and before.rev != expected_rev:
                raise LabelChangedError(before)
            after = replace(before, **edit)
            if after == before:
                return before
            if (after.rule is None) != (before.rule is None):
                raise KindOfSegmentError(id_)
            after = replace(after, rev=before.rev + 1)

            async def work(session: Session, after: Segment = after) -> None:
                if after.rule is not None:
                    await self._check(after, after.rule, session)
                await self._stores.segments.write(after, session)

            try:
                await self._stores.in_transaction(work)
            except StaleError:
                if attempt == ATTEMPTS - 1:
                    raise
                continue
            return after
        raise AssertionError("unreachable: the last attempt returns or raises")

    async def _check(self, segment: Segment, rule: Filter, session: Session) -> None:
        """Hold whatever the rule asks for, so that none of it is deleted, and no circle closed, in the same moment."""
        for kind in _KINDS:
            wanted = uses(rule, kind)
            there = await self._stores.labels(kind).of(segment.workspace_id, wanted, session)
            if unknown := sorted({id_ for id_ in wanted if id_ not in there}):
                raise UnknownInRuleError(kind, unknown)
            await self._stores.labels(kind).hold(segment.workspace_id, wanted, session)
        rules = await self._resolve.rules(segment.workspace_id, rule, session)
        if leads_back(segment.id, rule, rules):
            raise RuleLeadsBackError(segment.id)
        await self._stores.segments.hold(segment.workspace_id, rules, session)
