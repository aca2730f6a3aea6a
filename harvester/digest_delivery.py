"""A digest to its readers: files beside the library or where they are asked for, and an e-mail when there is news."""

import smtplib
import ssl
from collections.abc import Callable, Mapping
from email.message import EmailMessage
from functools import partial
from pathlib import Path
from urllib.parse import unquote, urlsplit

from sqlalchemy import Engine

from db import config
from db.config import THIS_MACHINE, Settings
from db.engine import reading
from harvester import digest, digest_text
from harvester.digest import Digest
from harvester.errors import HarvestError

Render = Callable[..., str]
FORMATS: Mapping[str, Render] = {".md": digest_text.markdown, ".html": digest_text.html, ".atom": digest_text.atom}
TIME_OUT = 30.0


def deliver(engine: Engine, settings: Settings, *, run_id: int, file: Path | None) -> None:
    """The digest of a run that has ended: into `file`, else into one of each format beside the library; and by e-mail
    where that is set up and there is news. Raises `HarvestError` for what could not be done, after the rest was."""
    with reading(engine) as session:
        found = digest.digest(session, run_id=run_id)
    folder = config.data_folder(engine.url)
    files = [file] if file else [folder / f"digest{ending}" for ending in FORMATS]
    acts: list[Callable[[], None]] = [partial(write, found, each, address=settings.public_address) for each in files]
    server, to = settings.footnote_smtp_url, settings.footnote_digest_to
    if server and to and found.is_news:
        acts.append(partial(mail, found, server=server, to=to, address=settings.public_address))
    if undone := [str(trouble) for act in acts if (trouble := _trouble(act))]:
        raise HarvestError("; ".join(undone))


def _trouble(act: Callable[[], None]) -> HarvestError | None:
    try:
        act()
    except HarvestError as error:
        return error
    return None


def write(found: Digest, file: Path, *, address: str) -> None:
    """Into a file whose ending chooses the format, else it is Markdown; whole or not at all. Raises `HarvestError`."""
    part = file.with_name(f".{file.name}.part")
    try:
        part.write_text(FORMATS.get(file.suffix, digest_text.markdown)(found, address=address), encoding="utf-8")
        part.replace(file)
    except OSError as error:
        raise HarvestError(f"the digest cannot be written to {file}: {error.strerror}. Name another file") from None


def mail(found: Digest, *, server: str, to: str, address: str) -> None:
    """To one address, as text and as a page. `server`: smtp://USER:PASSWORD@HOST:PORT, or smtps://. Raises
    `HarvestError`, which names the server without its password."""
    parts = urlsplit(server)
    try:
        with _connected(parts.scheme, parts.hostname or "", parts.port) as connection:
            if parts.username:
                _refuse_in_clear(connection, parts.hostname or "")
                connection.login(unquote(parts.username), unquote(parts.password or ""))
            connection.send_message(_message(found, to, address))
    except (OSError, smtplib.SMTPException) as error:
        said = type(error).__name__ if isinstance(error, smtplib.SMTPException) else error
        raise HarvestError(f"the digest cannot be mailed through {parts.hostname}: {said}. It is in its file") from None


def _connected(scheme: str, host: str, port: int | None) -> smtplib.SMTP:
    """Encrypted where the server can, so that neither a password nor the digest is read on its way."""
    context = ssl.create_default_context()
    if scheme == "smtps":
        return smtplib.SMTP_SSL(host, port or smtplib.SMTP_SSL_PORT, timeout=TIME_OUT, context=context)
    connection = smtplib.SMTP(host, port or smtplib.SMTP_PORT, timeout=TIME_OUT)
    connection.ehlo()
    if connection.has_extn("starttls"):
        connection.starttls(context=context)
        connection.ehlo()
    return connection


def _refuse_in_clear(connection: smtplib.SMTP, host: str) -> None:
    if not isinstance(connection.sock, ssl.SSLSocket) and host not in THIS_MACHINE | {"localhost"}:
        raise HarvestError(
            f"{host} takes the password for the digest unencrypted only; set FOOTNOTE_SMTP_URL to smtps://"
        )


def _message(found: Digest, to: str, address: str) -> EmailMessage:
    message = EmailMessage()
    message["Subject"] = digest_text.title(found)
    message["From"], message["To"] = f"Footnote <{to}>", to
    message.set_content(digest_text.markdown(found, address=address))
    message.add_alternative(digest_text.html(found, address=address), subtype="html")
    return message
