"""`python -m review_app`: the app at the address that the settings name."""

import argparse
import os
import socket
import sys
from collections.abc import Sequence

from db import config
from db.config import SettingsError

_HOW = """Opens the review app. It takes no arguments; the environment, or the file .env, says where:

  DATABASE_URL           the library, such as sqlite:///data/footnote.db
  FOOTNOTE_HOST          the address it listens on, 127.0.0.1 unless set
  FOOTNOTE_PORT          the port, 8501 unless set
  FOOTNOTE_PUBLIC_URL    the address that people open, where a proxy stands in front"""
_EVERYWHERE = {"0.0.0.0", "::"}  # noqa: S104
_AS_WRITTEN = argparse.RawDescriptionHelpFormatter


def listening_trouble(host: str, port: int) -> str | None:
    """Why nothing can listen there, and what to do; None when it can."""
    try:
        family, kind, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    except (socket.gaierror, UnicodeError):
        return f"FOOTNOTE_HOST is {host!r}: no such host is known; use 127.0.0.1, or an address of this machine"
    try:
        with socket.socket(family, kind) as trial:
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as the server itself will ask for it
            trial.bind(address)
            trial.listen()
    except OSError as error:
        said = error.strerror or str(error)
        return f"cannot listen on {host}, port {port}: {said}. Set FOOTNOTE_HOST or FOOTNOTE_PORT to another"
    return None


def main(given: Sequence[str]) -> None:
    """Becomes Streamlit's own server; ends with code 1 when the settings cannot be used, 2 when anything is `given`
    but a wish for help."""
    argparse.ArgumentParser("python -m review_app", description=_HOW, formatter_class=_AS_WRITTEN).parse_args(given)
    try:
        chosen = config.load_settings()
    except SettingsError as error:
        sys.exit(f"footnote: {error}")
    if trouble := listening_trouble(chosen.footnote_host, chosen.footnote_port):
        sys.exit(f"footnote: {trouble}")
    os.chdir(config.CHECKOUT)  # where Streamlit finds .streamlit/config.toml
    where = ["--server.address", chosen.footnote_host, "--server.port", str(chosen.footnote_port)]
    if chosen.footnote_host in _EVERYWHERE:  # else Streamlit asks a server elsewhere which address this machine has
        where += ["--logger.hideWelcomeMessage", "true"]
        sys.stdout.write(f"footnote: open {chosen.public_address}\n")
        sys.stdout.flush()
    command = [sys.executable, "-m", "streamlit", "run", "review_app/app.py", *where]
    environment = config.child_environment(DATABASE_URL=chosen.database_url)  # absolute: the server runs elsewhere
    os.execve(sys.executable, command, environment)  # noqa: S606


if __name__ == "__main__":
    main(sys.argv[1:])
