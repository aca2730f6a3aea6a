"""`python tests/eutils_server --records FILE... --port N [--faults FILE] [--events FILE] [--day N]`: a local PubMed.

Serves the E-utilities over the records of PubMed XML files, on the loopback interface, to any client of theirs.
Prints `listening on http://127.0.0.1:N/` when ready. `GET /journal` lists the requests seen, `GET /events` the scripted
events that have happened; `GET /day` says which day it is, `POST /day?n=N` moves it, forwards or back.

Settings that lead Footnote here (any path before these tails works as well):
  EUTILS_URL=http://127.0.0.1:N/
  ICITE_URL=http://127.0.0.1:N/api/
  CROSSREF_URL=http://127.0.0.1:N/
  DAILYMED_URL=http://127.0.0.1:N/dailymed/services/v2/
  RETRACTION_WATCH_URL=http://127.0.0.1:N/crossref/retraction-watch-data/-/raw/main/retraction_watch.csv
Files as on PubMed's FTP server: http://127.0.0.1:N/pubmed/baseline/ and http://127.0.0.1:N/pubmed/updatefiles/
Day N is 2030-01-01 + N days; what FILE of --events may say stands in events.py, what --faults may say in faults.py.
"""

import argparse
import sys
from pathlib import Path

# Run as a folder, the folder itself leads the path: the package is what its parent holds.
sys.path[0] = str(Path(__file__).resolve().parent.parent)

from eutils_server.corpus import UnreadableFile, load  # noqa: E402
from eutils_server.events import WrongEvent, read_events  # noqa: E402
from eutils_server.faults import WrongFault, read_faults  # noqa: E402
from eutils_server.pubmed import PubMed  # noqa: E402
from eutils_server.server import PubMedServer  # noqa: E402
from eutils_server.timeline import Timeline  # noqa: E402


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="eutils_server",
        description=__doc__.partition(": ")[2],
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--records", nargs="+", type=Path, required=True, metavar="FILE", help="PubMed XML, also .gz")
    parser.add_argument("--port", type=int, required=True, metavar="N", help="0 for any free one")
    parser.add_argument("--faults", type=Path, metavar="FILE", help="scripted faults, JSON or TOML")
    parser.add_argument("--events", type=Path, metavar="FILE", help="scripted events, JSON or TOML")
    parser.add_argument("--day", type=day, metavar="N", help="the first day: 0 with --events, else this machine's date")
    parser.add_argument("--unlimited", action="store_true", help="no rate limit, for load tests")
    return parser.parse_args()


def day(text: str) -> int:
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"{text!r}, a whole number from 0 is expected")
    return int(text)


def main() -> int:
    options = arguments()
    try:
        faults = read_faults(options.faults) if options.faults else []
        events = read_events(options.events) if options.events else []
        pubmed = PubMed(Timeline(load(options.records), events), faults, not options.unlimited, options.day)
    except (UnreadableFile, WrongFault, WrongEvent) as error:
        print(f"eutils_server: {error}", file=sys.stderr)
        return 2
    with PubMedServer(pubmed, options.port) as server:
        print(f"listening on {server.url}", flush=True)
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            return 0
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
