"""The sender of one process: which connections it holds, and who sends for each."""

import asyncio
import time
from collections.abc import Mapping

import structlog
from pymongo.errors import PyMongoError

from services.broadcast.channels.nobody import Nobody
from services.broadcast.channels.sender import ChannelSender
from services.broadcast.domain.connections import ConnectionBook
from services.broadcast.settings import BroadcastSettings
from services.broadcast.store.calls import Calls
from services.broadcast.usecases.lane import Lane
from services.broadcast.usecases.report_results import ReportResults
from services.broadcast.usecases.requests import Parts
from shared.contracts.chat import Channel

log = structlog.get_logger(__name__)

IDLE_SECONDS = 60.0
"""How long a connection is held that has nothing to send: others may take it then."""
FOREIGN_SECONDS = 2.0
"""How long it is believed that a connection is somebody else's."""


class Sender:
    """Takes the connections that have work and nobody, keeps them while they have any, and gives them back."""

    def __init__(
        self,
        settings: BroadcastSettings,
        parts: Parts,
        channels: Mapping[Channel, ChannelSender],
        connections: ConnectionBook,
        calls: Calls,
        reports: ReportResults,
    ) -> None:
        self._settings = settings
        self._parts = parts
        self._channels = channels
        self._connections = connections
        self._calls = calls
        self._reports = reports
        self._lanes: dict[str, Lane] = {}
        self._foreign_until: dict[str, float] = {}
        self._wanted: set[str] = set()
        self._busy: set[str] = set()
        """Connections that had rows waiting or in flight when we last looked round."""
        self._some_wanted = asyncio.Event()
        self._stopping: set[asyncio.Task[None]] = set()

    def wake(self, connection_ids: set[str]) -> None:
        """Say that these connections have new rows: a lane of ours starts at once, somebody else's is called."""
        for connection_id in connection_ids:
            lane = self._lanes.get(connection_id)
            if lane is not None:
                lane.wake()
            else:
                self._wanted.add(connection_id)
                self._some_wanted.set()

    async def run(self) -> None:
        """Send until cancelled; then finish what is in flight, write and report it, and let go of everything."""
        await self._succeed()
        writing = asyncio.create_task(self._parts.results.run())
        reporting = asyncio.create_task(self._reports.run())
        renewing = asyncio.create_task(self._renew())
        rounds = [self._take_wanted, self._look_round, self._hear, self._reports.run_sweep]
        tasks = [asyncio.create_task(one()) for one in rounds]
        try:
            done, _ = await asyncio.wait([*tasks, writing, reporting, renewing], return_when=asyncio.FIRST_EXCEPTION)
            for task in done:
                task.result()
        finally:
            await _end(tasks)
            await self._drain()  # what is in flight needs its lease, and its result written
            await _end([renewing, writing, reporting])
            await asyncio.gather(*(channel.close() for channel in self._channels.values()))
            self._parts.leases.close()

    async def _succeed(self) -> None:
        """Take over at once from a process that died in our place; whatever else died, its leases run out."""
        try:
            ended = await self._parts.leases.end_of_predecessor()
        except PyMongoError as error:
            log.warning("leases of a dead sender are left to run out", error=type(error).__name__)
        else:
            if ended:
                log.info("leases of a dead sender ended", leases=ended)

    async def run_calls(self) -> None:
        """Only call those who send: what a process does that serves the web alone."""
        while True:
            await self._some_wanted.wait()
            self._some_wanted.clear()
            wanted, self._wanted = self._wanted, set()
            for connection_id in wanted:
                await self._calls.call(connection_id)

    async def _drain(self) -> None:
        await asyncio.gather(*self._stopping, *(self._give_back(lane) for lane in list(self._lanes.values())))
        await self._reports.reported()

    async def _take_wanted(self) -> None:
        while True:
            await self._some_wanted.wait()
            self._some_wanted.clear()
            wanted, self._wanted = self._wanted, set()
            try:
                await asyncio.gather(*(self._take_or_call(connection_id) for connection_id in wanted))
            except PyMongoError as error:
                log.warning("taking connections waits for the database", error=type(error).__name__)
                await asyncio.sleep(0.2)  # the look round finds them again

    async def _take_or_call(self, connection_id: str) -> None:
        if self._foreign_until.get(connection_id, 0.0) <= time.monotonic() and await self._take(connection_id):
            return
        await self._calls.call(connection_id)

    async def _take(self, connection_id: str) -> bool:
        """Try to become the sender of a connection."""
        if connection_id in self._lanes:
            self._lanes[connection_id].wake()
            return True
        channel = self._channel_of(connection_id)
        if channel is None:
            return True  # `connection.v1` will tell of it in a moment, and a look round takes it then
        lease = await self._parts.leases.acquire(connection_id, channel.limits.window)
        if lease is None:
            self._foreign_until[connection_id] = time.monotonic() + FOREIGN_SECONDS
            return False
        self._foreign_until.pop(connection_id, None)
        lane = Lane(lease, channel, self._settings.send_in_flight, self._parts)
        self._lanes[connection_id] = lane
        lane.start()
        return True

    def _channel_of(self, connection_id: str) -> ChannelSender | None:
        state = self._connections.get(connection_id)
        if state is None:
            return Nobody() if self._parts.gate.account(connection_id) is not None else None
        return self._channels.get(state.channel, Nobody())

    async def _renew(self) -> None:
        while True:
            try:
                await self._parts.clock.ask()
                lost = await self._parts.leases.renew([lane.lease for lane in self._lanes.values()])
            except PyMongoError as error:
                log.warning("leases could not be renewed", error=type(error).__name__)
            else:
                for connection_id in lost:
                    self._lose(connection_id)
                for connection_id in self._busy & self._lanes.keys():
                    self._lanes[connection_id].tidy()
            await asyncio.sleep(self._settings.send_lease_renew)

    def _lose(self, connection_id: str) -> None:
        log.warning("a connection went to another sender", connection_id=connection_id)
        lane = self._lanes.pop(connection_id)
        lane.lose()
        task = asyncio.create_task(lane.stop())
        self._stopping.add(task)
        task.add_done_callback(self._stopping.discard)

    async def _look_round(self) -> None:
        """Find work that nobody told us of, and give back what has none."""
        while True:
            try:
                self._busy = busy = await self._parts.ledger.busy_connections()
                others = await self._parts.leases.held_by_others(busy - self._lanes.keys())
                self.wake(busy - others)
                for connection_id, lane in list(self._lanes.items()):
                    idle = lane.is_idle and connection_id not in busy
                    if idle and time.monotonic() - lane.busy_at > IDLE_SECONDS:
                        await self._give_back(lane)
            except PyMongoError as error:
                log.warning("looking round waits for the database", error=type(error).__name__)
            await asyncio.sleep(self._settings.send_poll)

    async def _give_back(self, lane: Lane) -> None:
        await lane.stop()
        connection_id = lane.lease.connection_id
        self._lanes.pop(connection_id, None)
        try:
            await self._parts.leases.release(lane.lease, lane.quiet_for)
        except PyMongoError as error:
            log.warning("a lease is left to run out", connection_id=connection_id, error=type(error).__name__)
        if not lane.is_idle:
            self.wake({connection_id})  # something came while it was let go

    async def _hear(self) -> None:
        """Start at once where another process planned for a connection. Whatever is not heard, the round finds."""
        while True:
            try:
                async for connection_id in self._calls.heard():
                    lane = self._lanes.get(connection_id)
                    if lane is not None:
                        lane.wake()
                    elif self._foreign_until.get(connection_id, 0.0) <= time.monotonic():
                        await self._take(connection_id)
            except PyMongoError as error:
                log.warning("calls are not heard; looking round instead", error=type(error).__name__)
            await asyncio.sleep(1.0)


async def _end(tasks: list[asyncio.Task[None]]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
