"""What agents do with a request. Whatever somebody does with it, it has been seen: nothing escalates any more."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from services.notification.domain.answers import FieldAnswer, answers_of
from services.notification.domain.changes import about_request
from services.notification.domain.request import IN_PROGRESS, NEW, Happening, Kind, Request
from services.notification.store.live import Live
from services.notification.store.requests import Requests
from services.notification.store.statuses import Statuses
from services.notification.usecases.attention import Attention
from services.notification.usecases.queue_book import QueueBook
from shared.contracts.queues import seal_purpose
from shared.contracts.scopes import ROLE_SCOPES
from shared.sealing.keys import SecretKeys
from shared.storage.mongo import Client, Session
from shared.storage.transactions import in_transaction
from shared.web.access import AccessBook, Principal


class NoSuchRequestError(Exception):
    """There is none, or it is not for the caller."""


class TakenError(Exception):
    """A colleague was faster."""

    def __init__(self, request: Request) -> None:
        super().__init__(request.id)
        self.request = request


class NewerRequestError(Exception):
    """Somebody changed the status or the handler since the caller read it."""

    def __init__(self, newer: Request) -> None:
        super().__init__(newer.id)
        self.newer = newer


class BadFieldError(Exception):
    """Something that was given is wrong."""

    def __init__(self, name: str, message: str) -> None:
        super().__init__(message)
        self.field = name


class NotAPersonError(Exception):
    """A program cannot have a request: somebody has to answer."""


@dataclass(frozen=True, slots=True)
class Act:
    """What is to change of a request, and what its history says of it. Without a kind nothing changes."""

    kind: Kind | None = None
    fields: Mapping[str, Any] = field(default_factory=dict[str, Any])
    what: Mapping[str, Any] = field(default_factory=dict[str, Any])
    sealed: str | None = None
    viewer: str | None = None


NOTHING = Act()
Decide = Callable[[Request, datetime], Act]


def comment_purpose(request_id: str) -> str:
    """Return what an agent's comments on a request are sealed for: they may repeat what the form says."""
    return f"request-comment.{request_id}"


