"""`make bench`: what Kith costs beside the bare parts it stands on, as ratios taken in one run.

Absolute figures are printed for reading; only ratios may fail, and only where `--check` asks for it.
"""

import argparse
import asyncio
import sys
from functools import partial

from tests.bench import accept, bulk, forms, imports, latency, lists, partitions, recognise, sizes
from tests.bench.report import machine

BENCHES = {
    "accept": accept.run,
    "recognise": recognise.run,
    "partitions": partitions.run,
    "sizes": sizes.run,
    "latency": latency.run,
    "forms": forms.run,
    "bulk": bulk.run,
    "lists": lists.run,
    "import": imports.run,
}


def main() -> int:
    parser = argparse.ArgumentParser(prog="kith bench", description=__doc__)
    parser.add_argument("which", nargs="*", metavar="which", help=f"of {', '.join(BENCHES)}; all by default")
    parser.add_argument("--rounds", type=int, default=5, help="counted rounds of each side, taken in turn")
    parser.add_argument("--check", action="store_true", help="fail where a ratio is below its bound")
    parser.add_argument(
        "--known",
        type=int,
        action="append",
        help="people known in `sizes`, clients in `lists`; may be given several times",
    )
    parser.add_argument("--seconds", type=float, default=forms.SECONDS, help="of each load in `forms`; 600 is the soak")
    asked = parser.parse_args()
    unknown = [name for name in asked.which if name not in BENCHES]
    if unknown:
        parser.error(f"there is no bench {unknown[0]!r}; there are {', '.join(BENCHES)}")
    print(machine())
    benches = {
        **BENCHES,
        "sizes": partial(sizes.run, known=asked.known or sizes.SIZES),
        "lists": partial(lists.run, known=asked.known or lists.SIZES),
        "forms": partial(forms.run, seconds=asked.seconds),
    }
    below = [fault for name in asked.which or benches for fault in asyncio.run(benches[name](rounds=asked.rounds))]
    for fault in below:
        print(f"below its bound: {fault}")
    return 1 if below and asked.check else 0


if __name__ == "__main__":
    sys.exit(main())
