"""The way to a cluster: credentials, a busy cluster, and the command."""

import base64
import http.server
import json
import os
import ssl
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Thread

import pytest
import trustme

import bot
from bot.cli.run import run_cli
from bot.cluster.connection import ClusterConnection
from bot.cluster.errors import (
    ClusterBusy,
    ClusterRefusal,
    ClusterUnreachable,
    PartialResult,
    PublishingFault,
)
from bot.cluster.publish import PublishingOptions, delete_publication, publish
from bot.config.cluster_address import ClusterAddress, Credentials
from bot.retrieval.cluster_retriever import follow_cluster

pytestmark = [pytest.mark.slow]
pytest.importorskip("opensearchpy", reason="needs article-bot[cluster]")

SMALL = PublishingOptions(shards=1, replicas=0)
POLL_SECONDS = 0.01  # after which a server sees that it is to stop


REASON = {"type": "security_exception", "reason": "no permissions for [indices:data/read/get]"}
FORBIDDEN = json.dumps({"error": {**REASON, "root_cause": [REASON]}, "status": 403}).encode()


PREVIEW = "failed to parse field [row]. Preview of field's value: 'It rained.'"
UNPARSED = {"type": "mapper_parsing_exception", "reason": PREVIEW}


class Gate(http.server.BaseHTTPRequestHandler):
    """Passes requests on to a node: only with the password, and not while it is busy."""

    protocol_version = "HTTP/1.1"
    target = ""
    busy = 0  # requests that are still refused
    partial_searches = 0  # searches of which a shard has still failed
    refused_items = 0  # bulk requests of which an item is still refused
    is_strict = False  # whether every item of a bulk request is refused for good

    def handle_request(self) -> None:
        """Answer any request."""
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        wanted = base64.b64encode(b"ada:secret").decode()
        if self.headers.get("Authorization") == "ApiKey weak":
            self.reply(403, FORBIDDEN)
        elif self.headers.get("Authorization") not in (f"Basic {wanted}", "ApiKey k3y"):
            self.reply(401, b'{"error": "no", "status": 401}')
        elif Gate.busy:
            Gate.busy -= 1
            self.reply(429, b'{"error": {"type": "rejected_execution_exception"}, "status": 429}')
        else:
            self.reply(*self.pass_on(body))

    def pass_on(self, body: bytes) -> tuple[int, bytes]:
        """Return the status and answer of the node."""
        headers = {"Content-Type": self.headers.get("Content-Type") or "application/json"}
        request = urllib.request.Request(
            self.target + self.path, body or None, headers, method=self.command
        )
        try:
            with urllib.request.urlopen(request) as answer:
                data = answer.read()
        except urllib.error.HTTPError as error:
            return error.code, error.read()
        if self.path == "/_msearch" and Gate.partial_searches:
            Gate.partial_searches -= 1
            document = json.loads(data)
            document["responses"][0]["_shards"]["failed"] = 1
            data = json.dumps(document).encode()
        if self.path == "/_bulk" and Gate.is_strict:
            document = json.loads(data)
            for item in document["items"]:
                [result] = item.values()
                result.update(status=400, error=UNPARSED)
            data = json.dumps({**document, "errors": True}).encode()
        if self.path == "/_bulk" and Gate.refused_items:
            Gate.refused_items -= 1
            document = json.loads(data)
            [result] = document["items"][0].values()
            result.update(status=429, error={"type": "rejected_execution_exception"})
            data = json.dumps({**document, "errors": True}).encode()
        return 200, data

    def reply(self, status: int, data: bytes) -> None:
        """Send an answer."""
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    do_GET = do_POST = do_PUT = do_DELETE = handle_request  # noqa: N815 - names of http.server

    def log_message(self, *_: object) -> None:
        """Write no log."""


