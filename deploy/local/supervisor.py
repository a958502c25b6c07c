"""One local run: everything is started in order, kept running, and stopped in order."""

import asyncio
import signal
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence

from deploy.local import artifacts, children, environment, kafka, layout, logs, ports
from deploy.local.children import Program, Server
from deploy.local.errors import CannotStart
from deploy.local.keeper import Keeper, Tell
from deploy.local.nursery import Nursery
from deploy.local.processes import LOOK_EVERY, Process, last_lines
from deploy.local.stopping import PROGRAMS_WITHIN, SERVERS_WITHIN, stop_leftovers, stop_together

READY_WITHIN = 90.0
"""Seconds that a program has to become ready before the run goes on without it."""

STOPPING_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

Step = Callable[[str, float], None]
"""Takes what was done, and how many seconds it took."""


class Supervisor:
    """Made for one home and environment, run once."""

    def __init__(self, home: layout.Home, given: Mapping[str, str], *, tell: Tell, step: Step) -> None:
        self.home = home
        self.ports = ports.of_environment(given)
        self.missing: list[str] = []
        """Programs that are not ready, by name."""
        self._given = given
        self._tell = tell
        self._step = step
        self._stop = asyncio.Event()
        self._nursery = Nursery(given)
        self._servers: list[Server] = []
        self._programs: list[Program] = []
        self._keepers: dict[str, Keeper] = {}
        self._tasks: list[asyncio.Task[None]] = []

    async def run(self, *, demo: bool, when_up: Callable[[], None]) -> None:
        """Start everything, call `when_up`, and keep it running until a signal ends the run. Raises CannotStart."""
        loop = asyncio.get_running_loop()
        for number in STOPPING_SIGNALS:
            loop.add_signal_handler(number, self._stop.set)
        starting = asyncio.create_task(self._start(demo=demo))
        stopping = asyncio.create_task(self._stop.wait())
        try:
            await asyncio.wait({starting, stopping}, return_when=asyncio.FIRST_COMPLETED)
            if not starting.done():
                return
            starting.result()
            when_up()
            self._tasks.append(asyncio.create_task(self._bound_logs()))
            await stopping
        finally:
            for task in (starting, stopping):
                task.cancel()
            await asyncio.gather(starting, stopping, return_exceptions=True)
            await self._stop_all()

    async def _start(self, *, demo: bool) -> None:
        left = await asyncio.to_thread(stop_leftovers, self.home)
        if left:
            self._tell(f"Stopped what an earlier run had left behind: {', '.join(left)}.")
        told = environment.for_processes(self.home, self._given)
        self._nursery = Nursery(told)
        self._nursery.open()
        self._servers = children.servers(self.home, self.ports, self._given)
        self._programs = [
            one for one in children.programs(self.home, self.ports, told, self._nursery) if self._is_written(one)
        ]
        ports.refuse_taken(self.ports, self._wanted())
        if any(server.name == "kafka" for server in self._servers) and not artifacts.are_in(layout.cache(self._given)):
            self._tell("Fetching Kafka's jars; this is done once.")
            await self._timed("Kafka's jars fetched", self._aside("fetch", "deploy.local.artifacts", told))
        # Its imports take as long as the servers' start, so it begins with them, and waits for them itself.
        migrate = self._aside("migrate", "deploy.cli", told, "migrate", "--wait", str(kafka.STARTS_WITHIN))
        try:
            async with asyncio.TaskGroup() as together:
                together.create_task(self._timed("topics and indexes made", migrate))
                for server in self._servers:
                    together.create_task(self._timed(f"{server.name} ready", self._first_start(server)))
        except ExceptionGroup as several:
            raise several.exceptions[0] from several
        self._keep(self._programs)
        making = asyncio.create_task(self._timed("demo data there", self._demo(told))) if demo else None
        await self._timed("services ready", self._ready())
        if making and self.missing:
            making.cancel()
        if making:
            await asyncio.gather(making, return_exceptions=True)

    def _is_written(self, program: Program) -> bool:
        if not program.is_written:
            self._tell(f"{program.name} is left out: this checkout has no {program.module}.")
        return program.is_written

    def _wanted(self) -> list[str]:
        names = [child.name for child in (*self._servers, *self._programs)]
        further = {"kafka-controller": "kafka", "sandbox-mail": "sandbox"}
        return [name for name in ports.SETTINGS if name in names or further.get(name) in names]

    async def _first_start(self, server: Server) -> None:
        """Start a server that has to be there. Its keeper takes it over; raises CannotStart where it does not come."""
        await asyncio.to_thread(server.start)
        self._keep([server])

    def _keep(self, started: Sequence[Server | Program]) -> None:
        for child in started:
            keeper = self._keepers[child.name] = Keeper(child, self._tell)
            self._tasks.append(asyncio.create_task(keeper.run()))

    async def _ready(self) -> None:
        """Wait until each program is ready, has ended, or has taken too long."""

        async def one(program: Program) -> None:
            keeper = self._keepers[program.name]
            waits = [asyncio.create_task(event.wait()) for event in (keeper.ready, keeper.ended)]
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED, timeout=READY_WITHIN)
            for wait in waits:
                wait.cancel()
            if not keeper.ready.is_set():
                self.missing.append(program.name)
                self._tell(f"{program.name} is not ready; the end of {self.home.log_of(program.name)}:")
                self._tell(last_lines(self.home.log_of(program.name)))

        await asyncio.gather(*(one(program) for program in self._programs))

    async def _aside(self, name: str, module: str, told: Mapping[str, str], *arguments: str) -> None:
        """Run a Python program of ours to its end, its output in a log. Raises CannotStart with the end of it."""
        log = self.home.log_of(name)
        said_before = log.stat().st_size if log.exists() else 0
        process = Process(name, self.home.run)
        try:
            await asyncio.to_thread(
                process.start, lambda: self._nursery.run(module, *arguments, log=log, environment=told)
            )
            while process.identity():  # noqa: ASYNC110  it is no child of ours: its end has to be looked for
                await asyncio.sleep(LOOK_EVERY)
        finally:
            process.retire()
            await asyncio.to_thread(process.kill)
        if process.exit_code != 0:
            raise CannotStart(f"`{name}` failed; the end of {log}:\n{last_lines(log, since=said_before)}")

    async def _demo(self, told: Mapping[str, str]) -> None:
        """Begun together with the services: users are made without them. A run without demo data is a run, too."""
        try:
            await self._aside("demo", "deploy.cli", told, "demo", "--quiet", "--wait", str(READY_WITHIN))
        except CannotStart as trouble:
            self._tell(f"There is no demo data. {trouble}")

    async def _bound_logs(self) -> None:
        while True:
            await asyncio.to_thread(logs.bound, self.home.logs)
            await asyncio.sleep(30)

    async def _stop_all(self) -> None:
        """Stop the programs together, then the servers; bounded in time, whatever they do."""
        for child in (*self._programs, *self._servers):
            child.process.retire()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        began = time.monotonic()
        programs, servers = [one.process for one in self._programs], [one.process for one in self._servers]
        stubborn = await asyncio.to_thread(stop_together, programs, grace=PROGRAMS_WITHIN)
        stubborn += await asyncio.to_thread(stop_together, servers, grace=SERVERS_WITHIN)
        for name in stubborn:
            self._tell(f"{name} did not end when asked, and was killed.")
        self._nursery.close()
        if self._tasks:
            self._step("stopped", time.monotonic() - began)

    async def _timed(self, what: str, work: Awaitable[None]) -> None:
        began = time.monotonic()
        await work
        self._step(what, time.monotonic() - began)
