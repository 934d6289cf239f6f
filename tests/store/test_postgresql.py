"""PostgreSQL on another machine is reached over verified TLS or not at all, however its place is said."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy.engine import make_url
from sqlalchemy.exc import OperationalError

from tests.certificates import Authority
from tests.mailbox import free_port
from tests.postgres import cluster
from transition_exchange.config import BadConfig, Config
from transition_exchange.store.away import why_unreachable
from transition_exchange.store.database import Database
from transition_exchange.store.postgresql import connection_string, require_verified

ELSEWHERE = "db.example.org"


@pytest.fixture(autouse=True)
def no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    """No variable of libpq decides but those that a test sets."""
    for name in ("PGHOST", "PGHOSTADDR", "PGSSLMODE", "PGSERVICE", "PGSERVICEFILE", "PGSSLROOTCERT"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def services(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A service file of libpq that names this machine, another one, and another one with verified TLS."""
    path = tmp_path / "pg_service.conf"
    path.write_text(
        "[here]\nhost=localhost\n[there]\nhost=db.example.org\n"
        "[verified]\nhost=db.example.org\nsslmode=verify-full\n"
    )
    monkeypatch.setenv("PGSERVICEFILE", str(path))


def refused(url: str) -> str | None:
    """What is said about an address; None if nothing is."""
    try:
        require_verified(Config(database_url=url))
    except BadConfig as error:
        return str(error)
    return None


@pytest.mark.parametrize(
    "url",
    [
        "sqlite:///exchange.sqlite3",
        "postgresql:///exchange",
        "postgresql://exchange@localhost/exchange",
        "postgresql://exchange@127.0.0.1:5433/exchange",
        "postgresql://exchange@[::1]/exchange",
        "postgresql://exchange@/exchange?host=/run/postgresql",
        "postgresql://exchange@/exchange?host=%2Frun%2Fpostgresql,localhost",
        "postgresql://exchange@/exchange?host=@abstract",
        "postgresql://exchange@/exchange?host=localhost:5432&host=127.0.0.1:5433",
        "postgresql://exchange@db.example.org/exchange?hostaddr=127.0.0.1",
        "postgresql:///exchange?service=here",
        "postgresql:///exchange?service=verified",
        "postgresql://exchange@db.example.org/exchange?sslmode=verify-full",
        "postgres://exchange@db.example.org/exchange?sslmode=verify-full",
        "postgresql+psycopg://exchange@db.example.org,db2.example.org/exchange?sslmode=verify-full",
        "postgresql://exchange@db.example.org/exchange?sslmode=verify-full&prepare_threshold=0",
    ],
)
@pytest.mark.usefixtures("services")
def test_this_machine_or_verified_tls_is_accepted(url: str) -> None:
    assert refused(url) is None


@pytest.mark.parametrize(
    ("url", "place"),
    [
        ("postgresql://exchange@db.example.org/exchange", ELSEWHERE),
        ("postgres://exchange@db.example.org/exchange", ELSEWHERE),
        ("postgresql://exchange@db.example.org/exchange?sslmode=require", ELSEWHERE),
        ("postgresql://exchange@db.example.org/exchange?sslmode=verify-ca", ELSEWHERE),
        ("postgresql+psycopg://exchange@localhost,db.example.org/exchange", ELSEWHERE),
        ("postgresql://exchange@/exchange?host=localhost:5432&host=db.example.org:5432", ELSEWHERE),
        ("postgresql://exchange@/exchange?host=/run/postgresql,db.example.org", ELSEWHERE),
        ("postgresql://exchange@localhost/exchange?host=db.example.org", ELSEWHERE),
        ("postgresql://exchange@localhost/exchange?hostaddr=10.0.0.1", "10.0.0.1"),
        ("postgresql://exchange@/exchange?hostaddr=127.0.0.1,2001:db8::1", "2001:db8::1"),
        ("postgresql://exchange@/exchange?host=localhost,a&hostaddr=,10.0.0.1", "10.0.0.1"),
        ("postgresql:///exchange?service=there", ELSEWHERE),
        ("postgresql://exchange@[2001:db8::1]/exchange", "2001:db8::1"),
    ],
)
@pytest.mark.usefixtures("services")
def test_another_machine_without_verified_tls_is_refused_by_name(url: str, place: str) -> None:
    message = refused(url)
    assert message is not None
    assert message.startswith(f"DATABASE_URL leads to another machine ({place}) with sslmode=")
    assert "Add sslmode=verify-full, and sslrootcert=FILE" in message
    assert "DATABASE_WITHOUT_VERIFIED_TLS=yes does without." in message
    require_verified(Config(database_url=url, database_without_verified_tls=True))


