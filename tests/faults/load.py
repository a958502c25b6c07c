"""People who write, and a provider that delivers what they write as Telegram does: again, until it is taken."""

import asyncio
import json
import random
import time
from collections import Counter, defaultdict
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import aiohttp

from tests.faults.house import GENEROUS, House

FIRST_UPDATE = 500_000_000
"""Above the numbers that the sandbox gives to its own updates."""
PEOPLE_AT_ONCE = 1000
ANSWER_SECONDS = 30.0


@dataclass(frozen=True)
class Written:
    """One message that was answered with a 2xx: from then on it is ours to keep."""

    chat_id: int
    update_id: int
    date: int
    text: str


Tell = Callable[[str], None]
NewLoad = Callable[[int], Awaitable["Load"]]


class Load:
    """Some people who write to one bot. Half of them come straight to ingest, half through the console's origin."""

    def __init__(self, house: House, bot: Mapping[str, Any], *, people: int) -> None:
        assert people <= PEOPLE_AT_ONCE
        self.house = house
        self.bot = bot
        self.prefix = str(bot["bot_id"])
        """All their chat ids begin with it, and nobody else's does."""
        self.chats = [int(f"{self.prefix}{number:03d}") for number in range(people)]
        self.accepted: dict[int, list[Written]] = defaultdict(list)
        """What was taken, per chat, in the order in which it was."""
        self.statuses: Counter[int] = Counter()
        """Answers by status; 0 stands for none."""
        self.seconds: dict[int, list[float]] = defaultdict(list)
        """How long answers took, by status."""
        self._next = FIRST_UPDATE
        self._random = random.Random(bot["bot_id"])

    @property
    def total(self) -> int:
        return sum(len(written) for written in self.accepted.values())

    async def open_chats(self) -> None:
        """Have everybody say hello through the sandbox: a bot cannot write to whom it never heard of."""
        await asyncio.gather(*(self._hello(chat_id) for chat_id in self.chats))

    async def _hello(self, chat_id: int) -> None:
        address = f"{self.house.kith.sandbox}/api/telegram/bots/{self.bot['bot_id']}/chats/{chat_id}/say"
        text = f"hello from {chat_id}"
        async with self.house.kith.session.post(address, json={"text": text, "wait": 30}) as answer:
            said = await answer.json()
        assert said["outcome"] == "delivered", said
        self.accepted[chat_id].append(Written(chat_id, said["update_id"], int(time.time()), text))

    def write(self, chat_id: int, *, date: int | None = None) -> Written:
        """Make the next message of a chat; nobody was sent it yet."""
        self._next += 1
        return Written(chat_id, self._next, date or int(time.time()), f"message {self._next} of {chat_id}")

    async def deliver(self, written: Written) -> None:
        """Deliver a message until it is taken, and note that."""
        await self.until_taken(an_update(written), through_console=written.chat_id % 2 == 1)
        self.accepted[written.chat_id].append(written)

    async def until_taken(self, update: Mapping[str, Any], *, through_console: bool = False) -> None:
        """Deliver an update again and again until the answer is a 2xx."""
        pause, end = 0.1, time.monotonic() + GENEROUS
        while not 200 <= await self.once(update, through_console=through_console) < 300:
            assert time.monotonic() < end, f"not taken within {GENEROUS:.0f} s: {dict(self.statuses)}"
            await asyncio.sleep(pause * self._random.uniform(0.5, 1.5))
            pause = min(pause * 2, 1.0)

    async def once(self, update: Mapping[str, Any], *, through_console: bool = False) -> int:
        """Deliver an update once; returns the status, 0 where there was no answer."""
        kith, session = self.house.kith, self.house.session
        origin = kith.origin if through_console else f"http://127.0.0.1:{kith.ports['ingest']}"
        began = time.monotonic()
        try:
            async with session.post(
                f"{origin}/hooks/telegram/{self.bot['id']}",
                data=json.dumps(update),
                headers={"Content-Type": "application/json", "X-Telegram-Bot-Api-Secret-Token": self.bot["secret"]},
                timeout=aiohttp.ClientTimeout(total=ANSWER_SECONDS),
            ) as answer:
                status = answer.status
        except (aiohttp.ClientError, OSError, TimeoutError):
            status = 0
        self.statuses[status] += 1
        self.seconds[status].append(time.monotonic() - began)
        return status

    async def exactly(self, each: int) -> None:
        """Have everybody write so many messages, one after the other is taken."""

        async def one(chat_id: int) -> None:
            for _ in range(each):
                await self.deliver(self.write(chat_id))

        await asyncio.gather(*(one(chat_id) for chat_id in self.chats))

    async def blocks(self, chat_id: int) -> float:
        """Have somebody block the bot; returns when that was answered, in seconds since 1970."""
        await self._membership(chat_id, "kicked")
        return time.time()

    async def unblocks(self, chat_id: int) -> None:
        await self._membership(chat_id, "member")

    async def _membership(self, chat_id: int, status: str) -> None:
        self._next += 1
        await self.until_taken(a_membership(chat_id, self._next, status))

    @asynccontextmanager
    async def going_on(self, *, a_second: float) -> AsyncGenerator[None]:
        """Have them write at about this rate until the end of the block. Whatever was begun then is taken, too."""
        enough = asyncio.Event()
        pause = len(self.chats) / a_second

        async def one(chat_id: int) -> None:
            await asyncio.sleep(self._random.uniform(0, pause))
            while not enough.is_set():
                await self.deliver(self.write(chat_id))
                await asyncio.sleep(self._random.uniform(0.5, 1.5) * pause)

        async with asyncio.TaskGroup() as together:
            for chat_id in self.chats:
                together.create_task(one(chat_id))
            try:
                yield
            finally:
                enough.set()


def an_update(written: Written) -> dict[str, Any]:
    """Write a message as Telegram sends it."""
    person = {"id": written.chat_id, "is_bot": False, "first_name": "Ann", "language_code": "en"}
    return {
        "update_id": written.update_id,
        "message": {
            "message_id": written.update_id,
            "from": person,
            "chat": {"id": written.chat_id, "first_name": "Ann", "type": "private"},
            "date": written.date,
            "text": written.text,
        },
    }


def a_membership(chat_id: int, update_id: int, status: str) -> dict[str, Any]:
    """Write a block (`kicked`) or an unblock (`member`) as Telegram sends it."""
    person = {"id": chat_id, "is_bot": False, "first_name": "Ann"}
    bot = {"id": 1, "is_bot": True, "first_name": "Bot"}
    before = "member" if status == "kicked" else "kicked"
    return {
        "update_id": update_id,
        "my_chat_member": {
            "chat": {"id": chat_id, "first_name": "Ann", "type": "private"},
            "from": person,
            "date": int(time.time()),
            "old_chat_member": {"user": bot, "status": before},
            "new_chat_member": {"user": bot, "status": status},
        },
    }


def shuffled(updates: Sequence[Written], within: int, dice: random.Random) -> list[Written]:
    """Put them out of order, none further than about `within` places from its own."""
    placed = sorted(enumerate(updates), key=lambda pair: pair[0] + dice.uniform(0, within))
    return [update for _, update in placed]
