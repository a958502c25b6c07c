"""The Bot API's own addresses: /telegram/bot<token>/<method>."""

import asyncio
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from deploy.sandbox.courier import Courier
from deploy.sandbox.telegram.desk import Desk, Outcome
from deploy.sandbox.telegram.errors import TelegramError
from deploy.sandbox.telegram.parameters import Parameters, read
from deploy.sandbox.telegram.state import State
from deploy.sandbox.wire import Reset, Silence

LONGEST_POLL = 50
"""Seconds that getUpdates may wait."""
_LOOK_EVERY = 0.1


@dataclass(frozen=True)
class BotApi:
    """Translates between HTTP and the desk."""

    state: State
    desk: Desk
    courier: Courier

    def routes(self) -> list[Route]:
        """Every address under /telegram; what is no method gets Telegram's own 404."""
        methods = ["GET", "POST"]
        return [
            Route("/telegram/bot{token}/{method}", self.call, methods=methods),
            Route("/telegram/{rest:path}", self.nothing, methods=methods),
        ]

    async def call(self, request: Request) -> Response:
        """One call of one method."""
        method: str = request.path_params["method"]
        try:
            parameters = await read(request)
        except TelegramError as error:
            return _json(Outcome(error.code, error.answer()))
        token: str = request.path_params["token"]
        if method.lower() == "getupdates":
            await self._wait_for_updates(token, parameters)
        outcome = self.desk.take(token, method, parameters, dict(request.headers))
        if outcome.bot_id is not None and method.lower() == "setwebhook":
            self.courier.wake(outcome.bot_id)
        if outcome.wire == "silence":
            return Silence(self.state.live.stopping)
        if outcome.wire == "reset":
            return Reset()
        if outcome.seconds:
            await asyncio.sleep(outcome.seconds)
        return _json(outcome)

    async def nothing(self, _: Request) -> Response:
        """Answer at an address that holds no token or no method."""
        return _json(Outcome(404, {"ok": False, "error_code": 404, "description": "Not Found"}))

    async def _wait_for_updates(self, token: str, parameters: Parameters) -> None:
        try:
            bot = self.state.bots.of_token(token)
        except TelegramError:
            return
        left = min(parameters.integer("timeout"), LONGEST_POLL) / _LOOK_EVERY
        while left > 0 and not bot.webhook_url and not self.state.live.stopping.is_set():
            if self.state.deliveries.waits_from(bot.bot_id, parameters.integer("offset")):
                return
            await asyncio.sleep(_LOOK_EVERY)
            left -= 1


def _json(outcome: Outcome) -> Response:
    headers = {} if outcome.retry_after is None else {"Retry-After": str(outcome.retry_after)}
    return JSONResponse(outcome.answer, outcome.status, headers)
