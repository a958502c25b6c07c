"""A running Kith as its operator and its enemies see it: processes by pid, the broker's own word on lag, memory."""

import asyncio
import json
import os
import signal
import sys
import time
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
from aiokafka import TopicPartition
from aiokafka.errors import KafkaError

from deploy.local import kafka_probe
from deploy.local.processes import Process
from shared.contracts import topics
from shared.contracts.topics import Topic
from shared.messaging.kafka import make_admin, partitions_of
from shared.messaging.reading import reading
from shared.settings import KithSettings
from tests.e2e.kith import ROOT, Kith, a_kith, until

SERVICES = ("console", "ingest", "identity", "notification", "broadcast")
GENEROUS = 150.0
"""Seconds to wait for what takes a few: how fast a machine is must not decide whether these tests pass."""
FAST = {
    "KITH_SANDBOX_LIMITS": "off",
    "KITH_TELEGRAM_RATE": "0",
    "KITH_TELEGRAM_CHAT_SPACING": "0",
    "KITH_TELEGRAM_TIMEOUT": "4",
}
"""So that a thousand messages take seconds, and a provider that stays silent does not hold up a test."""
SLOW = {"kind": "slow", "method": "sendMessage", "seconds": 0.4}
"""Keeps requests in flight, so that a kill meets some."""
MISBEHAVES = [
    {"kind": "429", "method": "sendMessage", "rate": 0.3, "retry_after": 2},
    {"kind": "500", "method": "sendMessage", "rate": 0.3 / 0.7},
    {"kind": "silence", "method": "sendMessage", "rate": 0.3 / 0.4},
]
"""Each strikes three of ten: a rule is only asked where those before it did not strike."""
SCENARIO = {
    "name": "One answer to each message",
    "languages": ["en"],
    "start": "more",
    "steps": {"more": {"do": "ask", "for": "text", "text": "Go on, please.", "next": "more"}},
}


