"""Settings come from the environment, whole and valid, or not at all."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

import pytest

from tests.certificates import Authority
from transition_exchange.config import BadConfig, Config, from_environment, is_loopback, make_keys
from transition_exchange.sealing import unlocks

SETTINGS = (
    "DATABASE_URL",
    "DATABASE_WITHOUT_VERIFIED_TLS",
    "PUBLIC_URL",
    "SECRET_KEY",
    "SECRET_KEY_FILE",
    "INSTALLATION_KEY_FILE",
    "SAMPLE",
    "PROXIES",
    "SMTP_HOST",
    "SMTP_PORT",
    "SMTP_TLS",
    "SMTP_STARTTLS",
    "SMTP_CA_FILE",
    "SMTP_WITHOUT_VERIFIED_TLS",
    "SMTP_USER",
    "SMTP_PASSWORD",
    "SMTP_PASSWORD_FILE",
    "MAIL_FROM",
    "CONTACT",
    "PASSPHRASE_MEMORY_KIB",
    "WORKERS",
    "THREADS",
)


class Read(Protocol):
    def __call__(self, **settings: object) -> Config: ...


@pytest.fixture
def read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Read:
    """Reads the settings of an environment that holds the given ones and no others, in a fresh folder."""

    def read(**settings: object) -> Config:
        with monkeypatch.context() as patch:
            for name in SETTINGS:
                patch.delenv(name, raising=False)
            for name, value in {"INSTANCE": tmp_path, **settings}.items():
                patch.setenv(name, str(value))
            return from_environment()

    return read


def test_init_makes_keys_that_only_their_owner_reads_and_never_replaces_them(
    read: Read, tmp_path: Path
) -> None:
    folder = tmp_path / "instance"
    made = make_keys(folder)
    assert {path.name for path in made} == {"secret_key", "installation_key"}
    assert {path.stat().st_mode & 0o777 for path in made} == {0o600}
    assert folder.stat().st_mode & 0o777 == 0o700
    before = read(INSTANCE=folder)
    assert make_keys(folder) == ()
    assert read(INSTANCE=folder) == before
    assert before.database_url == f"sqlite:///{folder}/transition-exchange.sqlite3"
    assert len(before.secret_key) == 64
    assert len(before.installation_seed()) == 32
    assert before.secret_key not in repr(before)


def test_what_the_environment_names_goes_before_what_lies_in_the_folder(read: Read, tmp_path: Path) -> None:
    make_keys(tmp_path)
    (tmp_path / "other").write_text("k" * 40 + "\n")
    config = read(
        SECRET_KEY_FILE=tmp_path / "other",
        DATABASE_URL="postgresql://exchange@db/exchange",
        PUBLIC_URL="https://exchange.example.org/",
        WORKERS=4,
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
        ("THREADS", "0"),
        ("PASSPHRASE_MEMORY_KIB", "7"),
        ("PASSPHRASE_MEMORY_KIB", "262145"),
        ("PROXIES", "2.5"),
        ("SECRET_KEY_FILE", "/nowhere/secret"),
        ("SMTP_PASSWORD_FILE", "/nowhere/password"),
    ],
)
def test_a_wrong_value_is_refused_by_name(read: Read, name: str, value: str) -> None:
    with pytest.raises(BadConfig, match=rf"^{name} "):
        read(**{name: value})


@pytest.mark.parametrize("most", [unlocks.LEAST_MEMORY_KIB, unlocks.MOST_MEMORY_KIB])
def test_a_passphrase_may_cost_what_can_be_unlocked_again(read: Read, most: int) -> None:
    assert read(PASSPHRASE_MEMORY_KIB=str(most)).passphrase_memory_kib == most


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"SMTP_PORT": "65536"}, "SMTP_PORT must be from 1 to 65535."),
        ({"WORKERS": "none"}, "WORKERS must be a whole number."),
        ({"SAMPLE": "perhaps"}, "SAMPLE must be yes or no."),
        ({"SMTP_PASSWORD_FILE": "/nowhere"}, "SMTP_PASSWORD_FILE cannot be read: No such file or directory."),
        (
            {"THREADS": "0", "SAMPLE": "perhaps", "PUBLIC_URL": "here"},
            "PUBLIC_URL must be the address that people type, such as https://exchange.example.org. "
            "SAMPLE must be yes or no. THREADS must be at least 1.",
        ),
    ],
)
def test_a_message_says_what_each_wrong_setting_should_be(
    read: Read, settings: dict[str, str], message: str
) -> None:
    with pytest.raises(BadConfig) as refusal:
        read(**settings)
    assert str(refusal.value) == message


@pytest.mark.parametrize("name", SETTINGS)
def test_an_empty_setting_counts_as_not_set(read: Read, name: str) -> None:
    assert read(**{name: ""}) == read()


@pytest.mark.parametrize(
    ("word", "meant"),
    [("yes", True), ("1", True), ("True", True), ("no", False), ("0", False), ("FALSE", False)],
)
def test_yes_and_no_may_be_written_in_several_ways(read: Read, word: str, meant: bool) -> None:
    assert read(SAMPLE=word).sample is meant


def test_each_setting_is_read_from_the_variable_of_its_name(read: Read, tmp_path: Path) -> None:
    (tmp_path / "key").write_text("ab" * 32)
    authorities = Authority(tmp_path).file
    given = {
        "DATABASE_URL": "sqlite:////srv/exchange.sqlite3",
        "DATABASE_WITHOUT_VERIFIED_TLS": "yes",
        "PUBLIC_URL": "https://exchange.example.org",
        "SECRET_KEY": "k" * 32,
        "INSTALLATION_KEY_FILE": tmp_path / "key",
        "SAMPLE": "yes",
        "PROXIES": 2,
        "SMTP_HOST": "mail.example.org",
        "SMTP_PORT": 587,
        "SMTP_STARTTLS": "yes",
        "SMTP_CA_FILE": authorities,
        "SMTP_WITHOUT_VERIFIED_TLS": "yes",
        "SMTP_USER": "exchange",
        "SMTP_PASSWORD": "a word",  # pragma: allowlist secret
        "MAIL_FROM": "exchange@example.org",
        "CONTACT": "01632 960000",
        "PASSPHRASE_MEMORY_KIB": 64,
        "WORKERS": 3,
        "THREADS": 4,
    }
    assert read(**given) == Config(
        database_url="sqlite:////srv/exchange.sqlite3",
        database_without_verified_tls=True,
        public_url="https://exchange.example.org",
        secret_key="k" * 32,
        installation_key=tmp_path / "key",
        sample=True,
        proxies=2,
        smtp_host="mail.example.org",
        smtp_port=587,
        smtp_starttls=True,
        smtp_ca_file=authorities,
        smtp_without_verified_tls=True,
        smtp_user="exchange",
        smtp_password="a word",  # pragma: allowlist secret
        mail_from="exchange@example.org",
        contact="01632 960000",
        passphrase_memory_kib=64,
        instance=tmp_path,
        workers=3,
        threads=4,
    )


def test_a_password_is_not_sent_in_the_clear_over_a_network(read: Read) -> None:
    env = {"SMTP_HOST": "mail.example.org", "SMTP_PASSWORD": "secret"}  # pragma: allowlist secret
    with pytest.raises(BadConfig, match="in the clear"):
        read(**env)
    assert read(**env, SMTP_STARTTLS="yes").smtp_starttls
    with pytest.raises(BadConfig, match="in the clear"):
        read(**env, SMTP_WITHOUT_VERIFIED_TLS="yes")
    assert read(**env | {"SMTP_HOST": "localhost"}).smtp_host == "localhost"
    with pytest.raises(BadConfig, match="exclude each other"):
        read(**env, SMTP_STARTTLS="yes", SMTP_TLS="yes")


@pytest.mark.parametrize("host", ["mail.example.org", "10.0.0.1", "2001:db8::1", "localhost.example.org"])
def test_mail_to_another_machine_needs_tls(read: Read, host: str) -> None:
    with pytest.raises(BadConfig) as refusal:
        read(SMTP_HOST=host)
    assert str(refusal.value) == (
        f"SMTP_HOST is another machine ({host}), and mail to it would be sent in the clear: set "
        "SMTP_STARTTLS=yes (usually with SMTP_PORT=587) or SMTP_TLS=yes (SMTP_PORT=465). "
        "SMTP_WITHOUT_VERIFIED_TLS=yes does without."
    )
    assert read(SMTP_HOST=host, SMTP_STARTTLS="yes").smtp_starttls
    assert read(SMTP_HOST=host, SMTP_TLS="yes").smtp_tls
    assert read(SMTP_HOST=host, SMTP_WITHOUT_VERIFIED_TLS="yes").smtp_without_verified_tls


@pytest.mark.parametrize(
    ("host", "own"),
    [
        ("localhost", True),
        ("LOCALHOST.", True),
        ("127.0.0.1", True),
        ("127.8.9.10", True),
        ("::1", True),
        ("[::1]", True),
        ("::ffff:127.0.0.1", True),
        ("", False),
        ("0.0.0.0", False),
        ("128.0.0.1", False),
        ("::ffff:10.0.0.1", False),
        ("127.0.0.1.example.org", False),
        ("localhost.example.org", False),
    ],
)
def test_only_the_loopback_is_this_machine(host: str, own: bool) -> None:
    assert is_loopback(host) is own


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "::1"])
def test_mail_to_this_machine_needs_no_tls(read: Read, host: str) -> None:
    assert read(SMTP_HOST=host).smtp_host == host


@pytest.mark.parametrize(
    ("config", "message"),
    [
        (Config(public_url="https://exchange.example.org"), "SECRET_KEY"),
        (Config(secret_key="k" * 32, public_url="http://exchange.example.org"), "https"),
        (Config(secret_key="k" * 32, public_url="http://exchange.example.org", sample=True), "https"),
        (Config(secret_key="k" * 32, public_url="http://localhost:8000"), "https"),
        (Config(secret_key="k" * 32, public_url="https://exchange.example.org", demo=True), "second step"),
        (
            Config(secret_key="k" * 32, public_url="https://exchange.example.org", sample=True, demo=True),
            "second step",
        ),
    ],
)
def test_what_would_be_unsafe_to_serve_is_refused(config: Config, message: str) -> None:
    with pytest.raises(BadConfig, match=message):
        config.check()


def test_a_sample_on_this_machine_may_go_without_tls() -> None:
    Config(secret_key="k" * 32, sample=True).check()


def test_no_environment_variable_switches_the_second_step_off(read: Read) -> None:
    given = {"SECRET_KEY": "k" * 32, "SAMPLE": "yes", "DEMO": "yes"}
    assert read(**given).sample
    assert not read(**given).demo


def test_an_installation_key_that_is_none_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadConfig, match="no installation key"):
        Config().installation_seed()
    with pytest.raises(BadConfig, match="cannot be read"):
        Config(installation_key=tmp_path / "missing").installation_seed()
    (tmp_path / "key").write_text("abc")
    with pytest.raises(BadConfig, match="64 hexadecimal digits"):
        Config(installation_key=tmp_path / "key").installation_seed()


def test_every_process_counts_tries_under_the_same_key_which_comes_from_the_secret_one() -> None:
    first, same, other = (Config(secret_key=letter * 40).digest_key for letter in "aab")
    assert first == same != other
    assert len(first) == 32


def test_a_file_of_authorities_that_cannot_be_used_is_refused_at_once(read: Read, tmp_path: Path) -> None:
    with pytest.raises(BadConfig, match="SMTP_CA_FILE cannot be read: No such file or directory"):
        read(SMTP_CA_FILE=tmp_path / "missing.pem")
    (tmp_path / "empty.pem").write_text("no certificate")
    with pytest.raises(BadConfig, match="SMTP_CA_FILE cannot be used: it holds no certificate"):
        read(SMTP_CA_FILE=tmp_path / "empty.pem")
