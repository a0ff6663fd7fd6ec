"""The front: which process gets a request, and what it is told about the caller."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest

from webapp.processes import front as front_module
from webapp.processes.front import BadHead, Front, Routes, read_head

Handler = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


def head(text: str, *, trust: bool = False) -> front_module.Head:
    """A head as `read_head` passes it on."""
    raw = text.replace("\n", "\r\n").encode()
    return read_head(raw, peer="203.0.113.9", trust_forwarded=trust)


@pytest.mark.parametrize(
    ("path", "streams"),
    [
        ("/api/v1/events", True),
        ("/api/v1/events?after=3", True),
        ("/api/v1/widget/conversations/ab/events", True),
        ("/api/v1/widget/conversations/ab/messages", False),
        ("/desk", False),
        ("/api/v1/articles/search?q=/events", False),
        ("/knowledge/events", False),
    ],
)
def test_only_the_addresses_of_events_go_to_the_stream(path: str, streams: bool) -> None:
    assert head(f"GET {path} HTTP/1.1\nHost: x").streams is streams


def test_what_a_caller_says_of_its_own_address_is_dropped() -> None:
    data = head("GET / HTTP/1.1\nHost: x\nX-Forwarded-For: 10.0.0.1\nX-Real-IP: 10.0.0.1").data

    assert b"10.0.0.1" not in data
    assert b"X-Forwarded-For: 203.0.113.9\r\n" in data
    assert b"X-Forwarded-Proto: http\r\n" in data


def test_what_a_proxy_of_ours_says_is_kept_and_added_to() -> None:
    said = "X-Forwarded-For: 198.51.100.7\nX-Forwarded-Proto: https"

    data = head(f"GET / HTTP/1.1\nHost: x\n{said}", trust=True).data

    assert b"X-Forwarded-For: 198.51.100.7, 203.0.113.9\r\n" in data
    assert b"X-Forwarded-Proto: https, http\r\n" in data


def test_one_request_a_connection_whatever_the_caller_wishes() -> None:
    data = head("GET / HTTP/1.1\nHost: x\nConnection: keep-alive, X-Forwarded-For").data

    assert data.lower().count(b"connection:") == 1
    assert data.endswith(b"Connection: close\r\n\r\n")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "GET /",
        "GET / HTTP/2.0\nHost: x",
        "GET http://other/ HTTP/1.1\nHost: x",
        "GET / HTTP/1.1\nno colon",
        "GET / HTTP/1.1\nHost : x",
        "GET / HTTP/1.1\n folded: x",
        "GET / HTTP/1.1\n: x",
    ],
)
def test_what_is_no_request_is_refused(text: str) -> None:
    with pytest.raises(BadHead):
        head(text)


@contextlib.asynccontextmanager
async def serving(
    folder: Path, *, web: Handler | None, stream: Handler | None
) -> AsyncIterator[int]:
    """A front over two small processes; its port."""
    routes = Routes(folder / "web.sock", folder / "stream.sock")
    listener = socket.create_server(("127.0.0.1", 0))
    async with contextlib.AsyncExitStack() as stack:
        for handler, path in ((web, routes.web), (stream, routes.stream)):
            if handler is not None:
                server = await asyncio.start_unix_server(handler, str(path))
                stack.push_async_callback(server.wait_closed)
                stack.callback(server.close)
        front = asyncio.create_task(Front(routes).serve(listener))
        try:
            yield int(listener.getsockname()[1])
        finally:
            front.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await front


def answering(body: bytes) -> Handler:
    """A process that reads a head and says one thing."""

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + body)
        await writer.drain()
        writer.close()

    return handle


async def ask(port: int, request: str) -> bytes:
    """Everything that comes back for a request."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(request.replace("\n", "\r\n").encode())
    await writer.drain()
    answer = await asyncio.wait_for(reader.read(), 20)
    writer.close()
    return answer


def test_web_and_stream_get_their_own_requests(tmp_path: Path) -> None:
    async def run() -> None:
        web, stream = answering(b"from web"), answering(b"from stream")
        async with serving(tmp_path, web=web, stream=stream) as port:
            assert (await ask(port, "GET /desk HTTP/1.1\nHost: x\n\n")).endswith(b"from web")
            events = await ask(port, "GET /api/v1/events HTTP/1.1\nHost: x\n\n")
            assert events.endswith(b"from stream")

    asyncio.run(run())


