"""``bot serve``, by clients of HTTP: answers, refusals, limits, changes, and its end."""

import asyncio
import json
import re
import shlex
import subprocess
import sys
import tomllib
from base64 import b64encode
from collections.abc import Awaitable, Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress
from http import HTTPStatus
from http.client import HTTPConnection
from pathlib import Path
from socket import create_connection
from threading import Thread
from urllib.parse import quote, urlsplit

import pytest

import bot
from bot.cluster.connection import ClusterConnection
from bot.cluster.publish import PublishingOptions, delete_publication, publish
from bot.config.cluster_address import ClusterAddress
from bot.render.safe_json import dump_json

pytest.importorskip("starlette", reason="needs article-bot[server]")
pytest.importorskip("uvicorn", reason="needs article-bot[server]")

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send
from uvicorn import Config
from uvicorn.server import ServerState

from bot.integrations.http.connections import TimedProtocol
from bot.integrations.http.conversations import EXPIRY_SECONDS, ConversationStore
from bot.integrations.http.peers import Peers

ROOT = Path(__file__).parent.parent
REFUSALS = tomllib.loads((ROOT / "tests/data/http_refusals.toml").read_text("utf-8"))["case"]
JSON_TYPE = {"Content-Type": "application/json"}
ANSWER = "The Thornwick Bridge opened to carts and walkers in March 1932."