@pytest.fixture
def gate(cluster_urls: list[str]) -> Iterator[ClusterAddress]:
    """The address of a library behind the gate, without credentials."""
    name = f"gate-{os.getpid()}"  # the processes of pytest-xdist share the cluster
    Gate.target = cluster_urls[0]
    Gate.busy = Gate.refused_items = Gate.partial_searches = 0
    Gate.is_strict = False
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Gate) as server:
        Thread(target=server.serve_forever, args=[POLL_SECONDS], daemon=True).start()
        yield ClusterAddress((f"http://127.0.0.1:{server.server_port}",), name)
        server.shutdown()
    delete_publication(ClusterConnection(ClusterAddress(tuple(cluster_urls), name)))


PASSWORD = Credentials("ada", "secret")


def test_credentials_are_sent(gate: ClusterAddress) -> None:
    """A user with a password, or a key."""
    connection = ClusterConnection(replace(gate, credentials=PASSWORD))
    publish(connection, bot.Library.from_texts(["It rained."]), SMALL)

    for credentials in (PASSWORD, Credentials(key="k3y")):
        address = replace(gate, credentials=credentials)
        assert follow_cluster(address).ask("When did it rain?").answers


@pytest.mark.parametrize("credentials", [Credentials(), Credentials("ada", "wrong-pass")])
def test_wrong_credentials_are_an_error(gate: ClusterAddress, credentials: Credentials) -> None:
    """The sentence names the variables, and never the password."""
    with pytest.raises(
        ClusterRefusal, match=r"(wrong|asks for a) user.*, or BOT_ENGINE_KEY"
    ) as caught:
        follow_cluster(replace(gate, credentials=credentials))

    assert "wrong-pass" not in str(caught.value) + repr(caught.value) + repr(caught.value.address)


def test_busy_cluster_is_asked_again(gate: ClusterAddress) -> None:
    """429 is "later": of whole requests, and of single documents of a bulk request."""
    address = replace(gate, credentials=PASSWORD)
    Gate.busy, Gate.refused_items = 3, 2
    publish(ClusterConnection(address), bot.Library.from_texts(["It rained."]), SMALL)
    Gate.busy = 2

    reply = follow_cluster(address).ask("When did it rain?")

    assert reply.answers
    assert (Gate.busy, Gate.refused_items) == (0, 0)


def test_partial_results_are_refused(gate: ClusterAddress) -> None:
    """A search of which a shard has failed is asked again, and an error where it fails again."""
    address = replace(gate, credentials=PASSWORD, tries=2)
    publish(ClusterConnection(address), bot.Library.from_texts(["It rained."]), SMALL)

    Gate.partial_searches = 1
    assert follow_cluster(address).ask("When did it rain?").answers
    assert not Gate.partial_searches
    Gate.partial_searches = 1_000
    with pytest.raises(PartialResult, match="a part of the index does not answer"):
        follow_cluster(address).ask("When did it rain?")


def test_refused_documents_are_named(gate: ClusterAddress) -> None:
    """In one line, with the reason of each of the first, and never with their texts."""
    library = bot.Library.from_texts(["It rained. It poured. It snowed. It froze."])
    address = replace(gate, credentials=PASSWORD)
    Gate.is_strict = True

    with pytest.raises(PublishingFault) as caught:
        publish(ClusterConnection(address), library, SMALL)

    fault = str(caught.value)
    assert fault.startswith(f"{address.name}: it refused document ")
    assert fault.count("mapper_parsing_exception: failed to parse field [row].") == 3
    assert fault.endswith(" more")
    assert "rained" not in fault
    assert "\n" not in fault


def test_cluster_that_stays_busy_is_an_error(gate: ClusterAddress) -> None:
    """After as many tries as the settings allow."""
    Gate.busy = 1_000

    with pytest.raises(ClusterBusy, match="too busy: rejected_execution_exception"):
        follow_cluster(replace(gate, credentials=PASSWORD, tries=2))


def test_other_nodes_are_asked_where_one_is_down(cluster_urls: list[str]) -> None:
    """An address at which nobody listens costs time, not the answer."""
    address = ClusterAddress(("http://127.0.0.1:9", *cluster_urls), "failover")
    connection = ClusterConnection(address)
    publish(connection, bot.Library.from_texts(["It rained."]), SMALL)

    assert follow_cluster(address).ask("When did it rain?").answers

    delete_publication(connection)


