"""A digest into its file and through a real mail server."""

import email
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email import policy
from pathlib import Path

import pytest
from invented_digest import ADDRESS, change, digest

from harvester import digest_delivery
from harvester.errors import HarvestError

TO = "team@example.org"


class MailBox(socketserver.ThreadingTCPServer):
    """Takes letters as SMTP (RFC 5321) has them; `says` answers a command otherwise."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, says: dict[str, str]) -> None:
        super().__init__(("127.0.0.1", 0), Conversation)
        self.says, self.letters, self.commands = says, list[bytes](), list[str]()

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.server_address[1]}"


class Conversation(socketserver.StreamRequestHandler):
    server: MailBox

    def handle(self) -> None:
        self.wfile.write(b"220 invented\r\n")
        while line := self.rfile.readline().decode().strip():
            self.server.commands.append(line)
            word = line.split()[0].upper()
            self.wfile.write((self.server.says.get(word) or self._usual(word)).encode() + b"\r\n")
            if word == "DATA" and word not in self.server.says:
                self.server.letters.append(b"".join(iter(self.rfile.readline, b".\r\n")))
                self.wfile.write(b"250 taken\r\n")
            if word == "QUIT":
                return

    @staticmethod
    def _usual(word: str) -> str:
        return {"DATA": "354 go on", "QUIT": "221 bye"}.get(word, "250 ok")


@contextmanager
def mail_server(**says: str) -> Iterator[MailBox]:
    with MailBox(says) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


def test_the_letter_has_the_digest_as_text_and_as_a_page() -> None:
    with mail_server() as server:
        digest_delivery.mail(digest(change()), server=server.url, to=TO, address=ADDRESS)
    (letter,) = server.letters
    message = email.message_from_bytes(letter, policy=policy.default)
    assert (message["To"], message["Subject"]) == (TO, "Footnote, 2030-01-06: 1 change to look at")
    parts = {part.get_content_type(): part.get_content() for part in message.iter_parts()}
    assert "**4.7**" in parts["text/plain"]
    assert "<strong>4.7</strong>" in parts["text/html"]


def test_a_server_that_refuses_is_named_without_its_password() -> None:
    with mail_server(MAIL="550 not you", EHLO="250-invented\r\n250 AUTH PLAIN", AUTH="235 welcome") as server:
        url = server.url.replace("//", "//ada:secret@")
        with pytest.raises(HarvestError, match=r"through 127\.0\.0\.1: SMTPSenderRefused") as refused:
            digest_delivery.mail(digest(), server=url, to=TO, address=ADDRESS)
    assert "secret" not in str(refused.value)


def test_a_password_is_never_sent_unencrypted_over_a_network(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(digest_delivery, "THIS_MACHINE", frozenset[str]())
    with mail_server() as server:
        url = server.url.replace("//", "//ada:secret@")
        with pytest.raises(HarvestError, match="smtps://"):
            digest_delivery.mail(digest(), server=url, to=TO, address=ADDRESS)
    assert not any(command.startswith("AUTH") for command in server.commands)


def test_a_server_that_is_not_there_is_said_in_a_line() -> None:
    with mail_server() as server:
        url = server.url
    with pytest.raises(HarvestError, match="cannot be mailed through 127"):
        digest_delivery.mail(digest(), server=url, to=TO, address=ADDRESS)


@pytest.mark.parametrize("ending", [".md", ".txt", ".html", ".atom"])
def test_the_ending_of_the_file_chooses_the_format(tmp_path: Path, ending: str) -> None:
    file = tmp_path / f"night{ending}"
    digest_delivery.write(digest(change()), file, address=ADDRESS)
    begins = {".md": "# Footnote", ".txt": "# Footnote", ".html": "<!doctype html>", ".atom": "<?xml"}
    assert file.read_text(encoding="utf-8").startswith(begins[ending])
    assert list(tmp_path.iterdir()) == [file]


def test_a_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(HarvestError, match="Name another file"):
        digest_delivery.write(digest(), tmp_path / "nowhere" / "night.md", address=ADDRESS)
