"""Settings, and the clock: the one place that reads the environment."""

import os
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from dotenv import dotenv_values
from pydantic import AfterValidator, Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

CHECKOUT = Path(__file__).resolve().parent.parent
DATA = CHECKOUT / "data"
DEFAULT_DATABASE_URL = URL.create("sqlite", database=str(DATA / "footnote.db")).render_as_string()
SETTINGS_FILE = "FOOTNOTE_SETTINGS_FILE"


class SettingsError(ValueError):
    """A setting that cannot be used; the message names it, what it got and what it expects."""


def _database_url(value: str) -> str:
    try:
        url = make_url(value)
    except ArgumentError as error:
        raise ValueError from error
    if url.drivername in {"postgres", "postgresql"}:
        url = url.set(drivername="postgresql+psycopg")
    if url.drivername == "postgresql+psycopg" and url.database:
        url = _with_password_in_its_place(url)
        return url.render_as_string(hide_password=False)
    if url.drivername != "sqlite" or url.host or url.database in {None, "", ":memory:"}:
        raise ValueError
    return url.set(database=str(Path(url.database or "").absolute())).render_as_string()


def _with_password_in_its_place(url: URL) -> URL:
    """Only the password before the @ is left out wherever the address is shown; no other may stand in it."""
    password = url.query.get("password", url.password)
    if not isinstance(password, str | None) or "sslpassword" in url.query:
        raise ValueError
    return url.set(password=password).difference_update_query(["password"])


def _web_address(value: str) -> str:
    parts = urlsplit(value)
    _ = parts.port  # raises ValueError for one that is no number
    if parts.scheme not in {"http", "https"} or not parts.hostname or any(c.isspace() for c in value):
        raise ValueError
    return value


def _service_url(value: str) -> str:
    return _web_address(value) if value.endswith("/") else _web_address(value) + "/"


def _mail_server(value: str) -> str:
    parts = urlsplit(value)
    _ = parts.port
    if parts.scheme not in {"smtp", "smtps"} or not parts.hostname:
        raise ValueError
    return value


THIS_MACHINE = {"127.0.0.1", "::1", "0.0.0.0", "::"}  # noqa: S104 -- compared with, not bound to
ADDRESS = "an address that begins with http:// or https://"
E_MAIL = r"^[^@\s]+@[^@\s]+$"
WORD = r"^[a-z0-9][a-z0-9-]*$"
DatabaseUrl = Annotated[str, AfterValidator(_database_url)]
ServiceUrl = Annotated[str, AfterValidator(_service_url)]
FileUrl = Annotated[str, AfterValidator(_web_address)]
MailServer = Annotated[str, AfterValidator(_mail_server)]


class Settings(BaseSettings):
    """Everything that can be set, with its default. Names in the environment are these in capitals.

    A description says what the setting expects, in the words of the error about a malformed one.
    """

    model_config = SettingsConfigDict(extra="ignore", env_ignore_empty=True)

    database_url: DatabaseUrl = Field(
        DEFAULT_DATABASE_URL, description="sqlite:///PATH or postgresql://USER@HOST/NAME", repr=False
    )
    ncbi_email: str | None = Field(None, pattern=E_MAIL, description="an e-mail address")
    ncbi_api_key: str | None = Field(None, pattern=r"^[\w-]+$", description="a key of letters and digits", repr=False)
    eutils_url: ServiceUrl = Field("https://eutils.ncbi.nlm.nih.gov/entrez/eutils/", description=ADDRESS)
    icite_url: ServiceUrl = Field("https://icite.od.nih.gov/api/", description=ADDRESS)
    crossref_url: ServiceUrl = Field("https://api.crossref.org/", description=ADDRESS)
    dailymed_url: ServiceUrl = Field("https://dailymed.nlm.nih.gov/dailymed/services/v2/", description=ADDRESS)
    retraction_watch_url: FileUrl = Field(
        "https://gitlab.com/crossref/retraction-watch-data/-/raw/main/retraction_watch.csv", description=ADDRESS
    )
    footnote_topic: str = Field("ketamine-depression", pattern=WORD, description="a name such as ketamine-depression")
    footnote_host: str = Field("127.0.0.1", pattern=r"^\S+$", description="a host name or an IP address")
    footnote_port: int = Field(8501, ge=1, le=65535, description="a number from 1 to 65535")
    footnote_public_url: ServiceUrl | None = Field(None, description=ADDRESS)
    footnote_smtp_url: MailServer | None = Field(None, description="smtp://HOST or smtps://HOST", repr=False)
    footnote_digest_to: str | None = Field(None, pattern=E_MAIL, description="an e-mail address")

    @property
    def public_address(self) -> str:
        """Where people reach the app, without a slash at the end."""
        if self.footnote_public_url:
            return self.footnote_public_url.rstrip("/")
        host = "localhost" if self.footnote_host in THIS_MACHINE else self.footnote_host
        return f"http://{host}:{self.footnote_port}"


SECRET = {"NCBI_API_KEY", "FOOTNOTE_SMTP_URL"}


def _settings_file() -> Path:
    """`.env` in the checkout, or the file that FOOTNOTE_SETTINGS_FILE names: an empty one keeps `.env` out."""
    named = os.environ.get(SETTINGS_FILE)
    if named and not Path(named).exists():
        raise SettingsError(f"{SETTINGS_FILE} is {named!r}: expects a file that is there")
    return Path(named) if named else CHECKOUT / ".env"


def load_settings() -> Settings:
    """The settings as the environment and the settings file give them. Raises `SettingsError`."""
    file = _settings_file()
    try:
        _refuse_unknown(set(os.environ) - {SETTINGS_FILE} | set(dotenv_values(file)))
        return Settings(_env_file=file)
    except ValidationError as error:
        raise SettingsError(_explained(str(error.errors()[0]["loc"][0]), error.errors()[0]["input"])) from None
    except (OSError, UnicodeDecodeError):
        raise SettingsError(f"{file} cannot be read; it expects lines such as FOOTNOTE_PORT=8501 in UTF-8") from None


def _refuse_unknown(names: set[str]) -> None:
    known = {name.upper() for name in Settings.model_fields}
    ours = ", ".join(sorted(name for name in known if name.startswith("FOOTNOTE_")))
    for name in sorted(names):
        if name.upper().startswith("FOOTNOTE_") and name.upper() not in known:
            raise SettingsError(f"{name} is not a setting of Footnote; those are {ours}")


def _explained(field: str, got: object) -> str:
    name, expected = field.upper(), Settings.model_fields[field].description
    shown = "***" if name in SECRET else _database_without_password(str(got)) if field == "database_url" else repr(got)
    return f"{name} is {shown}: expects {expected}"


def _database_without_password(address: str) -> str:
    """An address that cannot be read may hide its password anywhere, so only an innocent one is shown whole."""
    scheme, mark, rest = address.partition("://")
    if mark and not set(rest) & set("@:?"):
        return repr(address)
    return repr(scheme + mark + "***") if mark else repr(address.partition(":")[0] + "***" * (":" in address))


def child_environment(**changed: str) -> dict[str, str]:
    """The environment for a program that we start, with these names changed."""
    return {**os.environ, **changed}


def data_folder(library: URL) -> Path:
    """Where files that belong to a library are kept: beside a SQLite file, for PostgreSQL in the checkout's `data/`."""
    return Path(library.database or "").parent if library.drivername == "sqlite" else DATA


@cache
def settings() -> Settings:
    """The settings of this process, read once."""
    return load_settings()


def now() -> datetime:
    """The time in UTC; tests move the clock by replacing this function."""
    return datetime.now(UTC)


def today() -> date:
    return now().date()
