"""How a service's process ends: 0 says that everything was finished in order, and nothing else does."""

import asyncio
import signal
import sys
from asyncio.subprocess import PIPE, STDOUT, Process
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest

from deploy.local import ports

PROGRAM = Path(__file__).with_name("a_service.py")
ROOT = Path(__file__).parents[2]
WITHIN = 60.0


@asynccontextmanager
async def a_service(how: str = "well") -> AsyncGenerator[tuple[Process, str]]:
    """Start a service in a process of its own; give it with its address."""
    (port,) = ports.free(1)
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, str(PROGRAM), str(port), how),
        cwd=ROOT,
        env={"PYTHONPATH": str(ROOT)},
        stdout=PIPE,
        stderr=STDOUT,
    )
    try:
        yield process, f"http://127.0.0.1:{port}"
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def until_live(origin: str) -> None:
    async with asyncio.timeout(WITHIN), httpx.AsyncClient() as client:
        while True:
            try:
                if (await client.get(f"{origin}/health/live")).status_code == 200:
                    return
            except httpx.TransportError:
                await asyncio.sleep(0.05)


async def end_of(process: Process) -> tuple[int, str]:
    """Wait for the end; returns the exit code and all that was said."""
    said, _ = await asyncio.wait_for(process.communicate(), WITHIN)
    return process.returncode or 0, said.decode()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_a_service_that_is_asked_to_stop_answers_what_it_was_asked_and_ends_with_0(
    number: signal.Signals,
) -> None:
    async with a_service() as (process, origin), httpx.AsyncClient(timeout=WITHIN) as client:
        await until_live(origin)
        asked = asyncio.create_task(client.get(f"{origin}/api/console/slow"))
        assert process.stdout
        assert await process.stdout.readline() == b"asked\n"

        process.send_signal(number)

        assert (await asked).json() == "finished"
        assert await end_of(process) == (0, "drained\n")


@pytest.mark.parametrize("how", ["fails to start", "fails to stop"])
async def test_a_service_that_fails_says_so_with_its_exit_code(how: str) -> None:
    async with a_service(how) as (process, origin):
        if how == "fails to stop":
            await until_live(origin)
            process.send_signal(signal.SIGTERM)
        code, said = await end_of(process)

    assert code > 0
    assert "drained" not in said


async def test_a_second_ctrl_c_waits_for_nobody_and_is_no_clean_end() -> None:
    async with a_service() as (process, origin), httpx.AsyncClient(timeout=WITHIN) as client:
        await until_live(origin)
        asked = asyncio.create_task(client.get(f"{origin}/api/console/slow"))
        assert process.stdout
        await process.stdout.readline()
        process.send_signal(signal.SIGINT)
        await asyncio.sleep(0.3)
        process.send_signal(signal.SIGINT)
        code, said = await end_of(process)
        await asyncio.gather(asked, return_exceptions=True)

    assert code > 0
    assert "drained" not in said
