"""Pairs of clients that may be one person: everything under /api/identity/suggestions."""

from typing import Annotated

from fastapi import APIRouter, Query

from services.identity.domain.cursors import BadCursorError
from services.identity.routes.merge_shapes import MergedOut, person_out
from services.identity.routes.merges import MERGING, refused
from services.identity.routes.suggestion_shapes import AcceptAsked, SuggestionsAsked, SuggestionsOut, suggestion_out
from services.identity.usecases.browse_suggestions import BrowseSuggestions
from services.identity.usecases.judge_suggestion import (
    Judged,
    JudgedError,
    JudgeSuggestion,
    UnknownSuggestionError,
)
from services.identity.usecases.show_client import ShowClient
from shared.web.access import ReadsPeople, WritesPeople
from shared.web.problems import ProblemError, invalid, not_found


def suggestions(browse: BrowseSuggestions, judge: JudgeSuggestion, show: ShowClient) -> APIRouter:
    """Make the routes."""
    router = APIRouter(tags=["who is who"])

    @router.get("/suggestions")
    async def list_suggestions(who: ReadsPeople, asked: Annotated[SuggestionsAsked, Query()]) -> SuggestionsOut:
        """List who may be whom, the newest first."""
        try:
            if asked.client_id is not None:
                page = await browse.of_client(who.workspace_id, asked.client_id, asked.status)
            else:
                page = await browse(who.workspace_id, asked.status, asked.limit, asked.cursor)
        except BadCursorError as error:
            raise invalid("cursor", str(error)) from error
        shown = await judge.shown(who.workspace_id, page.items)
        return SuggestionsOut(
            items=[suggestion_out(*one) for one in shown],
            next_cursor=page.next_cursor,
            total=page.total,
            total_is_exact=page.total_is_exact,
        )

    @router.post("/suggestions/{id}/accept", status_code=201)
    async def accept_suggestion(who: WritesPeople, id: str, asked: AcceptAsked) -> MergedOut:  # noqa: A002 - the path's own word
        """Say that the two are one person, which merges them. It can be undone."""
        judged = Judged(who.id, asked.survivor, asked.choices, asked.accepts)
        try:
            made = await judge.accept(who.workspace_id, id, judged)
        except (UnknownSuggestionError, JudgedError) as error:
            raise _not_waiting(error) from error
        except MERGING as error:
            await refused(error, who.workspace_id, None, show)
        return MergedOut(id=made.id, survivor=person_out(made.after), absorbed_id=made.absorbed.id)

    @router.post("/suggestions/{id}/decline", status_code=204)
    async def decline_suggestion(who: WritesPeople, id: str) -> None:  # noqa: A002 - the path's own word
        """Say that they are two: nothing suggests or links them again."""
        try:
            await judge.decline(who.workspace_id, id, who.id)
        except (UnknownSuggestionError, JudgedError) as error:
            raise _not_waiting(error) from error

    return router


def _not_waiting(error: Exception) -> ProblemError:
    if isinstance(error, JudgedError):
        return ProblemError(
            409, "judged-already", f"Somebody judged this already: {error.status}. Read the client again."
        )
    return not_found("suggestion")
