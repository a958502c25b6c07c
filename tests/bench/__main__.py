"""`make bench`: what Kith costs beside the bare parts it stands on, as ratios taken in one run.

Absolute figures are printed for reading; only ratios may fail, and only where `--check` asks for it.
"""

import argparse
import asyncio
import sys

from tests.bench import accept, latency, recognise
from tests.bench.report import machine

BENCHES = {"accept": accept.run, "recognise": recognise.run, "latency": latency.run}


def main() -> int:
    parser = argparse.ArgumentParser(prog="kith bench", description=__doc__)
    parser.add_argument("which", nargs="*", metavar="which", help=f"of {', '.join(BENCHES)}; all by default")
    parser.add_argument("--rounds", type=int, default=5, help="counted rounds of each side, taken in turn")
    parser.add_argument("--check", action="store_true", help="fail where a ratio is below its bound")
    asked = parser.parse_args()
    unknown = [name for name in asked.which if name not in BENCHES]
    if unknown:
        parser.error(f"there is no bench {unknown[0]!r}; there are {', '.join(BENCHES)}")
    print(machine())
    below = [fault for name in asked.which or BENCHES for fault in asyncio.run(BENCHES[name](rounds=asked.rounds))]
    for fault in below:
        print(f"below its bound: {fault}")
    return 1 if below and asked.check else 0


if __name__ == "__main__":
    sys.exit(main())