class Client:
    """A server's address, and its log so far, which may be some lines behind its responses."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        self.log: list[str] = []
        assert process.stderr
        for line in process.stderr:
            self.log.append(line)
            if found := re.search(r"Serving at (\S+)", line):
                self.url = found[1]
                break
        else:
            pytest.fail("".join(self.log))
        self.reading = Thread(target=self.log.extend, args=[process.stderr])
        self.reading.start()
        address = urlsplit(self.url)
        self.host, self.port = address.hostname or "", address.port or 0

    def wait_for_line(self, pattern: str) -> None:
        """Wait until a line of the log has a match of ``pattern``."""
        while not any(re.search(pattern, line) for line in self.log):
            assert self.reading.is_alive(), "".join(self.log)
            self.get("/health")

    def connect(self) -> HTTPConnection:
        """Return a new connection."""
        return HTTPConnection(self.host, self.port, timeout=60)

    def send(
        self, path: str, body: str | None = None, headers: Mapping[str, str] = JSON_TYPE
    ) -> tuple[int, dict[str, str], bytes]:
        """Return the status, headers and body of a response, over a new connection."""
        with closing(self.connect()) as connection:
            connection.request("GET" if body is None else "POST", path, body, dict(headers))
            response = connection.getresponse()
            return response.status, dict(response.getheaders()), response.read()

    def get(self, path: str, body: object = None, **headers: str) -> dict[str, object]:
        """Return the JSON of a response that must be no refusal."""
        text = None if body is None else json.dumps(body)
        status, _, got = self.send(path, text, {**JSON_TYPE, **headers})
        assert status == 200, got
        result: dict[str, object] = json.loads(got)
        return result


@contextmanager
def serve(*arguments: str) -> Iterator[Client]:
    """Run ``bot serve`` at a free port, and stop it in the end."""
    command = [sys.executable, "-m", "bot", "serve", "--port", "0", *arguments]
    with subprocess.Popen(command, stderr=subprocess.PIPE, encoding="utf-8", cwd=ROOT) as process:
        client = Client(process)
        try:
            yield client
        finally:
            process.terminate()
            client.reading.join()


@pytest.fixture(scope="module")
def client(folder: Path) -> Iterator[Client]:
    """Two processes that serve the small library."""
    with serve(str(folder), "--workers", "2") as client:
        yield client


@pytest.fixture(scope="module")
def retriever(folder: Path) -> bot.Retriever:
    return bot.Retriever.from_path(folder)


def as_json(value: object) -> object:
    """Return a value as JSON has it."""
    return json.loads(dump_json(value))


@pytest.mark.slow
@pytest.mark.parametrize("question", ["When did the bridge open?", "the quokka", "who is 🌉?"])
def test_ask_answers_as_python_does(
    client: Client, retriever: bot.Retriever, question: str
) -> None:
    """The JSON is that of ``bot ask --json``, by a body and by an address."""
    expected = as_json(retriever.ask(question).as_dict())

    assert client.get("/ask", {"question": question}) == expected
    assert client.get(f"/ask?q={quote(question)}") == expected


@pytest.mark.slow
def test_search_has_no_silence(client: Client, retriever: bot.Retriever) -> None:
    """A search returns the best sentences, whatever their confidence."""
    answers = [answer.as_dict() for answer in retriever.search("river", limit=2)]
    ranked = [{"rank": rank, **answer} for rank, answer in enumerate(answers, 1)]

    got = client.get("/search", {"question": "river", "limit": 2.0})

    assert got == as_json({"question": "river", "answers": ranked})


@pytest.mark.slow
def test_conversations_reach_the_worker_that_holds_them(client: Client) -> None:
    """Each question comes over a new connection, and so to any of the workers."""
    for number in range(12):
        name = f"conversation-{number}"
        client.get("/ask", {"question": "Who designed the Thornwick Bridge?", "conversation": name})
        reply = client.get("/ask", {"question": "When did it open?", "conversation": name})

        assert reply["answers"][0]["text"] == ANSWER  # type: ignore[index]
        assert "follow-up" in str(reply["notices"])


@pytest.mark.slow
def test_an_address_holds_a_conversation(client: Client) -> None:
    """Earlier questions in the address are those that the last one follows up."""
    reply = client.get("/ask?q=Who+designed+the+Thornwick+Bridge%3F&q=When+did+it+open%3F")

    assert reply["answers"][0]["text"] == ANSWER  # type: ignore[index]
    assert "follow-up" in str(reply["notices"])


@pytest.mark.slow
def test_where_leaves_other_articles_out(client: Client) -> None:
    """A filter of articles holds for questions, searches and lists."""
    where = {"question": "Who designed the Thornwick Bridge?", "where": "*.md"}

    assert client.get("/ask", where)["silence"] is not None
    assert "bridge.txt" not in json.dumps(client.get("/search", where))
    assert [row["id"] for row in articles(client, "where=*.md")] == ["lighthouse.md"]


def articles(client: Client, query: str) -> list[dict[str, str]]:
    """Return a page of the list of articles."""
    rows: list[dict[str, str]] = client.get(f"/articles?{query}")["articles"]  # type: ignore[assignment]
    return rows


@pytest.mark.slow
def test_pages_have_each_article_once(client: Client, folder: Path) -> None:
    """The list comes in pages, and each article with its text but not its path on disk."""
    pages = [articles(client, f"limit=1&offset={offset}") for offset in range(4)]

    ids = [row["id"] for page in pages for row in page]
    assert ids == ["bridge.txt", "lighthouse.md", "market.txt"]
    assert client.get("/articles?limit=2")["next_offset"] == 2
    article = client.get("/articles/bridge.txt")
    assert article["text"] == (folder / "bridge.txt").read_text("utf-8")
    assert str(folder) not in json.dumps(article)


@pytest.mark.slow
@pytest.mark.parametrize("case", REFUSALS, ids=lambda case: f"{case['status']} {case['reason']}")
def test_refusals_have_a_reason(client: Client, case: dict[str, object]) -> None:
    """A refusal is JSON, with its status and a reason."""
    path, body = str(case["path"]), case.get("body")
    headers = case.get("headers", JSON_TYPE)

    status, got, refusal = client.send(path, body, headers)  # type: ignore[arg-type]

    assert status == case["status"] == json.loads(refusal)["status"]
    assert got["content-type"] == "application/json"
    assert str(case["reason"]) in json.loads(refusal)["reason"]


@pytest.mark.slow
@pytest.mark.parametrize("length", [None, 3_500_000])
def test_large_bodies_are_refused(client: Client, length: int | None) -> None:
    """A body is too large by its header, or as it arrives in chunks; the connection goes on."""
    headers = {**JSON_TYPE, **({"Content-Length": str(length)} if length else {})}
    body = iter([b" " * 35_000] * 100)

    with closing(client.connect()) as connection:
        connection.request("POST", "/ask", body, headers, encode_chunked=not length)
        response = connection.getresponse()
        refusal = json.loads(response.read())
        connection.request("GET", "/health")
        following = connection.getresponse()

    assert response.status == 413
    assert "65,536" in refusal["reason"]
    assert following.status == 200


@pytest.mark.slow
def test_bytes_that_are_no_request_are_refused(client: Client) -> None:
    """Even a refusal of uvicorn's is JSON."""
    with closing(client.connect()) as connection:
        connection.connect()
        connection.sock.sendall(b"who designed the bridge?\r\n\r\n")
        with connection.sock.makefile("rb") as response:
            head, _, body = response.read().partition(b"\r\n\r\n")

    assert head.startswith(b"HTTP/1.1 400 ")
    assert json.loads(body)["status"] == 400


