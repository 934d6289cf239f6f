from __future__ import annotations

from pathlib import Path

import pytest

from transition_exchange.config import BadConfig, Config, from_environment, make_keys


def test_init_makes_keys_that_only_their_owner_reads_and_never_replaces_them(tmp_path: Path) -> None:
    folder = tmp_path / "instance"
    made = make_keys(folder)
    assert {path.name for path in made} == {"secret_key", "installation_key"}
    assert {path.stat().st_mode & 0o777 for path in made} == {0o600}
    assert folder.stat().st_mode & 0o777 == 0o700
    before = from_environment({"INSTANCE": str(folder)})
    assert make_keys(folder) == ()
    assert from_environment({"INSTANCE": str(folder)}) == before
    assert before.database_url == f"sqlite:///{folder}/transition-exchange.sqlite3"
    assert len(before.secret_key) == 64
    assert len(before.installation_seed()) == 32
    assert before.secret_key not in repr(before)


def test_what_the_environment_names_goes_before_what_lies_in_the_folder(tmp_path: Path) -> None:
    make_keys(tmp_path)
    (tmp_path / "other").write_text("k" * 40 + "\n")
    config = from_environment(
        {
            "INSTANCE": str(tmp_path),
            "SECRET_KEY_FILE": str(tmp_path / "other"),
            "DATABASE_URL": "postgresql://exchange@db/exchange",
            "PUBLIC_URL": "https://exchange.example.org/",
            "WORKERS": "4",
        }
    )
    assert config.secret_key == "k" * 40
    assert config.database_url == "postgresql://exchange@db/exchange"
    assert (config.public_url, config.host, config.secure) == (
        "https://exchange.example.org",
        "exchange.example.org",
        True,
    )
    assert config.workers == 4
    config.check()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", "mysql://host/exchange"),
        ("PUBLIC_URL", "exchange.example.org"),
        ("PUBLIC_URL", "ftp://exchange.example.org"),
        ("SAMPLE", "perhaps"),
        ("PROXIES", "two"),
        ("PROXIES", "-1"),
        ("SMTP_PORT", "0"),
        ("SMTP_PORT", "65536"),
        ("WORKERS", "0"),
        ("SECRET_KEY_FILE", "/nowhere/secret"),
        ("SMTP_PASSWORD_FILE", "/nowhere/password"),
    ],
)
def test_a_wrong_value_is_refused_by_name(tmp_path: Path, name: str, value: str) -> None:
    with pytest.raises(BadConfig, match=name):
        from_environment({"INSTANCE": str(tmp_path), name: value})


def test_a_password_is_not_sent_in_the_clear_over_a_network(tmp_path: Path) -> None:
    env = {"INSTANCE": str(tmp_path), "SMTP_HOST": "mail.example.org", "SMTP_PASSWORD": "secret"}
    with pytest.raises(BadConfig, match="in the clear"):
        from_environment(env)
    assert from_environment(env | {"SMTP_STARTTLS": "yes"}).smtp_starttls
    assert from_environment(env | {"SMTP_HOST": "localhost"}).smtp_host == "localhost"
    with pytest.raises(BadConfig, match="exclude each other"):
        from_environment(env | {"SMTP_STARTTLS": "yes", "SMTP_TLS": "yes"})


@pytest.mark.parametrize(
    ("config", "message"),
    [
        (Config(public_url="https://exchange.example.org"), "SECRET_KEY"),
        (Config(secret_key="k" * 32, public_url="http://exchange.example.org"), "https"),
        (Config(secret_key="k" * 32, public_url="http://exchange.example.org", sample=True), "https"),
        (Config(secret_key="k" * 32, public_url="http://localhost:8000"), "https"),
    ],
)
def test_what_would_be_unsafe_to_serve_is_refused(config: Config, message: str) -> None:
    with pytest.raises(BadConfig, match=message):
        config.check()


def test_a_sample_on_this_machine_may_go_without_tls() -> None:
    Config(secret_key="k" * 32, sample=True).check()


def test_an_installation_key_that_is_none_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadConfig, match="no installation key"):
        Config().installation_seed()
    with pytest.raises(BadConfig, match="cannot be read"):
        Config(installation_key=tmp_path / "missing").installation_seed()
    (tmp_path / "key").write_text("abc")
    with pytest.raises(BadConfig, match="64 hexadecimal digits"):
        Config(installation_key=tmp_path / "key").installation_seed()
