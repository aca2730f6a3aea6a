"""`python -m review_app`: the app at the address that the settings name."""

import os
import sys

from db import config
from db.config import SettingsError


def main() -> None:
    """Becomes Streamlit's own server; ends with code 1 when the settings cannot be used."""
    try:
        chosen = config.load_settings()
    except SettingsError as error:
        sys.exit(f"footnote: {error}")
    os.chdir(config.CHECKOUT)  # where Streamlit finds .streamlit/config.toml
    where = ["--server.address", chosen.footnote_host, "--server.port", str(chosen.footnote_port)]
    command = [sys.executable, "-m", "streamlit", "run", "review_app/app.py", *where]
    environment = config.child_environment(DATABASE_URL=chosen.database_url)  # absolute: the server runs elsewhere
    os.execve(sys.executable, command, environment)  # noqa: S606


if __name__ == "__main__":
    main()
