"""Run the sandbox: `python -m deploy.sandbox`."""

import logging
import signal
import socket
import sys
from types import FrameType

import uvicorn

from deploy.sandbox.app import make_app
from deploy.sandbox.live import Live
from deploy.sandbox.settings import SandboxSettings
from deploy.sandbox.wire import BreakableProtocol

STOP_SECONDS = 3


class SandboxServer(uvicorn.Server):
    """uvicorn, that ends open streams before it waits for them."""

    def __init__(self, settings: SandboxSettings) -> None:
        self._live = Live()
        host, port = settings.address
        super().__init__(
            uvicorn.Config(
                make_app(settings, self._live),
                host=host,
                port=port,
                http=BreakableProtocol,
                access_log=False,  # the sandbox lists every request itself
                log_config=None,
                timeout_graceful_shutdown=STOP_SECONDS,
                timeout_keep_alive=75,
                ws="none",
            )
        )

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._live.stop()
        await super().shutdown(sockets)


def _stopped_already(_number: int, _frame: FrameType | None) -> None:
    """Do nothing more."""


def main() -> int:
    """Serve until SIGTERM or Ctrl-C. 1 where the port is taken."""
    settings = SandboxSettings()
    logging.basicConfig(level=settings.log_level.upper(), format="%(asctime)s %(levelname)s %(name)s %(message)s")
    for name in ("uvicorn", "uvicorn.error", "asyncio"):
        logging.getLogger(name).setLevel(logging.WARNING)
    host, port = settings.address
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            print(
                f"The sandbox cannot listen on {host}:{port} ({error.strerror}). Set KITH_SANDBOX_PORT to a free port."
            )
            return 1
    print(f"The sandbox listens on http://{host}:{port} and keeps its state in {settings.state}.", flush=True)
    # uvicorn stops in order, then raises the signal once more: that one shall not make a clean stop look like a crash.
    signal.signal(signal.SIGTERM, _stopped_already)
    try:
        SandboxServer(settings).run()
    except KeyboardInterrupt:
        return 0
    return 0


if __name__ == "__main__":
    sys.exit(main())