def test_a_body_is_passed_on_whole(tmp_path: Path) -> None:
    async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        body = await reader.readexactly(300_000)
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n" + body)
        await writer.drain()
        writer.close()

    async def run() -> None:
        async with serving(tmp_path, web=echo, stream=None) as port:
            body = "话" * 100_000
            request = f"POST /x HTTP/1.1\nHost: x\nContent-Length: 300000\n\n{body}"
            answer = await ask(port, request)
            assert answer.partition(b"\r\n\r\n")[2].decode() == body

    asyncio.run(run())


def test_a_process_that_is_being_restarted_is_waited_for(tmp_path: Path) -> None:
    async def run() -> None:
        async with serving(tmp_path, web=None, stream=None) as port:
            asking = asyncio.create_task(ask(port, "GET / HTTP/1.1\nHost: x\n\n"))
            await asyncio.sleep(0.2)
            server = await asyncio.start_unix_server(answering(b"back"), str(tmp_path / "web.sock"))
            assert (await asking).endswith(b"back")
            server.close()

    asyncio.run(run())


def test_a_process_that_does_not_come_back_is_503_with_retry_after(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(front_module, "CONNECT_SECONDS", 0.1)

    async def run() -> None:
        async with serving(tmp_path, web=None, stream=None) as port:
            answer = await ask(port, "GET / HTTP/1.1\nHost: x\n\n")
            assert answer.startswith(b"HTTP/1.1 503 ")
            assert b"Retry-After: 1" in answer

    asyncio.run(run())


def test_a_process_that_dies_before_it_answers_is_502(tmp_path: Path) -> None:
    async def die(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.close()

    async def run() -> None:
        async with serving(tmp_path, web=die, stream=None) as port:
            answer = await ask(port, "POST / HTTP/1.1\nHost: x\nContent-Length: 0\n\n")
            assert answer.startswith(b"HTTP/1.1 502 ")

    asyncio.run(run())


@pytest.mark.parametrize(
    ("request_text", "status"),
    [
        ("NONSENSE\n\n", b"400"),
        ("GET / HTTP/1.1\nX: " + "a" * 70_000 + "\n\n", b"431"),
    ],
)
def test_bad_heads_are_answered_and_the_front_lives_on(
    tmp_path: Path, request_text: str, status: bytes
) -> None:
    async def run() -> None:
        async with serving(tmp_path, web=answering(b"fine"), stream=None) as port:
            answer = await ask(port, request_text)
            assert answer.startswith(b"HTTP/1.1 " + status)
            assert (await ask(port, "GET / HTTP/1.1\nHost: x\n\n")).endswith(b"fine")

    asyncio.run(run())


def test_when_a_listener_leaves_the_stream_learns_of_it(tmp_path: Path) -> None:
    left = asyncio.Event

    async def run() -> None:
        gone = left()

        async def stream(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.readuntil(b"\r\n\r\n")
            writer.write(b"HTTP/1.1 200 OK\r\n\r\n: hello\n\n")
            await writer.drain()
            await reader.read()
            gone.set()
            writer.close()

        async with serving(tmp_path, web=None, stream=stream) as port:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(b"GET /api/v1/events HTTP/1.1\r\nHost: x\r\n\r\n")
            await asyncio.wait_for(reader.readuntil(b": hello\n\n"), 20)
            writer.close()
            await asyncio.wait_for(gone.wait(), 20)

    asyncio.run(run())


def test_a_listener_who_says_nothing_is_served_as_long_as_the_stream_lives(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(front_module, "IDLE_SECONDS", 0.5)

    async def heart(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
        for _ in range(12):
            writer.write(b": still here\n\n")
            await writer.drain()
            await asyncio.sleep(0.1)
        writer.write(b": the end\n\n")
        writer.close()

    async def run() -> None:
        async with serving(tmp_path, web=None, stream=heart) as port:
            answer = await ask(port, "GET /api/v1/events HTTP/1.1\nHost: x\n\n")
            assert answer.endswith(b": the end\n\n")

    asyncio.run(run())
