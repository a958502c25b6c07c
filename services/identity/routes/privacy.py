"""A person's data as one file, their erasure, and its certificate."""

from datetime import datetime, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict

from services.identity.routes.problems import absorbed
from services.identity.store.erasures import Erasure, Erasures
from services.identity.usecases.erase_person import ConfirmError, ErasePerson
from services.identity.usecases.gather_person import GatherPerson
from services.identity.usecases.show_client import AbsorbedClientError, UnknownClientError
from shared.contracts.erasure import ERASERS
from shared.contracts.topics import TOPICS
from shared.web.access import GuardsPrivacy
from shared.web.cursors import read_cursor, write_cursor
from shared.web.person_data import PersonDataOut, person_data
from shared.web.problems import ProblemError, not_found

_MERGED: dict[int | str, dict[str, Any]] = {
    410: {"description": "This client was merged; `survivor` and the Link header say into whom."}
}


class EraseAsked(BaseModel):
    """Asked without `confirm`, the answer is 409 with it and with what would be removed; asked with it, it is done."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)
    confirm: str | None = None


class PartOut(BaseModel):
    """What one service removed."""

    service: str
    done: bool
    at: datetime | None
    removed: dict[str, int]
    """How many of what."""


class LogOut(BaseModel):
    """Until when a topic's log may hold something of before."""

    topic: str
    empty_after: datetime


class ErasureOut(BaseModel):
    """The certificate of an erasure. It names nobody but the client's former id."""

    id: str
    client_id: str
    merged_client_ids: list[str]
    """Former ids of clients that had been merged into it."""
    by: str
    at: datetime
    complete: bool
    """Whether every service has removed what it kept."""
    parts: list[PartOut]
    logs: list[LogOut]
    logs_empty_after: datetime
    """After this moment no topic's log holds anything of the person, dead letters among them."""
    kept: list[str]
    """What is kept on purpose, in words."""


class ErasuresOut(BaseModel):
    """A page of erasures, the newest first."""

    items: list[ErasureOut]
    next_cursor: str | None
    total: int
    total_is_exact: bool


_KEPT = """\
What was refused (blacklisted, unsubscribed, switched off, blocked), as keyed hashes and opaque ids.
Opaque ids of the erased chats: so that nothing of before comes back when a log is read again.
This certificate."""


def privacy(erase: ErasePerson, gather: GatherPerson) -> APIRouter:
    """Make the routes of one person."""
    router = APIRouter(tags=["personal data"])

    @router.get("/clients/{id}/data", responses=_MERGED)
    async def gather_client(who: GuardsPrivacy, id: str) -> PersonDataOut:  # noqa: A002 - the path's own word
        """Gather all that identity keeps of a person.

        The other services have their parts at `/api/<service>/people/data?chat_contact_id=…`, of the chat contacts that
        are named here.
        """
        try:
            return person_data("identity", await gather(who.workspace_id, id))
        except UnknownClientError:
            raise not_found("client") from None
        except AbsorbedClientError as error:
            raise absorbed(error.survivor_id) from error

    @router.post("/clients/{id}/erase", status_code=202, responses=_MERGED)
    async def erase_client(who: GuardsPrivacy, id: str, asked: EraseAsked) -> ErasureOut:  # noqa: A002
        """Erase a person for good, from every service. It cannot be undone, so it is asked twice."""
        try:
            return _out(await erase(who.workspace_id, id, who.id, asked.confirm))
        except UnknownClientError:
            raise not_found("client") from None
        except AbsorbedClientError as error:
            raise absorbed(error.survivor_id) from error
        except ConfirmError as error:
            about = error.about
            raise ProblemError(
                409,
                "confirm-erasure",
                "This removes the client, their chats and messages, forms and deliveries for good. If that is meant, "
                "send the same again with `confirm` as it stands here; it holds until the client changes.",
                more={
                    "confirm": about.confirm,
                    "client": {"id": about.client.id, "name": about.client.name},
                    "merged_clients": len(about.client_ids) - 1,
                    "chat_contacts": about.chat_contacts,
                },
            ) from error

    return router


def certificates(erasures: Erasures) -> APIRouter:
    """Make the routes of what was erased."""
    router = APIRouter(tags=["personal data"])

    @router.get("/erasures/{id}")
    async def get_erasure(who: GuardsPrivacy, id: str) -> ErasureOut:  # noqa: A002
        """Return the certificate of an erasure."""
        found = await erasures.get(who.workspace_id, id)
        if found is None:
            raise not_found("erasure")
        return _out(found)

    @router.get("/erasures")
    async def list_erasures(
        who: GuardsPrivacy,
        limit: Annotated[int, Query(ge=1, le=200)] = 50,
        cursor: Annotated[str | None, Query(max_length=1_000)] = None,
    ) -> ErasuresOut:
        """List erasures, the newest first."""
        before: tuple[datetime, str] | None = None
        if cursor is not None:
            at, id_ = read_cursor(cursor, datetime, str)
            before = (at, id_)
        found = await erasures.page(who.workspace_id, before, limit + 1)
        page = found[:limit]
        return ErasuresOut(
            items=[_out(one) for one in page],
            next_cursor=write_cursor(page[-1].at, page[-1].id) if len(found) > limit else None,
            total=await erasures.count(who.workspace_id),
            total_is_exact=True,
        )

    return router


def _out(one: Erasure) -> ErasureOut:
    parts = [PartOut(service="identity", done=one.swept, at=one.own.at, removed=dict(one.own.counts))]
    for service in ERASERS:
        answer = one.answers.get(service)
        parts.append(
            PartOut(
                service=service,
                done=answer is not None,
                at=answer.at if answer else None,
                removed=dict(answer.counts) if answer else {},
            )
        )
    last = max((part.at for part in parts if part.at is not None), default=one.at)
    logs = [LogOut(topic=topic.name, empty_after=last + topic.gone_after + _MARGIN) for topic in TOPICS]
    return ErasureOut(
        id=one.id,
        client_id=one.client_id,
        merged_client_ids=[id_ for id_ in one.client_ids if id_ != one.client_id],
        by=one.by,
        at=one.at,
        complete=one.is_complete,
        parts=parts,
        logs=logs,
        logs_empty_after=max(log.empty_after for log in logs),
        kept=[str(line) for line in _KEPT.splitlines()],
    )


_MARGIN = timedelta(hours=1)
"""Brokers look for what may go every few minutes."""
