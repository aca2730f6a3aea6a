"""Settings: what each expects, where they come from, and what is never shown."""

import os
from pathlib import Path

import pytest
from sqlalchemy import make_url

from db import config
from db.config import SettingsError, load_settings

MALFORMED = {
    "DATABASE_URL": ("mysql://host/name", "sqlite:///PATH or postgresql://USER@HOST/NAME"),
    "NCBI_EMAIL": ("ada at home", "an e-mail address"),
    "NCBI_API_KEY": ("two words", "a key of letters and digits"),
    "EUTILS_URL": ("ftp://eutils.example", "an address that begins with http:// or https://"),
    "ICITE_URL": ("icite.example", "an address that begins with http:// or https://"),
    "CROSSREF_URL": ("https://", "an address that begins with http:// or https://"),
    "DAILYMED_URL": ("http://dailymed.example:port/", "an address that begins with http:// or https://"),
    "RETRACTION_WATCH_URL": ("/tmp/file.csv", "an address that begins with http:// or https://"),
    "FOOTNOTE_TOPIC": ("../elsewhere", "a name such as ketamine-depression"),
    "FOOTNOTE_HOST": ("two hosts", "a host name or an IP address"),
    "FOOTNOTE_PORT": ("70000", "a number from 1 to 65535"),
    "FOOTNOTE_PUBLIC_URL": ("footnote.example", "an address that begins with http:// or https://"),
    "FOOTNOTE_SMTP_URL": ("mail.example", "smtp://HOST or smtps://HOST"),
    "FOOTNOTE_DIGEST_TO": ("ada", "an e-mail address"),
}


@pytest.fixture(autouse=True)
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A checkout of the test's own, whose `.env` is read."""
    folder = tmp_path / "checkout"
    folder.mkdir()
    monkeypatch.setattr(config, "CHECKOUT", folder)
    monkeypatch.delenv(config.SETTINGS_FILE)
    return folder


def refusal() -> str:
    with pytest.raises(SettingsError) as caught:
        load_settings()
    return str(caught.value)


def test_every_setting_is_tried_malformed_here() -> None:
    assert {name.lower() for name in MALFORMED} == set(config.Settings.model_fields)


