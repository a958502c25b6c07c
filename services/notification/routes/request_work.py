"""What agents do with a contact request: view, comment, take, give, say how far it is."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Annotated

from fastapi import APIRouter, Query, Response

from services.notification.routes.request_shapes import (
    CommentIn,
    GiveIn,
    RequestOut,
    StatusIn,
    TakeIn,
    Viewed,
)
from services.notification.routes.show_requests import ShowRequests, answer_out
from services.notification.usecases.work_on_requests import (
    BadFieldError,
    NewerRequestError,
    NoSuchRequestError,
    NotAPersonError,
    TakenError,
    WorkOnRequests,
)
from shared.sealing.keys import UnsealError
from shared.web.access import Principal, ReadsRequests, WritesRequests
from shared.web.problems import ProblemError, invalid, not_found


def work_routes(work: WorkOnRequests, show: ShowRequests) -> APIRouter:
    """Make the routes."""
    routes = APIRouter(tags=["contact requests"])

    @asynccontextmanager
    async def told(who: Principal) -> AsyncGenerator[None]:
        """Answer what is refused with a problem."""
        try:
            yield
        except (NoSuchRequestError, NotAPersonError, BadFieldError, UnsealError) as error:
            raise _problem(error) from error
        except TakenError as error:
            now = await show.one(who, error.request)
            name = (now.handler and now.handler.name) or "Somebody else"
            words = f"{name} has taken this already."
            raise ProblemError(409, "taken", words, more={"newer": now.model_dump(mode="json")}) from error
        except NewerRequestError as error:
            now = await show.one(who, error.newer)
            words = "Somebody changed this since you read it. Look at `newer`, and send your change with its rev."
            raise ProblemError(409, "changed-meanwhile", words, more={"newer": now.model_dump(mode="json")}) from error

    @routes.post("/requests/{request_id}/view")
    async def view_request(
        who: ReadsRequests,
        request_id: str,
        answer: Response,
        language: Annotated[str | None, Query(max_length=35, description="Of the questions, such as `de`.")] = None,
    ) -> Viewed:
        """Open what a form says. Who did and when is kept, and everybody with this queue sees it."""
        async with told(who):
            request, answers = await work.view(who, request_id, language)
        answer.headers["Cache-Control"] = "no-store"
        return Viewed(request=await show.one(who, request), answers=[answer_out(one) for one in answers])

    @routes.post("/requests/{request_id}/comments", status_code=201)
    async def comment_on_request(who: WritesRequests, request_id: str, asked: CommentIn) -> RequestOut:
        """Say something about it, for the colleagues."""
        async with told(who):
            return await show.one(who, await work.comment(who, request_id, asked.text))

    @routes.put("/requests/{request_id}/status")
    async def set_status(who: WritesRequests, request_id: str, asked: StatusIn) -> RequestOut:
        """Say how far it is. Where somebody was faster, 409 shows it as it is now, under `newer`."""
        async with told(who):
            return await show.one(who, await work.set_status(who, request_id, asked.status, asked.rev))

    @routes.post("/requests/{request_id}/take")
    async def take_request(who: WritesRequests, request_id: str, asked: TakeIn | None = None) -> RequestOut:
        """Make it one's own. Of two at once one gets it; the other is told by whom it was taken."""
        del asked  # what is nobody's is taken, whatever else has changed
        async with told(who):
            return await show.one(who, await work.take(who, request_id))

    @routes.post("/requests/{request_id}/give")
    async def give_request(who: WritesRequests, request_id: str, asked: GiveIn) -> RequestOut:
        """Hand it to a colleague of the queue, or back for all."""
        async with told(who):
            return await show.one(who, await work.give(who, request_id, asked.user_id, asked.rev))

    return routes


def _problem(error: Exception) -> ProblemError:
    match error:
        case BadFieldError():
            return invalid(error.field, str(error))
        case NotAPersonError():
            return ProblemError(
                422, "not-a-person", "An API key cannot take a request: give it to a user instead (`give`)."
            )
        case UnsealError():
            words = (
                "This form cannot be opened: it was sealed under a KITH_SECRET_KEY that is not there any more. "
                "Put that version back beside the newer one."
            )
            return ProblemError(409, "sealed", words)
        case _:
            return not_found("contact request")
