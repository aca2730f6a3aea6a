"""`python tests/eutils_server --records FILE... --port N [--faults FILE] [--unlimited]`: a local PubMed.

Serves the E-utilities over the records of PubMed XML files, on the loopback interface, to any client of theirs.
Prints `listening on http://127.0.0.1:N/` when ready. `GET /journal` lists the requests seen.
"""

import argparse
import sys
from pathlib import Path

# Run as a folder, the folder itself leads the path: the package is what its parent holds.
sys.path[0] = str(Path(__file__).resolve().parent.parent)

from eutils_server.corpus import UnreadableFile, load  # noqa: E402
from eutils_server.faults import WrongFault, read_faults  # noqa: E402
from eutils_server.pubmed import PubMed  # noqa: E402
from eutils_server.server import PubMedServer  # noqa: E402


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="eutils_server", description=__doc__.splitlines()[0])
    parser.add_argument("--records", nargs="+", type=Path, required=True, metavar="FILE", help="PubMed XML, also .gz")
    parser.add_argument("--port", type=int, required=True, metavar="N", help="0 for any free one")
    parser.add_argument("--faults", type=Path, metavar="FILE", help="scripted faults, JSON or TOML")
    parser.add_argument("--unlimited", action="store_true", help="no rate limit, for load tests")
    return parser.parse_args()


def main() -> int:
    options = arguments()
    try:
        corpus = load(options.records)
        faults = read_faults(options.faults) if options.faults else []
    except (UnreadableFile, WrongFault) as error:
        print(f"eutils_server: {error}", file=sys.stderr)
        return 2
    with PubMedServer(PubMed(corpus, faults, not options.unlimited), options.port) as server:
        print(f"listening on {server.url}", flush=True)
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            return 0
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