@pytest.mark.parametrize("name", MALFORMED)
def test_a_malformed_setting_is_named_with_what_it_got_and_what_it_expects(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    got, expected = MALFORMED[name]
    monkeypatch.setenv(name, got)
    message = refusal()
    assert message == f"{name} is {'***' if name in config.SECRET else repr(got)}: expects {expected}"
    assert "\n" not in message


@pytest.mark.parametrize("port", ["0", "-1", "65536", "eighty", "80.5"])
def test_a_port_is_a_number_that_a_port_can_have(port: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FOOTNOTE_PORT", port)
    assert refusal().startswith(f"FOOTNOTE_PORT is '{port}'")


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://ada:swordfish/name",
        "postgresql+other://ada:swordfish@host/name",
        "postgresql://ada:swordfish@host",
        "ada:swordfish@host/name",
        "mysql://host/name?password=swordfish",
    ],
)
def test_the_password_in_a_malformed_database_address_is_not_shown(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", url)
    assert "swordfish" not in refusal()


def test_a_password_after_the_question_mark_moves_to_where_it_is_never_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://ada@host/name?password=swordfish&sslmode=require")
    url = make_url(load_settings().database_url)
    assert url.password == "swordfish"
    assert dict(url.query) == {"sslmode": "require"}
    assert "swordfish" not in url.render_as_string(hide_password=True)


@pytest.mark.parametrize("query", ["sslpassword=swordfish", "password=swordfish&password=swordfish"])
def test_a_password_that_would_be_shown_is_refused(query: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", f"postgresql://ada@host/name?{query}")
    message = refusal()
    assert message.startswith("DATABASE_URL is 'postgresql://***'")
    assert "swordfish" not in message


def test_settings_that_are_printed_show_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NCBI_API_KEY", "swordfish")
    monkeypatch.setenv("FOOTNOTE_SMTP_URL", "smtp://ada:swordfish@mail.example")
    monkeypatch.setenv("DATABASE_URL", "postgresql://ada:swordfish@host/name")
    assert load_settings().ncbi_api_key == "swordfish"
    assert "swordfish" not in repr(load_settings()) + str(load_settings())


def test_an_unknown_name_that_begins_with_footnote_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FOOTNOTE_PROT", "8502")
    message = refusal()
    assert message.startswith("FOOTNOTE_PROT is not a setting of Footnote; those are ")
    assert "FOOTNOTE_PORT" in message


def test_an_unknown_name_in_the_env_file_is_an_error_too(checkout: Path) -> None:
    (checkout / ".env").write_text("FOOTNOTE_PROT=8502\n")
    assert "FOOTNOTE_PROT" in refusal()


def test_other_names_are_left_alone(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOMETHING_ELSE", "1")
    (checkout / ".env").write_text("ANOTHER_PROGRAM=1\n")
    assert load_settings().footnote_port == 8501


def test_settings_come_from_the_env_file_and_the_environment_wins(
    checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (checkout / ".env").write_text("FOOTNOTE_PORT=9000\nFOOTNOTE_HOST=0.0.0.0\n")
    monkeypatch.setenv("FOOTNOTE_PORT", "9001")
    chosen = load_settings()
    assert (chosen.footnote_host, chosen.footnote_port) == ("0.0.0.0", 9001)


def test_the_env_file_is_the_one_of_the_checkout(
    checkout: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".env").write_text("FOOTNOTE_PORT=9000\n")
    monkeypatch.chdir(tmp_path)
    assert load_settings().footnote_port == 8501


def test_another_settings_file_is_read_instead_of_the_one_of_the_checkout(
    checkout: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (checkout / ".env").write_text("FOOTNOTE_PROT=8502\nFOOTNOTE_HOST=0.0.0.0\n")
    (tmp_path / "settings").write_text("FOOTNOTE_PORT=9000\n")
    monkeypatch.setenv("FOOTNOTE_SETTINGS_FILE", str(tmp_path / "settings"))
    chosen = load_settings()
    assert (chosen.footnote_host, chosen.footnote_port) == ("127.0.0.1", 9000)


def test_a_settings_file_that_is_named_and_not_there_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    missing = str(tmp_path / "settings")
    monkeypatch.setenv("FOOTNOTE_SETTINGS_FILE", missing)
    assert refusal() == f"FOOTNOTE_SETTINGS_FILE is {missing!r}: expects a file that is there"


def test_files_beside_the_library_lie_where_sqlite_lies_and_in_the_checkout_for_postgresql(tmp_path: Path) -> None:
    assert config.data_folder(make_url(f"sqlite:///{tmp_path}/library.db")) == tmp_path
    assert config.data_folder(make_url("postgresql+psycopg://ada@localhost/footnote")) == config.DATA


def test_an_env_file_that_cannot_be_read_is_one_line(checkout: Path) -> None:
    (checkout / ".env").write_bytes(b"FOOTNOTE_PORT=\xff\xfe\n")
    assert refusal() == f"{checkout / '.env'} cannot be read; it expects lines such as FOOTNOTE_PORT=8501 in UTF-8"


def test_an_empty_value_means_the_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NCBI_EMAIL", "")
    monkeypatch.setenv("FOOTNOTE_PORT", "")
    assert (load_settings().ncbi_email, load_settings().footnote_port) == (None, 8501)


def test_a_relative_path_is_relative_to_the_working_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "sqlite:///here/library.db")
    monkeypatch.chdir(tmp_path)
    assert load_settings().database_url == f"sqlite:///{tmp_path}/here/library.db"


def test_the_default_library_lies_in_the_checkout_whatever_the_working_directory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    checkout = Path(config.__file__).parent.parent
    assert load_settings().database_url == f"sqlite:///{checkout}/data/footnote.db"


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_every_way_to_write_a_postgresql_address_is_taken(scheme: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", f"{scheme}://ada:p%40ss@host:5433/name?sslmode=require")
    assert load_settings().database_url == "postgresql+psycopg://ada:p%40ss@host:5433/name?sslmode=require"


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///", "sqlite:///:memory:", "sqlite://data/footnote.db"])
def test_a_sqlite_library_is_a_file(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", url)
    assert refusal().startswith("DATABASE_URL is 'sqlite://")
    assert refusal().endswith("expects sqlite:///PATH or postgresql://USER@HOST/NAME")


def test_services_end_with_a_slash_so_that_paths_can_follow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EUTILS_URL", "http://127.0.0.1:9999")
    monkeypatch.setenv("RETRACTION_WATCH_URL", "http://127.0.0.1:9999/file.csv")
    chosen = load_settings()
    assert (chosen.eutils_url, chosen.retraction_watch_url) == (
        "http://127.0.0.1:9999/",
        "http://127.0.0.1:9999/file.csv",
    )


def test_people_reach_the_app_at_its_public_address_or_on_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    assert load_settings().public_address == "http://localhost:8501"
    monkeypatch.setenv("FOOTNOTE_PUBLIC_URL", "https://footnote.example/")
    assert load_settings().public_address == "https://footnote.example"


def test_a_program_that_we_start_gets_our_environment_with_changes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOMETHING_ELSE", "1")
    environment = config.child_environment(DATABASE_URL="sqlite:////elsewhere.db")
    assert (environment["SOMETHING_ELSE"], environment["DATABASE_URL"]) == ("1", "sqlite:////elsewhere.db")
    assert "DATABASE_URL" not in os.environ


def test_the_clock_gives_utc() -> None:
    assert config.now().utcoffset() is not None
    assert config.now().utcoffset().total_seconds() == 0  # type: ignore[union-attr]
    assert config.today() == config.now().date()
