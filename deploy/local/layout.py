"""Where a local run keeps what it keeps."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
"""The root of this checkout: what `python -m services.<name>` runs from."""

REPLICA_SET = "rs0"
"""The name of mongod's set of one; it stands in every address of it."""


@dataclass(frozen=True)
class Home:
    """The folders of one local run. Two runs with different homes share nothing but the download cache."""

    root: Path

    @classmethod
    def of(cls, environment: Mapping[str, str] = os.environ) -> "Home":
        """Give the home that KITH_HOME names; `.kith` in the checkout without it."""
        named = environment.get("KITH_HOME")
        return cls(Path(named).expanduser().absolute() if named else CHECKOUT / ".kith")

    def make(self) -> "Home":
        """Make the folders, readable by their owner alone: people's messages lie in them."""
        self.root.mkdir(parents=True, exist_ok=True, mode=0o700)
        for folder in (self.run, self.logs, self.kafka, self.mongo):
            folder.mkdir(exist_ok=True, mode=0o700)
        return self

    @property
    def run(self) -> Path:
        """One record per process, and the lock that lets one `kith up` in."""
        return self.root / "run"

    @property
    def logs(self) -> Path:
        return self.root / "logs"

    @property
    def kafka(self) -> Path:
        return self.root / "kafka"

    @property
    def mongo(self) -> Path:
        return self.root / "mongo"

    @property
    def secret_key(self) -> Path:
        return self.root / "secret-key"

    @property
    def demo(self) -> Path:
        """What the demo made, with the keys needed to use it."""
        return self.root / "demo.json"

    def log_of(self, name: str) -> Path:
        return self.logs / f"{name}.log"


def cache(environment: Mapping[str, str] = os.environ) -> Path:
    """Give the folder of what is fetched once for all homes: KITH_CACHE, or one in the user's own cache."""
    if named := environment.get("KITH_CACHE"):
        return Path(named).expanduser().absolute()
    users = environment.get("XDG_CACHE_HOME")
    return (Path(users) if users else Path.home() / ".cache") / "kith"