def test_nobody_there() -> None:
    """A refused connection is an error with a remedy."""
    with pytest.raises(ClusterUnreachable, match="connection refused; is the address right"):
        follow_cluster(ClusterAddress(("http://127.0.0.1:9",), "news", tries=2))


def run_bot(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the command."""
    command = [sys.executable, "-m", "bot", *arguments]
    full = {**os.environ, **environment}
    return subprocess.run(command, capture_output=True, text=True, check=False, env=full)


def test_commands_on_a_cluster(cluster_urls: list[str], folder: Path) -> None:
    """Publish, ask, show, delete; with the exit codes that scripts know."""
    library = ["--engine", ",".join(cluster_urls), "--index", "command"]

    missing = run_bot("ask", *library, "When did the bridge open?")
    indexed = run_bot("index", *library, "--replicas", "0", "--shards", "1", str(folder))
    again = run_bot("index", *library, str(folder))
    asked = run_bot("ask", *library, "When did the bridge open?", "--jsonl")
    silent = run_bot("ask", *library, "quokka")
    shown = run_bot("info", *library, "--json")
    both = run_bot("ask", *library, "When did the bridge open?", str(folder))
    deleted = run_bot("index", *library, "--forget")

    assert (missing.returncode, missing.stdout) == (2, "")
    assert "bot index --engine" in missing.stderr
    assert indexed.returncode == again.returncode == 0, indexed.stderr
    assert "3 new, 0 changed" in indexed.stdout
    assert "unchanged  3" in again.stdout
    memory = bot.Retriever.from_path(folder, cache=None).ask("When did the bridge open?")
    assert json.loads(asked.stdout) == memory.as_dict()
    assert silent.returncode == 1
    assert json.loads(shown.stdout)["articles"] == 3
    assert both.returncode == 2
    assert deleted.returncode == 0
    assert "Deleted command" in deleted.stderr


AUTHORITY, STRANGER = trustme.CA(), trustme.CA()
DAY = timedelta(days=1)
NOW = datetime.now(UTC)
CERTIFICATES = {
    "good": AUTHORITY.issue_cert("localhost"),
    "expired": AUTHORITY.issue_cert("localhost", not_before=NOW - 2 * DAY, not_after=NOW - DAY),
    "early": AUTHORITY.issue_cert("localhost", not_before=NOW + DAY, not_after=NOW + 2 * DAY),
    "other name": AUTHORITY.issue_cert("search.example.org"),
}


class PatientServer(http.server.ThreadingHTTPServer):
    """A server that writes nothing about clients that refuse its certificate."""

    def handle_error(self, *_: object) -> None:
        """Do nothing."""


@contextmanager
def serve_securely(certificate: trustme.LeafCert) -> Iterator[int]:
    """Serve the gate over TLS; yield its port."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificate.configure_cert(context)
    with PatientServer(("127.0.0.1", 0), Gate) as server:
        server.socket = context.wrap_socket(server.socket, server_side=True)
        Thread(target=server.serve_forever, args=[POLL_SECONDS], daemon=True).start()
        yield server.server_port
        server.shutdown()


def write_config(home: Path, port: int, ca: str, scheme: str = "https") -> dict[str, str]:
    """Write a config file and its certificates; return the variable that names its folder."""
    AUTHORITY.cert_pem.write_to_path(home / "ours.pem")
    STRANGER.cert_pem.write_to_path(home / "strange.pem")
    (home / "empty.pem").touch()
    lines = [f'engine = "{scheme}://localhost:{port}"', 'index = "vault"']
    lines += [f'ca = "{home / ca}"'] if ca else []
    (home / "bot").mkdir()
    (home / "bot/config.toml").write_text("\n".join(lines))
    return {"XDG_CONFIG_HOME": str(home)}


def test_library_behind_tls(cluster_urls: list[str], folder: Path, tmp_path: Path) -> None:
    """Published and asked through TLS, by an authority of one's own, with a password or a key."""
    Gate.target = cluster_urls[0]
    Gate.busy = Gate.refused_items = Gate.partial_searches = 0
    Gate.is_strict = False
    ada = {"BOT_ENGINE_USER": "ada", "BOT_ENGINE_PASSWORD": "secret"}
    with serve_securely(CERTIFICATES["good"]) as port:
        place = write_config(tmp_path, port, "ours.pem")
        indexed = run_bot("index", "--replicas", "0", str(folder), **place, **ada)
        asked = run_bot("ask", "When did the bridge open?", **place, BOT_ENGINE_KEY="k3y")
        shown = run_bot("config", **place, **ada, BOT_ENGINE_KEY="k3y")
        deleted = run_bot("index", "--forget", **place, **ada)

    assert indexed.returncode == 0, indexed.stderr
    assert "1932" in asked.stdout, asked.stderr
    assert deleted.returncode == 0, deleted.stderr
    assert f"https://localhost:{port}" in shown.stdout
    for done in (indexed, asked, shown, deleted):
        assert "secret" not in done.stdout + done.stderr
        assert "k3y" not in done.stdout + done.stderr


@pytest.mark.parametrize(
    "refusal",
    [  # certificate; scheme, file of the authority and key; fault
        (
            "good",
            ("https", "", "k3y"),
            "not trusted; name the file of its authority in the setting",
        ),
        ("good", ("https", "strange.pem", "k3y"), "strange.pem signed it: name the file of its"),
        ("good", ("https", "none.pem", "k3y"), "none.pem: no such file; the setting ca names"),
        ("good", ("https", "empty.pem", "k3y"), "empty.pem: no certificates in PEM form; the"),
        ("expired", ("https", "ours.pem", "k3y"), "has expired; the cluster needs a new one"),
        (
            "early",
            ("https", "ours.pem", "k3y"),
            "not valid yet; is the clock of this machine right?",
        ),
        ("other name", ("https", "ours.pem", "k3y"), "for another host; use the name in it as the"),
        ("good", ("http", "ours.pem", "k3y"), "is the port one of TLS, and the address https?"),
        ("good", ("https", "ours.pem", ""), "asks for a user or key; set BOT_ENGINE_USER and"),
        (
            "good",
            ("https", "ours.pem", "wr0ng"),
            "wrong user, password or key; see BOT_ENGINE_USER",
        ),
        (
            "good",
            ("https", "ours.pem", "weak"),
            "not allowed; give the user the rights to vault and",
        ),
    ],
    ids=lambda refusal: refusal[2],
)
def test_refused_connections(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    refusal: tuple[str, tuple[str, str, str], str],
) -> None:
    """A line says the place, the fault and what helps, and never the key; the exit code is 2."""
    certificate, (scheme, ca, key), fault = refusal
    monkeypatch.setattr(sys, "argv", ["bot", "ask", "When did the bridge open?"])
    monkeypatch.setenv("BOT_ENGINE_KEY", key)
    with serve_securely(CERTIFICATES[certificate]) as port:
        for name, value in write_config(tmp_path, port, ca, scheme).items():
            monkeypatch.setenv(name, value)
        code = run_cli()
    screen = capsys.readouterr()

    assert (code, screen.out) == (2, "")
    [line] = screen.err.splitlines()
    assert line.startswith(f"bot: error: vault at {scheme}://localhost:{port}: ")
    assert fault in line
    assert not key or key not in line


@pytest.mark.parametrize("address", ["https://ada:hunter2@localhost:9200", "ada:hunter2@localhost"])
def test_passwords_in_addresses_are_refused(tmp_path: Path, address: str) -> None:
    """Of the config file with a warning, of the command line with an error; none quotes it."""
    (tmp_path / "bot").mkdir()
    (tmp_path / "bot/config.toml").write_text(f'engine = "{address}"\nindex = "vault"')

    shown = run_bot("config", XDG_CONFIG_HOME=str(tmp_path))
    asked = run_bot("ask", "quokka", "--engine", address, "--index", "vault")

    assert "line 1: engine takes addresses without user and password" in shown.stderr
    assert "engine      default      none" in shown.stdout
    assert asked.returncode == 2
    assert "a password is read from BOT_ENGINE_PASSWORD" in asked.stderr
    assert "hunter2" not in shown.stdout + shown.stderr + asked.stdout + asked.stderr
