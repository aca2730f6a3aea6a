"""A PostgreSQL for the tests: the one TEST_DATABASE_URL names, or a temporary cluster when the programs are here."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from free_port import free_port


def programs() -> Path | None:
    """The folder of `initdb` and `pg_ctl`: Debian's newest, or the one on the path."""
    versioned = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if versioned:
        return versioned[-1].parent
    found = shutil.which("initdb")
    return Path(found).parent if found else None


def _unprivileged() -> str | None:
    """PostgreSQL refuses to run as root; Debian's package brings a user for it."""
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"


@contextmanager
def temporary_cluster(bin_dir: Path) -> Iterator[str]:
    """A cluster in a temporary folder, as a URL without a database name at its end."""
    with tempfile.TemporaryDirectory(prefix="footnote-postgresql-") as name:
        home, user, port = Path(name), _unprivileged(), free_port()
        data = home / "data"
        if user:
            shutil.chown(home, user)

        def run(*command: object) -> None:
            subprocess.run([str(part) for part in command], check=True, capture_output=True, user=user, cwd=home)

        run(bin_dir / "initdb", "-D", data, "-U", "footnote", "-A", "trust", "-E", "UTF8", "--no-sync")
        options = f"-p {port} -k {home} -c listen_addresses=127.0.0.1 -c fsync=off -c full_page_writes=off"
        run(bin_dir / "pg_ctl", "-D", data, "-o", options, "-l", home / "log", "-w", "start")
        try:
            yield f"postgresql+psycopg://footnote@127.0.0.1:{port}"
        finally:
            run(bin_dir / "pg_ctl", "-D", data, "-m", "immediate", "-w", "stop")