class House:
    """What may be done to a running Kith, and what is looked at afterwards."""

    def __init__(self, kith: Kith, session: aiohttp.ClientSession, *, kafka_port: int | None = None) -> None:
        self.kith = kith
        self.session = session
        """Has as many connections as it is asked for: nobody who writes waits for others' answers."""
        self._kafka_port = kafka_port or kith.ports["kafka"]
        mongo = f"mongodb://127.0.0.1:{kith.ports['mongo']}/?replicaSet=rs0"
        self.settings = KithSettings(kafka=f"127.0.0.1:{self._kafka_port}", mongo=mongo)

    async def bot(self, number: int) -> dict[str, Any]:
        """Connect a bot that answers each text with one message. Nobody has written to it yet."""
        token = f"{number}:{'x' * 35}"
        asked = {"channel": "telegram", "token": token, "name": f"Bot {number}", "scenario": SCENARIO}
        status, made = await self.kith.call("POST", "/api/ingest/connections", body=asked)
        assert status == 201, made
        await self.faults(number, [])
        return {"id": made["id"], "secret": made["secret"], "bot_id": number}

    async def faults(self, bot_id: int, rules: Sequence[Mapping[str, Any]]) -> None:
        """Have the provider misbehave as the rules say; its rate limits are off."""
        address = f"{self.kith.sandbox}/api/telegram/bots/{bot_id}/faults"
        async with self.kith.session.put(address, json={"rules": list(rules), "limits": False}) as answer:
            assert answer.status == 200, await answer.text()

    def pid(self, name: str) -> int | None:
        """Return the pid of a process of the run, None while it is gone."""
        found = Process(name, self.kith.home / "run").identity()
        return found.pid if found else None

    async def send_signal(self, name: str, number: signal.Signals) -> int:
        """Send a signal to a process as soon as there is one; returns its pid."""

        async def running() -> int | None:
            return self.pid(name)

        pid = await until(running, GENEROUS)
        os.kill(pid, number)
        return pid

    async def kill(self, name: str) -> float:
        """End a process as `kill -9` does; returns the seconds until it is ready again; of a server, until all are."""
        return await self._end(name, signal.SIGKILL)

    async def ask_to_end(self, name: str) -> float:
        """End a process as a deployment does; returns the seconds until it is ready again."""
        return await self._end(name, signal.SIGTERM)

    async def _end(self, name: str, number: signal.Signals) -> float:
        began = time.monotonic()
        pid = await self.send_signal(name, number)

        async def back() -> bool:
            return self.pid(name) not in {None, pid} and await self.is_ready(*({name} & set(SERVICES)))

        await until(back, GENEROUS)
        return time.monotonic() - began

    @asynccontextmanager
    async def standing_still(self, name: str) -> AsyncGenerator[None]:
        """Stop a process without ending it, until the end of the block."""
        pid = await self.send_signal(name, signal.SIGSTOP)
        try:
            yield
        finally:
            os.kill(pid, signal.SIGCONT)

    async def is_ready(self, *names: str) -> bool:
        """Tell whether all services, or those named, and the broker and the sandbox are ready."""
        answers = await asyncio.gather(*(self._answers(name) for name in names or (*SERVICES, "sandbox")))
        return all(answers) and await asyncio.to_thread(kafka_probe.is_ready, self._kafka_port)

    async def _answers(self, name: str) -> bool:
        address = f"http://127.0.0.1:{self.kith.ports[name]}/health/ready"
        try:
            async with self.kith.session.get(address, timeout=aiohttp.ClientTimeout(total=5)) as answer:
                return answer.status == 200
        except (aiohttp.ClientError, OSError, TimeoutError):
            return False

    def memory(self, name: str) -> float:
        """Return the resident memory of a process in MB."""
        pid = self.pid(name)
        if pid is None:
            return 0.0
        lines = Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines()
        return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS"))

    async def lag(self) -> int | None:
        """Return how many records no group of ours has handled, by the broker; None while it does not answer.

        Topics are asked in the order in which records pass through them, so 0 means that nothing is on its way.
        """
        admin = make_admin(self.settings)
        try:
            await admin.start()
            total = 0
            async with reading(self.settings, "tests") as reader:
                for topic in topics.TOPICS:
                    for service in topic.consumers:
                        places = await partitions_of(reader, topic.name)
                        done = await admin.list_consumer_group_offsets(f"{service}.{topic.name}", partitions=places)
                        total += _behind(await reader.end_offsets(places), done)
        except (KafkaError, OSError):
            return None
        else:
            return total
        finally:
            await admin.close()

    async def dead_letters(self) -> int:
        """Return how many records were ever put aside."""
        return sum((await self.ends(topics.DEAD_LETTER)).values())

    async def ends(self, topic: Topic) -> Mapping[TopicPartition, int]:
        """Return where each partition of a topic ends."""
        async with reading(self.settings, "tests") as reader:
            return await reader.end_offsets(await partitions_of(reader, topic.name))

    async def measured_lag_is_none(self) -> bool:
        """Tell whether every service says of itself that it is behind with nothing."""
        for service in ("ingest", "identity", "notification", "broadcast"):
            found = await self.kith.metrics(service)
            lags = [value for name, value in found.items() if name.startswith("kith_consumer_lag{")]
            if not lags or any(lags):
                return False
        return True

    async def command(self, *arguments: str) -> Any:
        """Run `kith … --json` as an operator of this run does."""
        environment = {name: value for name, value in os.environ.items() if not name.startswith("KITH_")}
        asked = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "deploy.cli", *arguments, "--json"),
            cwd=ROOT,
            env=environment | {"KITH_HOME": str(self.kith.home)},
            stdout=asyncio.subprocess.PIPE,
        )
        out, _ = await asked.communicate()
        assert asked.returncode == 0, out.decode()
        return json.loads(out)


@asynccontextmanager
async def a_house(*, kafka_port: int | None = None, **more: str) -> AsyncGenerator[House]:
    """Start everything, fit for tests of faults."""
    connections = aiohttp.TCPConnector(limit=0)
    async with a_kith(**FAST, **more) as kith, aiohttp.ClientSession(connector=connections) as session:
        yield House(kith, session, kafka_port=kafka_port)


def _behind(ends: Mapping[TopicPartition, int], done: Mapping[TopicPartition, Any]) -> int:
    # a group that has not committed anything yet has offset -1
    return sum(end - max(0, done[place].offset if place in done else 0) for place, end in ends.items())
