"""`python -m deploy.docker.live [port]`: what a container asks itself. Ends with 1 where nothing answers."""

import sys
from http.client import HTTPConnection, HTTPException

CONSOLE = 8000
ANSWERS_WITHIN = 3.0
"""Seconds."""


def is_live(port: int) -> bool:
    """Tell whether the process on `port` of this container answers 200 to GET /health/live."""
    asked = HTTPConnection("127.0.0.1", port, timeout=ANSWERS_WITHIN)
    try:
        asked.request("GET", "/health/live")
        return asked.getresponse().status == 200  # noqa: PLR2004  OK
    except (OSError, HTTPException):
        return False
    finally:
        asked.close()


if __name__ == "__main__":
    sys.exit(not is_live(int(sys.argv[1]) if len(sys.argv) > 1 else CONSOLE))
