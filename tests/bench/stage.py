"""What benches stand on: servers of their own, and processes whose processor time is read."""

import asyncio
import json
import os
import signal
import sys
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

import aiohttp

from deploy.local import ports
from shared.messaging.topics_admin import create_topics
from shared.settings import KithSettings
from tests import servers
from tests.bench.accounts import SECRET_KEY
from tests.bench.load import Plan

STARTS_WITHIN_SECONDS = 300
"""It takes a few; the rest is for a busy machine. A process that ends is noticed at once."""
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
        await until_ready(process, f"http://127.0.0.1:{port}{ready}")
        yield Running(process, port)
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGTERM)
            await process.wait()


async def until_ready(process: asyncio.subprocess.Process, address: str) -> None:
    """Wait until an address answers 200. Raises RuntimeError when it takes too long, or the process has ended."""
    async with aiohttp.ClientSession() as session:
        for _ in range(STARTS_WITHIN_SECONDS * 10):
            if process.returncode is not None:
                raise RuntimeError(f"{address}: the process ended with {process.returncode}")
            try:
                async with session.get(address) as answer:
                    if answer.status == 200:
                        return
            except aiohttp.ClientError:
                pass
            await asyncio.sleep(0.1)
    raise RuntimeError(f"{address} did not become ready within {STARTS_WITHIN_SECONDS} seconds")


def free_port() -> int:
    """Return a port that nobody has."""
    return ports.free(1)[0]


Load = Callable[[Plan], Awaitable[dict[str, Any]]]
"""Sends what a plan says; returns what was counted."""


@asynccontextmanager
async def loading() -> AsyncGenerator[Load]:
    """Run the process that loads come from."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.bench.load"),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    asked, told = process.stdin, process.stdout
    assert asked is not None
    assert told is not None

    async def load(plan: Plan) -> dict[str, Any]:
        asked.write(json.dumps(asdict(plan)).encode() + b"\n")
        counted: dict[str, Any] = json.loads(await told.readline())
        return counted

    try:
        yield load
    finally:
        asked.close()
        await process.wait()