@pytest.mark.slow
def test_the_description_is_kept(client: Client, tmp_path: Path) -> None:
    """Requests made from the description, right and wrong ones, are answered as it says."""
    pytest.importorskip("schemathesis", reason="needs article-bot[hosts-dev]")
    program = Path(sys.executable).with_name("st")
    options = ["--checks", "all", "--max-examples", "10", "--generation-deterministic"]
    command = [str(program), "run", f"{client.url}openapi.json", *options]

    done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, check=False)

    assert done.returncode == 0, done.stdout


@pytest.mark.slow
def test_readme(client: Client) -> None:
    """The page's request has the answer that stands below it."""
    page = (ROOT / "bot/INTEGRATIONS.md").read_text("utf-8")
    screen = page.partition("    $ curl ")[2].partition("\n\n")[0]
    command, expected = screen.replace("\\\n", "").split("\n", 1)
    words = shlex.split(command)

    status, _, got = client.send("/" + words[0].partition("/")[2], words[words.index("-d") + 1])

    assert status == 200
    assert json.loads(got)["answers"][0]["text"] in " ".join(expected.split())


@pytest.mark.slow
def test_the_log_has_no_questions(client: Client) -> None:
    """Each request is a line on stderr, without the query of its address."""
    client.send("/ask?q=a+secret+question&limit=0")

    client.wait_for_line(r'127.0.0.1 .*"GET /ask" 422 \d+ [\d.]+ms')
    assert "secret" not in "".join(client.log)


@pytest.mark.slow
def test_token(folder: Path) -> None:
    """With a token, only health is known without it; a browser sends it as a password."""
    with serve(str(folder), "--workers", "1", "--token", "pass:word") as client:
        password = b64encode(b"anyone:pass:word").decode()
        statuses = [
            client.send("/articles", headers={"Authorization": value})[0]
            for value in ("", "Bearer wrong", "Basic %%%", "Bearer pass:word", f"Basic {password}")
        ]

        assert statuses == [401, 401, 401, 200, 200]
        assert client.get("/health")["status"] == "ok"
        api = client.get("/openapi.json", Authorization="Bearer pass:word")
        assert api["security"] == [{"token": []}]


@pytest.mark.slow
def test_a_changed_article_is_answered_from(tmp_path: Path) -> None:
    """Both workers renew their library by themselves."""
    file = tmp_path / "bridge.txt"
    file.write_text("The bridge opened in 1932.")
    with serve(str(tmp_path), "--workers", "2") as client:
        assert "1932" in str(client.get("/ask?q=When+did+the+bridge+open"))
        file.write_text("The bridge opened in 1999, says the council.")

        seen = 0
        while seen < 8:  # in a row, so both workers are among them
            seen = seen + 1 if "1999" in str(client.get("/ask?q=When+did+the+bridge+open")) else 0


CLUSTER_PATHS = (
    "/ask?q=When+did+the+bridge+open%3F",
    "/ask?q=When+did+the+bridge+open%3F&q=and+who+designed+it%3F",
    "/ask?q=bridge&where=*.md",
    "/ask?q=bridge&where=since+2020",
    "/articles?limit=2",
    "/articles?offset=2",
    "/articles?where=bridge",
    "/articles/market.txt",
)


@pytest.mark.slow
def test_a_library_on_a_cluster(published: ClusterAddress, folder: Path) -> None:
    """Every path answers as from files."""
    first = {"question": "When did the bridge open?", "conversation": "one-of-many"}
    second = {**first, "question": "and who designed it?"}
    options = ["--engine", ",".join(published.urls), "--index", published.index]
    with serve(*options, "--workers", "2") as client, serve(str(folder)) as same:
        for path in CLUSTER_PATHS:
            assert client.get(path) == same.get(path), path
        for body in (first, second):
            assert client.get("/ask", body) == same.get("/ask", body)
        found = [each.get("/search", {"question": "river"}) for each in (client, same)]
        pages = [each.send("/")[2] for each in (client, same)]

    assert found[0] == found[1]
    assert pages[0].count(b"market.txt") == pages[1].count(b"market.txt") > 0


