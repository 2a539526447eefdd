"""A kiosk as small as can be: an entry per line of input, its hash and true time as answer.

``python -m tests.faults.scribe STATION``. It runs under whatever clock it was given.
"""

import sys
from pathlib import Path

from syncd.station import read_station
from syncd.store.moment import read_moment
from tests.syncd.machine import BOOT


def main() -> None:
    station = read_station(Path(sys.argv[1]))
    with station.open_store() as store:
        for _ in sys.stdin:
            with store.transaction():
                link = store.ledger.append(BOOT, read_moment(), station.log_key)
            sys.stdout.write(link.hash.hex() + "\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main()
