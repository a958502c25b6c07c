"""Every request has an id: in its answer, in its errors, and in the logs."""

import secrets
from collections.abc import Generator
from contextlib import contextmanager

import structlog
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

log = structlog.get_logger(__name__)


def request_id() -> str:
    """Return the id of the request that is being answered."""
    return str(structlog.contextvars.get_contextvars().get("request_id", ""))


@contextmanager
def named_request() -> Generator[str]:
    """Give what is answered inside an id, for its problem and its log: the way of those ahead of the framework."""
    found = f"r_{secrets.token_hex(8)}"
    with structlog.contextvars.bound_contextvars(request_id=found):
        yield found


class RequestIds:
    """Gives each request an id, and answers what nobody foresaw with a problem that names it."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        found = f"r_{secrets.token_hex(8)}"
        structlog.contextvars.bind_contextvars(request_id=found)
        begun = False

        async def named(message: Message) -> None:
            nonlocal begun
            if message["type"] == "http.response.start":
                begun = True
                headers = MutableHeaders(scope=message)
                headers["X-Request-Id"] = found
                headers.setdefault("X-Content-Type-Options", "nosniff")
                headers.setdefault("Cache-Control", "no-store")
            await send(message)

        try:
            await self._app(scope, receive, named)
        except Exception:
            log.exception("a request failed", path=scope["path"], method=scope["method"])
            if begun:
                raise
            from shared.web.problems import answer, internal_error

            await answer(internal_error())(scope, receive, named)
        finally:
            structlog.contextvars.unbind_contextvars("request_id")
