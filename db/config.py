"""Settings, and the clock: the one place that reads the environment."""

import os
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Annotated

from dotenv import dotenv_values
from pydantic import AfterValidator, Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

CHECKOUT = Path(__file__).resolve().parent.parent
DEFAULT_DATABASE_URL = f"sqlite:///{CHECKOUT / 'data' / 'footnote.db'}"


class SettingsError(ValueError):
    """A setting that cannot be used; the message names it, what it got and what it expects."""


def _database_url(value: str) -> str:
    try:
        url = make_url(value)
    except ArgumentError:
        raise ValueError("expects sqlite:///PATH or postgresql://USER@HOST/NAME") from None
    if url.drivername in {"postgres", "postgresql"}:
        url = url.set(drivername="postgresql+psycopg")
    if url.drivername not in {"sqlite", "postgresql+psycopg"}:
        raise ValueError("expects sqlite:///PATH or postgresql://USER@HOST/NAME")
    if url.drivername == "sqlite" and (not url.database or url.database == ":memory:"):
        raise ValueError("expects a file: sqlite:///PATH")
    if url.drivername == "sqlite":
        url = url.set(database=str(Path(url.database or "").absolute()))
    return url.render_as_string(hide_password=False)


def _service_url(value: str) -> str:
    if not value.startswith(("http://", "https://")):
        raise ValueError("expects an address that begins with http:// or https://")
    return value if value.endswith("/") else value + "/"


def _file_url(value: str) -> str:
    if not value.startswith(("http://", "https://")):
        raise ValueError("expects an address that begins with http:// or https://")
    return value


def _email(value: str | None) -> str | None:
    if value is not None and ("@" not in value or any(c.isspace() for c in value)):
        raise ValueError("expects an e-mail address")
    return value


ServiceUrl = Annotated[str, AfterValidator(_service_url)]


class Settings(BaseSettings):
    """Everything that can be set, with its default. Names in the environment are these in capitals."""

    model_config = SettingsConfigDict(env_file=CHECKOUT / ".env", extra="ignore", env_ignore_empty=True)

    database_url: Annotated[str, AfterValidator(_database_url)] = DEFAULT_DATABASE_URL
    ncbi_email: Annotated[str | None, AfterValidator(_email)] = None
    ncbi_api_key: str | None = Field(default=None, repr=False)
    eutils_url: ServiceUrl = "https://eutils.ncbi.nlm.nih.gov/entrez/eutils/"
    icite_url: ServiceUrl = "https://icite.od.nih.gov/api/"
    crossref_url: ServiceUrl = "https://api.crossref.org/"
    dailymed_url: ServiceUrl = "https://dailymed.nlm.nih.gov/dailymed/services/v2/"
    retraction_watch_url: Annotated[str, AfterValidator(_file_url)] = (
        "https://gitlab.com/crossref/retraction-watch-data/-/raw/main/retraction_watch.csv"
    )
    footnote_topic: str = Field(default="ketamine-depression", pattern=r"^[a-z0-9][a-z0-9-]*$")
    footnote_host: str = Field(default="127.0.0.1", min_length=1)
    footnote_port: int = Field(default=8501, ge=1, le=65535)
    footnote_public_url: Annotated[str | None, AfterValidator(lambda v: v and _service_url(v))] = None
    footnote_smtp_url: str | None = Field(default=None, repr=False)
    footnote_digest_to: Annotated[str | None, AfterValidator(_email)] = None


def _unknown_names() -> list[str]:
    named = set(os.environ) | set(dotenv_values(CHECKOUT / ".env"))
    known = {name.upper() for name in Settings.model_fields}
    return sorted(name for name in named if name.upper().startswith("FOOTNOTE_") and name.upper() not in known)


def load_settings() -> Settings:
    """The settings as the environment and `.env` give them. Raises `SettingsError`."""
    if unknown := _unknown_names():
        known = ", ".join(name.upper() for name in Settings.model_fields if name.startswith("footnote_"))
        raise SettingsError(f"{unknown[0]} is not a setting of Footnote; those are {known}")
    try:
        return Settings()
    except ValidationError as error:
        first = error.errors()[0]
        name, got = str(first["loc"][0]).upper(), first["input"]
        shown = "***" if name in {"NCBI_API_KEY", "FOOTNOTE_SMTP_URL", "DATABASE_URL"} else repr(got)
        message = first["msg"].removeprefix("Value error, ")
        raise SettingsError(f"{name} is {shown}: {message}") from None


@cache
def settings() -> Settings:
    """The settings of this process, read once."""
    return load_settings()


def now() -> datetime:
    """The time in UTC; tests move the clock by replacing this function."""
    return datetime.now(UTC)


def today() -> date:
    return now().date()