@pytest.mark.slow
def test_a_library_on_a_cluster_is_followed(published: ClusterAddress) -> None:
    """What is published is answered from, and noted; what is gone is refused, with a reason."""
    connection, question = ClusterConnection(published), "/ask?q=When+did+the+bridge+open%3F"
    options = ["--engine", ",".join(published.urls), "--index", published.index]
    with serve(*options, "--workers", "1") as client:
        assert "1932" in str(client.get(question))
        library = bot.Library.from_texts(["The bridge opened in 1999."])
        publish(connection, library, PublishingOptions())
        assert "1999" in str(client.get(question))
        assert client.get("/articles")["total"] == 1
        client.wait_for_line("changed: 1 article, 1 sentence.")
        assert client.get("/health")["articles"] == 1
        delete_publication(connection)
        status, _, refusal = client.send(question)

    assert status == 503
    assert b"The articles cannot be reached at present" in refusal
    assert f"{published.name}: no library there" in "".join(client.log)


@pytest.mark.slow
@pytest.mark.parametrize("workers", ["1", "2"])
def test_stopping_loses_no_request(folder: Path, workers: str) -> None:
    """Under load, each request that was begun has a whole answer, and the exit code is 0."""

    def ask_until_closed(client: Client) -> int:
        count, is_open = 0, True
        # A connection without a request may be closed: the next one was not begun.
        with closing(client.connect()) as connection, suppress(ConnectionError):
            connection.connect()
            while is_open:
                connection.request("GET", "/ask?q=Who+designed+the+bridge")
                response = connection.getresponse()
                assert json.loads(response.read())["answers"]
                count += 1
                if count == 20:
                    client.process.terminate()
                is_open = response.getheader("connection") != "close"
        return count

    with serve(str(folder), "--workers", workers) as client, ThreadPoolExecutor(16) as pool:
        counts = [*pool.map(ask_until_closed, [client] * 16)]

        assert client.process.wait() == 0
        client.reading.join()
        assert sum(counts) == sum('"GET /ask" 200' in line for line in client.log)


@pytest.mark.slow
def test_port_in_use(client: Client, folder: Path) -> None:
    """A second server at a port says so, though the first one shares it among its workers."""
    command = [sys.executable, "-m", "bot", "serve", str(folder), "--port", str(client.port)]

    done = subprocess.run(command, capture_output=True, text=True, check=False)

    assert done.returncode == 2
    assert "choose another with --port" in done.stderr


PROGRAMS = {
    "missing": ("starlette", 2, "pip install 'article-bot[server]'"),
    "broken": ("anyio", 1, "ModuleNotFoundError"),
}


@pytest.mark.slow
@pytest.mark.parametrize(("package", "code", "message"), PROGRAMS.values(), ids=PROGRAMS)
def test_missing_extra(package: str, code: int, message: str) -> None:
    """A missing extra is explained; a package that is there but broken has its own traceback."""
    program = (
        f"import sys; sys.argv = ['bot', 'serve']\n"
        f"class Missing:\n"
        f"    def find_spec(name, *_):\n"
        f"        if name == '{package}': raise ModuleNotFoundError(name, name=name)\n"
        f"sys.meta_path.insert(0, Missing)\n"
        f"from bot.cli.start import main; main()"
    )

    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=False)

    assert done.returncode == code
    assert message in done.stderr.decode()
    assert (b"Traceback" in done.stderr) == (code == 1)


@pytest.mark.slow
def test_other_commands_load_no_server(folder: Path) -> None:
    """What serves is imported by ``bot serve`` alone."""
    program = (
        f"import sys; sys.argv = ['bot', 'ask', 'bridge', {str(folder)!r}];"
        "import bot.cli.run as main; main.run();"
        "print(sorted({'starlette', 'uvicorn', 'asyncio'} & sys.modules.keys()))"
    )

    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)

    assert done.stdout.decode().splitlines()[-1] == "[]"


Talk = Callable[[asyncio.StreamReader, asyncio.StreamWriter, ServerState], Awaitable[bytes]]