@pytest.mark.parametrize(
    "variables",
    [
        {"PGHOST": ELSEWHERE},
        {"PGHOSTADDR": "10.0.0.1"},
        {"PGSERVICE": "there"},
        {"PGHOST": ELSEWHERE, "PGSSLMODE": "require"},
    ],
)
@pytest.mark.usefixtures("services")
def test_variables_that_lead_elsewhere_count(
    variables: Mapping[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert refused("postgresql:///exchange") is None
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert "another machine" in (refused("postgresql:///exchange") or "")
    monkeypatch.setenv("PGSSLMODE", "verify-full")
    assert refused("postgresql:///exchange") is None


@pytest.mark.parametrize(
    "url",
    [
        "postgresql:///exchange?service=missing",
        "postgresql://exchange:s3cret@db.example.org:port/exchange",  # pragma: allowlist secret
    ],
)
@pytest.mark.usefixtures("services")
def test_what_cannot_be_understood_is_refused_without_repeating_it(url: str) -> None:
    message = refused(url)
    assert message is not None
    assert message.startswith("DATABASE_URL cannot be understood")
    assert "s3cret" not in message


def test_the_queue_is_given_what_sqlalchemy_gives() -> None:
    url = make_url("postgresql://exchange:a%20b'c@/exchange?host=a:1&host=b:2&prepare_threshold=3")
    told = r"dbname=exchange user=exchange password='a b\'c' host=a,b port=1,2"  # pragma: allowlist secret
    assert connection_string(url) == told


@dataclass(frozen=True)
class Served:
    """A PostgreSQL that speaks TLS, whose certificate is for `localhost`."""

    port: int
    authority: Path

    def url(self, host: str, **settings: object) -> str:
        query = "&".join(f"{name}={value}" for name, value in settings.items())
        return f"postgresql://exchange@{host}:{self.port}/postgres?{query}"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    authority, port = Authority(tmp_path_factory.mktemp("authority")), free_port()
    certified = authority.certify("localhost")

    def prepare(folder: Path) -> Mapping[str, str]:
        for name, source in (("server.pem", certified.certificate), ("server.key", certified.key)):
            (folder / name).touch(mode=0o600)
            (folder / name).write_bytes(source.read_bytes())
        return {
            "listen_addresses": "127.0.0.1",
            "ssl": "on",
            "ssl_cert_file": str(folder / "server.pem"),
            "ssl_key_file": str(folder / "server.key"),
        }

    with cluster(prepare, port=port):
        yield Served(port, authority.file)


def reach(url: str) -> str | None:
    """How a database is reached: the version of TLS; None if it refuses that, or is refused."""
    db = Database(url)
    try:
        with db.read() as session:
            return str(
                session.connection()
                .exec_driver_sql("SELECT version FROM pg_stat_ssl WHERE pid = pg_backend_pid()")
                .scalar()
            )
    finally:
        db.dispose()


def test_a_certificate_that_is_right_is_accepted(served: Served) -> None:
    url = served.url("localhost", sslmode="verify-full", sslrootcert=served.authority)
    assert refused(url) is None
    assert reach(url) == "TLSv1.3"


def test_a_certificate_for_another_name_is_refused_and_said_so(served: Served) -> None:
    with pytest.raises(OperationalError) as error:
        reach(served.url("127.0.0.1", sslmode="verify-full", sslrootcert=served.authority))
    assert why_unreachable(error.value) == (
        ", for its certificate bears another name than the host that was asked for"
    )


def test_a_certificate_by_an_unknown_authority_is_refused_and_said_so(served: Served, tmp_path: Path) -> None:
    stranger = Authority(tmp_path, "Somebody Else").file
    with pytest.raises(OperationalError) as error:
        reach(served.url("localhost", sslmode="verify-full", sslrootcert=stranger))
    assert "by an authority that sslrootcert does not name" in why_unreachable(error.value)


def test_a_missing_file_of_authorities_is_said_so(served: Served, tmp_path: Path) -> None:
    with pytest.raises(OperationalError) as error:
        reach(served.url("localhost", sslmode="verify-full", sslrootcert=tmp_path / "missing.pem"))
    assert "the file of authorities that sslrootcert names cannot be used" in why_unreachable(error.value)