class WorkOnRequests:
    """Everything that is done with requests, each in a transaction with its history and its live line."""

    def __init__(
        self,
        *,
        client: Client,
        requests: Requests,
        statuses: Statuses,
        live: Live,
        book: QueueBook,
        access: AccessBook,
        keys: SecretKeys,
        attention: Attention,
        numbering: Callable[[str], Awaitable[None]],
    ) -> None:
        self._client = client
        self._requests = requests
        self._statuses = statuses
        self._live = live
        self._book = book
        self._access = access
        self._keys = keys
        self._attention = attention
        self._numbering = numbering

    async def view(self, who: Principal, id_: str, language: str | None) -> tuple[Request, list[FieldAnswer]]:
        """Open a form. Who did so and when is kept before anything is shown. Raises `UnsealError`."""
        request = await self._requests.one(who.workspace_id, id_)
        if request is None or not self._book.sees(who, request.queue_id):
            raise NoSuchRequestError
        contents = (await self._requests.contents(who.workspace_id, [id_]))[id_]
        opened = self._keys.unseal(who.workspace_id, seal_purpose(request.form_id), contents.sealed_answers)

        def decide(there: Request, now: datetime) -> Act:
            first = {} if there.first_viewed_at else {"first_viewed_at": now}
            return Act("viewed", first, viewer=who.id)

        return await self._act(who, id_, decide), answers_of(contents, opened, language)

    async def comment(self, who: Principal, id_: str, text: str) -> Request:
        """Say something about a request, for the colleagues."""
        sealed = self._keys.seal(who.workspace_id, comment_purpose(id_), text)

        def decide(there: Request, now: datetime) -> Act:
            last = {"at": now, "by": who.id, "sealed": sealed}
            return Act("comment", {"last_comment": last, "comments": there.comments + 1}, sealed=sealed)

        return await self._act(who, id_, decide)

    async def set_status(self, who: Principal, id_: str, status: str, rev: int) -> Request:
        """Say how far a request is. Raises `NewerRequestError`, `BadFieldError`."""
        known, _ = await self._statuses.of(who.workspace_id)
        wanted = next((one for one in known if one.id == status and not one.removed), None)
        if wanted is None:
            raise BadFieldError("status", "There is no such status here; GET /request-statuses lists them.")

        def decide(there: Request, now: datetime) -> Act:
            if there.status == status:
                return NOTHING
            _is_newest(there, rev)
            done_at = (there.done_at or now) if wanted.counts_as == "done" else None
            return _decided(there, "status", {"status": status, "done_at": done_at}, was=there.status, status=status)

        return await self._act(who, id_, decide)

    async def take(self, who: Principal, id_: str) -> Request:
        """Make a request the caller's own. Raises `TakenError` where it is somebody else's."""
        if who.kind != "user":
            raise NotAPersonError

        def decide(there: Request, now: datetime) -> Act:
            if there.handler == who.id:
                return NOTHING
            if there.handler is not None:
                raise TakenError(there)
            return _decided(there, "taken", _handled_by(there, who.id, now))

        return await self._act(who, id_, decide)

    async def give(self, who: Principal, id_: str, user_id: str | None, rev: int) -> Request:
        """Hand a request to a colleague who sees its queue, or back to all. Raises as `set_status` does."""

        def decide(there: Request, now: datetime) -> Act:
            if there.handler == user_id:
                return NOTHING
            _is_newest(there, rev)
            if user_id is None:
                return _decided(there, "given", {"handler": None}, was_handler=there.handler, to=None)
            self._check_colleague(there, user_id)
            return _decided(there, "given", _handled_by(there, user_id, now), was_handler=there.handler, to=user_id)

        return await self._act(who, id_, decide)

    async def see(self, who: Principal, ids: Sequence[str]) -> int:
        """Acknowledge requests; those that the caller does not see stay as they are. Returns how many were unseen."""

        async def work(session: Session) -> int:
            found = await self._requests.named(who.workspace_id, ids, session)
            unseen = [one for one in found if one.seen_at is None and self._book.sees(who, one.queue_id)]
            if not unseen:
                return 0
            now = _now()
            await self._requests.see(unseen, who.id, now, session)
            await self._requests.note(
                who.workspace_id, [Happening(one.id, "seen", now, who.id, {}) for one in unseen], session
            )
            await self._attention.end(who.workspace_id, [one.id for one in unseen], now, session)
            lines = [about_request(one.id, one.told + 1, one.queue_id) for one in unseen]
            await self._live.put(who.workspace_id, lines, session)
            return len(unseen)

        seen = await in_transaction(self._client, work)
        await self._numbering(who.workspace_id)
        return seen

    async def _act(self, who: Principal, id_: str, decide: Decide) -> Request:
        async def work(session: Session) -> Request:
            there = await self._requests.one(who.workspace_id, id_, session)
            if there is None or not self._book.sees(who, there.queue_id):
                raise NoSuchRequestError
            now = _now()
            act = decide(there, now)
            if act.kind is None:
                return there
            fields = dict(act.fields)
            if there.seen_at is None:
                fields |= {"seen_at": now, "seen_by": who.id}
                await self._attention.end(who.workspace_id, [id_], now, session)
            changed = await self._requests.change(there, fields, act.viewer, session)
            happening = Happening(id_, act.kind, now, who.id, act.what, act.sealed)
            await self._requests.note(who.workspace_id, [happening], session)
            line = about_request(id_, changed.told, changed.queue_id)
            await self._live.put(who.workspace_id, [line], session)
            return changed

        changed = await in_transaction(self._client, work)
        await self._numbering(who.workspace_id)
        return changed

    def _check_colleague(self, request: Request, user_id: str) -> None:
        user = self._access.user(request.workspace_id, user_id)
        queue = self._book.one(request.workspace_id, request.queue_id)
        sees = user is not None and (user.role == "admin" or (queue is not None and user_id in queue.members))
        if user is None or not user.active or not sees or "requests:write" not in ROLE_SCOPES[user.role]:
            raise BadFieldError("user_id", "This is no active member of the queue, and no admin.")


def _handled_by(there: Request, user_id: str, now: datetime) -> dict[str, Any]:
    """Return what changes with a handler: what is new is in progress from then on."""
    begun = {"status": IN_PROGRESS} if there.status == NEW else {}
    return {"handler": user_id, "taken_at": there.taken_at or now, **begun}


def _decided(there: Request, kind: Kind, fields: Mapping[str, Any], **what: str | None) -> Act:
    return Act(kind, {**fields, "rev": there.rev + 1}, what)


def _is_newest(there: Request, rev: int) -> None:
    if there.rev != rev:
        raise NewerRequestError(there)


def _now() -> datetime:
    now = datetime.now(UTC)
    return now.replace(microsecond=now.microsecond // 1000 * 1000)
