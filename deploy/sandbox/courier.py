"""Takes updates to webhooks until each was taken."""

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Protocol

import aiohttp

from deploy.sandbox.deliveries import Delivery

ANSWER_SECONDS = 30.0
"""How long a webhook may take."""
LONGEST_PAUSE = 60.0
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Parcel:
    """One update as it travels."""

    url: str
    body: bytes
    headers: Mapping[str, str]


@dataclass(frozen=True)
class Attempt:
    """What a webhook answered."""

    status: int | None
    error: str | None
    """None where it took the update."""


class Post(Protocol):
    """A provider's queues: one per account with a webhook."""

    def waiting(self) -> list[Any]:
        """Accounts for which something waits."""
        ...

    def next(self, whose: Any) -> Delivery | None:  # noqa: ANN401 - an id of the provider's own form
        """Find what is due for an account with a webhook."""
        ...

    def next_in(self, whose: Any) -> float | None:  # noqa: ANN401 - as above
        """Seconds until the next one is due; None where nothing waits, or nobody takes it."""
        ...

    def parcel(self, delivery: Delivery) -> Parcel:
        """Write one down as it travels, with the provider's proof that it is genuine."""
        ...

    def tried(self, delivery: Delivery, attempt: Attempt) -> bool:
        """Note what came of one attempt. True where those behind it have to wait for the next one."""
        ...


class Courier:
    """One task per account with a webhook: the trouble of one holds up no other. `first_pause` is in seconds."""

    def __init__(self, post: Post, first_pause: float) -> None:
        self._post = post
        self._first_pause = first_pause
        self._rounds: dict[Any, asyncio.Task[None]] = {}
        self._woken: dict[Any, asyncio.Event] = {}
        self._session: aiohttp.ClientSession | None = None

    async def start(self) -> None:
        """Go on where the last run stopped."""
        timeout = aiohttp.ClientTimeout(total=ANSWER_SECONDS)
        self._session = aiohttp.ClientSession(timeout=timeout, cookie_jar=aiohttp.DummyCookieJar())
        for whose in self._post.waiting():
            self.wake(whose)

    async def stop(self) -> None:
        """Leave off. An update that is under way is sent again by the next run."""
        for task in self._rounds.values():
            task.cancel()
        await asyncio.gather(*self._rounds.values(), return_exceptions=True)
        if self._session is not None:
            await self._session.close()

    def wake(self, whose: Any) -> None:  # noqa: ANN401 - an id of the provider's own form
        """Look again: something was put into the queue, or the webhook was set."""
        if whose not in self._rounds:
            self._woken[whose] = asyncio.Event()
            self._rounds[whose] = asyncio.create_task(self._round(whose), name=f"courier of {whose}")
        self._woken[whose].set()

    async def _round(self, whose: Any) -> None:  # noqa: ANN401 - as above
        pause = self._first_pause
        while True:
            self._woken[whose].clear()
            delivery = self._post.next(whose)
            if delivery is None:
                await self._sleep(whose, self._post.next_in(whose))
                continue
            attempt = await self._hand_over(self._post.parcel(delivery))
            if attempt.error:
                _log.info("update %s of %s was not taken: %s", delivery.update_id, whose, attempt.error)
            if not self._post.tried(delivery, attempt):
                pause = self._first_pause
                continue
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)

    async def _sleep(self, whose: Any, longest: float | None) -> None:  # noqa: ANN401 - as above
        try:
            await asyncio.wait_for(self._woken[whose].wait(), None if longest is None else max(longest, 0.001))
        except TimeoutError:
            return

    async def _hand_over(self, parcel: Parcel) -> Attempt:
        assert self._session is not None  # noqa: S101  rounds run between start and stop
        headers = {"Content-Type": "application/json", **parcel.headers}
        try:
            async with self._session.post(
                parcel.url, data=parcel.body, headers=headers, allow_redirects=False, ssl=False
            ) as answer:
                await answer.read()
                status = answer.status
        except TimeoutError:
            return Attempt(None, "Read timeout expired")
        except aiohttp.ClientConnectorError:
            return Attempt(None, "Connection refused")
        except (aiohttp.ClientError, OSError) as error:
            return Attempt(None, f"Connection failed: {type(error).__name__}")
        if HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
            return Attempt(status, None)
        return Attempt(status, f"Wrong response from the webhook: {status} {answer.reason}")
