"""Asks the system for what cannot come from a package registry, before anything is started."""

import re
import signal
import subprocess
from pathlib import Path

from deploy.local.errors import CannotStart

_MENDS = {
    "libcurl.so.4": "install it (Debian and Ubuntu: `apt-get install libcurl4`; Fedora: `dnf install libcurl`)",
    "libssl.so.3": "it needs OpenSSL 3, which comes with Debian 12, Ubuntu 22.04, Fedora 36 and later",
    "libcrypto.so.3": "it needs OpenSSL 3, which comes with Debian 12, Ubuntu 22.04, Fedora 36 and later",
}
_INSTEAD = "Or set KITH_MONGO to the address of a MongoDB replica set that runs already."


def check_mongod(mongod: Path) -> None:
    """Ask `mongod` for its version. Raises CannotStart, naming what the system lacks, if it cannot even say that."""
    try:
        told = subprocess.run([mongod, "--version"], capture_output=True, text=True, check=False, timeout=60)
    except OSError as error:
        raise CannotStart(f"mongod cannot be run on this system ({error}). {_INSTEAD}") from error
    if told.returncode == 0:
        return
    if told.returncode == -signal.SIGILL:
        raise CannotStart(f"mongod cannot run on this processor: it needs one with AVX (x86, since 2011). {_INSTEAD}")
    lacking = re.search(r"error while loading shared libraries: (\S+?):", told.stderr)
    if lacking:
        mend = _MENDS.get(lacking[1], "install the package of your system that holds it")
        raise CannotStart(f"mongod needs {lacking[1]}, which this system lacks: {mend}. {_INSTEAD}")
    raise CannotStart(f"mongod does not run here (exit {told.returncode}): {told.stderr.strip()} {_INSTEAD}")
