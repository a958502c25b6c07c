"""`/internal/widget/…`: where broadcast delivers what is to be said to visitors. No entry hands it on from outside."""

from typing import Annotated

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from services.ingest.channels.widget.tokens import DEVICE_KEY
from services.ingest.usecases.say_to_visitor import NoSuchSiteError, NoSuchVisitorError, SayToVisitor
from shared.contracts.sending import Button
from shared.sealing.signing import HEADER, is_signed
from shared.web.problems import ProblemError, invalid

PURPOSE = "widget message"
_MOST_BYTES = 256 * 1024


class _MessageIn(BaseModel):
    model_config = ConfigDict(extra="ignore", hide_input_in_errors=True)

    id: Annotated[str, Field(min_length=1, max_length=300)]
    contact_id: Annotated[str, Field(max_length=100)]
    text: Annotated[str, Field(min_length=1, max_length=20_000)]
    buttons: tuple[Button, ...] = ()


class MessageTaken(BaseModel):
    """It is kept, and the visitor sees it as soon as they look."""

    message_id: str


def router(say: SayToVisitor) -> APIRouter:
    """Make the route."""
    routes = APIRouter(include_in_schema=False)

    @routes.post("/internal/widget/{connection_id}/messages")
    async def deliver(connection_id: str, request: Request) -> MessageTaken:
        body = await read_body(request, _MOST_BYTES)
        try:
            key = say.key(connection_id, DEVICE_KEY)
            if not is_signed(key, PURPOSE, body, request.headers.get(HEADER, "")):
                raise ProblemError(401, "not-genuine", "The signature is missing or wrong.")
            asked = _MessageIn.model_validate_json(body)
            name = await say(connection_id, asked.contact_id, asked.id, text=asked.text, buttons=asked.buttons)
        except ValidationError as error:
            first = error.errors()[0]
            raise invalid(".".join(map(str, first["loc"])) or "body", first["msg"]) from error
        except NoSuchSiteError as error:
            raise ProblemError(404, "no-such-site", "There is no such connection, or it is switched off.") from error
        except NoSuchVisitorError as error:
            raise ProblemError(404, "no-such-chat", "There is no such visitor.") from error
        return MessageTaken(message_id=name)

    return routes


async def read_body(request: Request, most: int) -> bytes:
    """Read a body, no more of it than the limit. Raises a 413 problem."""
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > most:
            raise ProblemError(413, "too-large", f"This takes at most {most // 1024} kB.")
    return body
