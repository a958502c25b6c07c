"""Requests as their readers see them: names beside ids, the newest comment open."""

from collections.abc import Mapping, Sequence

from services.notification.domain.answers import FieldAnswer
from services.notification.domain.request import Comment, Request
from services.notification.routes.request_shapes import (
    AnswerOut,
    ChosenOut,
    EscalationOut,
    HappeningOut,
    LastComment,
    PersonOut,
    RequestOut,
)
from services.notification.store.requests import Entry
from services.notification.usecases.attention import Escalations
from services.notification.usecases.browse_requests import BrowseRequests
from services.notification.usecases.queue_book import QueueBook
from services.notification.usecases.work_on_requests import comment_purpose
from shared.sealing.keys import SecretKeys, UnsealError
from shared.web.access import AccessBook, Principal

_WITH_CHOICES = ("choice", "consent")


class ShowRequests:
    """Puts requests into the words of the API."""

    def __init__(
        self,
        *,
        browse: BrowseRequests,
        book: QueueBook,
        access: AccessBook,
        keys: SecretKeys,
        escalations: Escalations,
    ) -> None:
        self._browse = browse
        self._book = book
        self._access = access
        self._keys = keys
        self._escalations = escalations

    async def one(self, who: Principal, request: Request) -> RequestOut:
        return (await self.all(who, [request], await self._browse.clients_of([request])))[0]

    async def all(self, who: Principal, requests: Sequence[Request], clients: Mapping[str, str]) -> list[RequestOut]:
        unseen = [request.id for request in requests if request.seen_at is None]
        steps = await self._escalations.next_of(who.workspace_id, unseen) if unseen else {}
        return [
            RequestOut(
                id=one.id,
                n=one.n,
                at=one.at,
                queue_id=one.queue_id,
                queue_name=self._queue_name(one),
                channel=one.channel,
                connection_id=one.connection_id,
                chat_contact_id=one.chat_contact_id,
                client_id=clients.get(one.chat_contact_id),
                via=one.via,
                language=one.language,
                while_closed=one.while_closed,
                status=one.status,
                handler=self.person(who.workspace_id, one.handler),
                last_comment=self._comment(one, one.last_comment),
                comments=one.comments,
                seen=one.seen_at is not None,
                seen_at=one.seen_at,
                seen_by=self.person(who.workspace_id, one.seen_by),
                viewed_by_me=who.id in one.viewers,
                escalation=_escalation(steps.get(one.id)),
                rev=one.rev,
            )
            for one in requests
        ]

    def person(self, workspace_id: str, id_: str | None) -> PersonOut | None:
        """Name a user. An API key has none here."""
        if id_ is None:
            return None
        user = self._access.user(workspace_id, id_)
        return PersonOut(id=id_, name=user.name if user else None)

    def happening(self, who: Principal, entry: Entry) -> HappeningOut:
        """Show a line of a history, users by name."""
        found = entry.happening
        what = {name: self._named(who, name, value) for name, value in found.what.items()}
        if found.sealed is not None:
            what["text"] = self._opened(who.workspace_id, found.request_id, found.sealed)
        by = self.person(who.workspace_id, found.by)
        return HappeningOut(at=found.at, kind=found.kind, by=by, what=what)

    def _named(self, who: Principal, name: str, value: object) -> object:
        if name in {"to", "was_handler"} and isinstance(value, str):
            person = self.person(who.workspace_id, value)
            return person.model_dump() if person else None
        return value

    def _comment(self, request: Request, comment: Comment | None) -> LastComment | None:
        if comment is None:
            return None
        by = self.person(request.workspace_id, comment.by)
        assert by is not None  # noqa: S101 - somebody wrote it
        return LastComment(at=comment.at, by=by, text=self._opened(request.workspace_id, request.id, comment.sealed))

    def _opened(self, workspace_id: str, request_id: str, sealed: str) -> str:
        try:
            return self._keys.unseal(workspace_id, comment_purpose(request_id), sealed)
        except UnsealError:
            return "…"  # the list must not fail because a version of KITH_SECRET_KEY is gone

    def _queue_name(self, request: Request) -> str | None:
        queue = self._book.one(request.workspace_id, request.queue_id)
        return queue.name if queue else None


def answer_out(answer: FieldAnswer) -> AnswerOut:
    """Show an answer: text, or what was chosen."""
    found = AnswerOut(field=answer.field, label=answer.label, kind=answer.kind)
    if answer.kind in _WITH_CHOICES:
        found.choices = [ChosenOut(id=one.id, label=one.label) for one in answer.chosen]
    else:
        found.value = answer.value
    return found


def _escalation(found: tuple[int, object] | None) -> EscalationOut | None:
    return EscalationOut.model_validate({"step": found[0], "next_at": found[1]}) if found else None
