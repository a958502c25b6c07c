"""What benches stand on: servers of their own, and processes whose processor time is read."""

import asyncio
import json
import os
import signal
import sys
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import aiohttp

from deploy.local import ports
from shared.contracts import topics
from shared.contracts.accounts import ConnectionStateV1
from shared.messaging.publisher import Publisher
from shared.messaging.topics_admin import create_topics
from shared.sealing.keys import SecretKeys
from shared.settings import KithSettings
from tests import servers

SECRET_KEY = "1:" + "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE"
WORKSPACE = "ws_bench"
CONNECTION = "con_bench"
HOOK_SECRET = "bench-secret"
_TICKS = os.sysconf("SC_CLK_TCK")


@asynccontextmanager
async def stage() -> AsyncGenerator[KithSettings]:
    """Run a broker and a database, with the topics made."""
    with servers.a_kafka() as kafka, servers.a_mongo() as mongo:
        settings = KithSettings(kafka=kafka.bootstrap, mongo=mongo.uri, secret_key=SECRET_KEY)  # type: ignore[arg-type]
        await create_topics(settings)
        yield settings


def environment(settings: KithSettings, **more: str) -> dict[str, str]:
    """Return the environment of a service on this stage."""
    return {
        **os.environ,
        "KITH_KAFKA": settings.kafka,
        "KITH_MONGO": settings.mongo,
        "KITH_SECRET_KEY": SECRET_KEY,
        "KITH_LOG_LEVEL": "WARNING",
        **more,
    }


async def connect_a_bot(settings: KithSettings) -> None:
    """Tell every service of one bot, as ingest would."""
    keys = SecretKeys(SECRET_KEY)
    publisher = Publisher(settings, "bench")
    await publisher.start()
    state = ConnectionStateV1(
        id=CONNECTION,
        time=datetime.now(UTC),
        workspace_id=WORKSPACE,
        rev=1,
        channel="telegram",
        name="Bench",
        account_id="1",
        sealed_secrets={"secret": keys.seal(WORKSPACE, "connection.secret", HOOK_SECRET)},
    )
    await publisher.publish(topics.CONNECTION, [state])
    await publisher.stop()


class Running:
    """A process of ours."""

    def __init__(self, process: asyncio.subprocess.Process, port: int) -> None:
        self.process = process
        self.port = port

    def processor_seconds(self) -> float:
        """Return the processor time that it has taken, user and system."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text(encoding="utf-8").rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / _TICKS


@asynccontextmanager
async def running(*argv: str, port: int, env: Mapping[str, str], ready: str) -> AsyncGenerator[Running]:
    """Run a Python module until the end of the block; ready when an address answers 200."""
    process = await asyncio.create_subprocess_exec(sys.executable, "-m", *argv, env=dict(env))
    try:
        await _until_ready(process, f"http://127.0.0.1:{port}{ready}")
        yield Running(process, port)
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGTERM)
            await process.wait()


async def _until_ready(process: asyncio.subprocess.Process, address: str) -> None:
    async with aiohttp.ClientSession() as session:
        for _ in range(600):
            if process.returncode is not None:
                raise RuntimeError(f"{address}: the process ended with {process.returncode}")
            try:
                async with session.get(address) as answer:
                    if answer.status == 200:
                        return
            except aiohttp.ClientError:
                pass
            await asyncio.sleep(0.1)
    raise RuntimeError(f"{address} did not become ready within a minute")


def free_port() -> int:
    """Return a port that nobody has."""
    return ports.free(1)[0]


async def load(
    port: int, path: str, *, seconds: float, connections: int, first: int, rate: float = 0.0
) -> dict[str, Any]:
    """Send webhooks from a process of their own; returns what it counted."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.bench.load", str(port), path, HOOK_SECRET),
        *(str(seconds), str(connections), str(first), str(rate)),
        stdout=asyncio.subprocess.PIPE,
    )
    out, _ = await process.communicate()
    counted: dict[str, Any] = json.loads(out)
    return counted