LARGE = 50_000_000


class Impatient(TimedProtocol):
    """A connection with limits that a test can wait for."""

    request_seconds, response_seconds = 0.2, 0.2


class Crowded(TimedProtocol):
    """A connection of a server that has room for four."""

    max_connections = 4


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"", b""),
        (b"POST /ask HTTP/1.1\r\nHost: localhost\r\n", b"408"),
        (b"POST /ask HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\n{", b"408"),
    ],
    ids=["nothing", "half a head", "half a body"],
)
def test_slow_requests_are_closed(sent: bytes, status: bytes) -> None:
    """A request that does not arrive ends with its connection, and with a reason if it began."""

    async def read_response(
        reader: asyncio.StreamReader, _: asyncio.StreamWriter, __: ServerState
    ) -> bytes:
        return await reader.read()

    response = asyncio.run(converse(read_response, Impatient, sent))

    assert response[9:12] == status
    assert not sent or json.loads(response.partition(b"\r\n\r\n")[2])["status"] == 408


async def read_all(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer a request, once its body is there, by a body that is too large to send at once."""
    with suppress(ClientDisconnect):
        await Request(scope, receive).body()
        await Response(b"." * LARGE)(scope, receive, send)


async def converse(talk: Talk, protocol: type[TimedProtocol], sent: bytes = b"") -> bytes:
    """Return the result of ``talk`` over a connection that begins with the bytes ``sent``.

    They are there before the server sees the connection, so that its clock cannot be faster.
    """
    loop, state = asyncio.get_running_loop(), ServerState()
    config = Config(read_all, log_config=None, access_log=False)
    server = await loop.create_server(lambda: protocol(config, state, {}), "127.0.0.1", 0)
    connection = create_connection(server.sockets[0].getsockname())
    connection.sendall(sent)
    reader, writer = await asyncio.open_connection(sock=connection)
    try:
        return await talk(reader, writer, state)
    finally:
        writer.close()
        server.close()


def test_responses_that_nobody_reads_are_ended() -> None:
    """A client that does not read its response loses the connection."""

    async def read_late(
        reader: asyncio.StreamReader, _: asyncio.StreamWriter, state: ServerState
    ) -> bytes:
        first = await reader.readline()
        while state.connections:
            await asyncio.sleep(0)
        return first + await reader.read()

    request = b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"

    response = asyncio.run(converse(read_late, Impatient, request))

    assert response.startswith(b"HTTP/1.1 200 ")
    assert len(response) < LARGE


def test_too_many_connections() -> None:
    """A connection too many is refused with a reason, and the others live on."""

    async def connect_often(
        _: asyncio.StreamReader, writer: asyncio.StreamWriter, __: ServerState
    ) -> bytes:
        address = writer.get_extra_info("peername")
        others = [await asyncio.open_connection(*address) for _ in range(4)]
        refusal = await others[-1][0].read()
        for _, other in others:
            other.close()
        return refusal

    response = asyncio.run(converse(connect_often, Crowded))

    assert response[9:12] == b"503"
    assert b"Too many connections" in response


def test_a_worker_that_is_starting_is_waited_for(tmp_path: Path) -> None:
    """A question of a conversation may come before the worker listens that holds it."""

    async def answer(question: bytes) -> tuple[HTTPStatus, bytes]:
        return HTTPStatus.OK, question

    async def ask_early() -> tuple[HTTPStatus, bytes]:
        asking = asyncio.create_task(Peers(tmp_path, 0, 2).ask(1, b"Who?"))
        for _ in range(10):
            await asyncio.sleep(0)
        async with await Peers(tmp_path, 1, 2).answer_others(answer):
            return await asking

    assert asyncio.run(ask_early()) == (HTTPStatus.OK, b"Who?")


def test_conversations_are_forgotten(retriever: bot.Retriever) -> None:
    """A conversation that was not used for long is forgotten, and so is one of too many."""
    now = 0.0
    store = ConversationStore(size=2, clock=lambda: now)
    first = store.open("first", retriever)
    now = EXPIRY_SECONDS - 1
    assert store.open("first", retriever) is first

    now = 2 * EXPIRY_SECONDS

    assert store.open("first", retriever) is not first
    for name in ("second", "third"):
        store.open(name, retriever)
    assert len(store) == 2
