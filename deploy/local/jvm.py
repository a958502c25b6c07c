"""How Kafka's programs are run: the JVM's options, and the cache that halves their start."""

import hashlib
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

_OPTIONS = ("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-XX:-UsePerfData")
"""For a small broker on somebody's laptop: quick to start rather than quick at the top of its load."""

_CLASSES_ONLY = ("-XX:+UnlockDiagnosticVMOptions", "-XX:-AOTAdapterCaching", "-XX:-AOTStubCaching")
"""Of what a cache can hold, the loaded classes make the difference. Machine code in it does not: Java 25.0.2 finds that
what it stored of that is not what it looks for, and makes it anew."""

_QUIET = ("-Xlog:aot*=off", "-Xlog:cds*=off")
"""A cache that does not fit is left aside by the JVM, which is what we want; it need not say so on each start."""


@dataclass(frozen=True)
class Jvm:
    """A Java, and the jars it finds classes in. The order of the jars is part of what the cache is made for."""

    java: Path
    jars: Sequence[Path]

    @property
    def class_path(self) -> str:
        return os.pathsep.join(str(jar) for jar in self.jars)

    @property
    def cache(self) -> Path:
        """Where the ahead-of-time cache lies, once it is trained: beside the jars, one per build of Java."""
        build = (self.java.parents[1] / "release").read_text()
        fits = hashlib.sha256("\n".join((build, self.class_path, *_OPTIONS)).encode()).hexdigest()[:12]
        return self.jars[0].parent / f"classes-{fits}.aot"

    def run(self, main: str, *arguments: str, scratch: Path, logging: Path, train: Path | None = None) -> list[str]:
        """Give the command line for the class `main`.

        `scratch` takes the native libraries that Kafka unpacks; with `train` the JVM writes a cache there as it ends.
        """
        if train:
            cached = [*_CLASSES_ONLY, f"-XX:AOTCacheOutput={train}"]
        else:
            cached = [*_CLASSES_ONLY, f"-XX:AOTCache={self.cache}"] if self.cache.exists() else []
        return [
            str(self.java),
            "-Xmx256m",
            *_OPTIONS,
            *_QUIET,
            *cached,
            f"-Djava.io.tmpdir={scratch}",
            f"-Dlog4j2.configurationFile={logging}",
            "-cp",
            self.class_path,
            main,
            *arguments,
        ]
