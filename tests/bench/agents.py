"""Agents who listen, in a process of their own: each holds a live stream, and comes back where it broke off.

`python -m tests.bench.agents` reads JSON from its standard input, a line at a time, and answers each with one:
first the `ports` and `agents`, then as often as wanted a `Wait`, answered with a `Heard` of what came since the last.
"""

import asyncio
import contextlib
import json
import random
import sys
import time
from dataclasses import asdict, dataclass, field
from typing import Any

import aiohttp
import uvloop

PAUSE_SECONDS = (0.1, 0.5)
"""Before coming back."""
LONGEST_LINE = 64 * 2**20


@dataclass(frozen=True, slots=True)
class Listening:
    """One agent. With a queue of "" nothing of any request is theirs."""

    queue_id: str
    token: str
    path: str


@dataclass(frozen=True, slots=True)
class Wait:
    """Until so many lines were heard, at most so long."""

    lines: int
    seconds: float


@dataclass(slots=True)
class Heard:
    """What agents were told of new requests."""

    at: dict[str, list[float]] = field(default_factory=dict[str, list[float]])
    """By request, when each agent's line came, by the machine's monotonic clock. Each agent counts once."""
    lines: int = 0
    twice: int = 0
    """Lines that an agent had been given before."""
    strays: int = 0
    """Lines of queues that are not the agent's."""
    resets: int = 0
    came_back: int = 0


class Agents:
    """All of them, and what they heard."""

    def __init__(self, ports: list[int]) -> None:
        self._ports = ports
        self.heard = Heard()
        self.more = asyncio.Event()

    async def listen(self, session: aiohttp.ClientSession, agent: Listening, begun: asyncio.Event) -> None:
        """Hold a stream open for good."""
        one = _Agent(self, agent, begun)
        while True:
            headers = {"Authorization": f"Bearer {agent.token}"}
            if one.last is not None:
                headers["Last-Event-ID"] = str(one.last)
            address = f"http://127.0.0.1:{random.choice(self._ports)}{agent.path}"
            with contextlib.suppress(aiohttp.ClientError, OSError):
                async with session.get(address, headers=headers) as answer:
                    if answer.status == 200:
                        await one.read(answer.content)
            self.heard.came_back += 1
            await asyncio.sleep(random.uniform(*PAUSE_SECONDS))

    async def wait(self, wait: Wait) -> Heard:
        """Give what was heard, and begin to count anew."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(wait.seconds):
                while self.heard.lines < wait.lines:
                    self.more.clear()
                    await self.more.wait()
        found, self.heard = self.heard, Heard()
        return found


class _Agent:
    """One agent's place in the stream."""

    def __init__(self, agents: Agents, agent: Listening, begun: asyncio.Event) -> None:
        self._agents = agents
        self._agent = agent
        self._begun = begun
        self._known: set[str] = set()
        self._newest = 0
        self.last: int | None = None

    async def read(self, stream: aiohttp.StreamReader) -> None:
        """Take in whole events until the stream ends."""
        rest = b""
        async for some in stream.iter_any():
            *events, rest = (rest + some).split(b"\n\n")
            now = time.monotonic()
            for event in events:
                self.take(event, now)

    def take(self, event: bytes, now: float) -> None:
        """Take in one event of the stream."""
        said = dict(line.split(": ", 1) for line in event.decode().split("\n") if not line.startswith(":"))
        data = json.loads(said.get("data", "{}"))
        match said.get("event"):
            case "ready":
                self._newest = data["n"]
                self.last = self._newest if self.last is None else self.last
                self._begun.set()
            case "reset":
                self.last = self._newest
                self._agents.heard.resets += 1
            case "mark":
                self.last = data["n"]
            case "change":
                self.last = data["n"]
                if data["kind"] == "request":
                    self._told(data["id"], data["queue_id"], now)
            case _:
                pass

    def _told(self, id_: str, queue_id: str, now: float) -> None:
        heard = self._agents.heard
        if queue_id != self._agent.queue_id:
            heard.strays += 1
        elif id_ in self._known:
            heard.twice += 1
        else:
            self._known.add(id_)
            heard.at.setdefault(id_, []).append(now)
            heard.lines += 1
            self._agents.more.set()


async def _main() -> None:
    loop = asyncio.get_running_loop()
    lines = asyncio.StreamReader(limit=LONGEST_LINE)
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lines), sys.stdin)
    office = json.loads(await lines.readline())
    agents = Agents(office["ports"])
    timeout = aiohttp.ClientTimeout(total=None)
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0), timeout=timeout) as session:
        begun = [asyncio.Event() for _ in office["agents"]]
        tasks = [
            asyncio.create_task(agents.listen(session, Listening(**one), event))
            for one, event in zip(office["agents"], begun, strict=True)
        ]
        await asyncio.gather(*(event.wait() for event in begun))
        _answer({"agents": len(begun)})
        while asked := await lines.readline():
            _answer(asdict(await agents.wait(Wait(**json.loads(asked)))))
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def _answer(what: Any) -> None:
    print(json.dumps(what), flush=True)


if __name__ == "__main__":
    uvloop.run(_main())
