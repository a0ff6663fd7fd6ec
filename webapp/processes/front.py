"""The front: one public port, which gives each connection to the web or the stream process.

It takes one request a connection and closes it (docs/adr/0004-front.md). A larger installation
puts nginx in its place.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import signal
import socket
from dataclasses import dataclass
from pathlib import Path

import click

HEAD_BYTES = 64 * 1024
HEAD_SECONDS = 20.0
CONNECT_SECONDS = 15.0
IDLE_SECONDS = 120.0
_CHUNK = 64 * 1024
_HOP_HEADERS = {b"connection", b"keep-alive", b"proxy-connection", b"upgrade", b"te", b"forwarded"}
_FORWARDED = {b"x-forwarded-for", b"x-forwarded-proto", b"x-forwarded-host", b"x-real-ip"}


@dataclass(frozen=True, slots=True)
class Routes:
    """Where requests go; `trust_forwarded` when another proxy of ours stands before the front."""

    web: Path
    stream: Path
    trust_forwarded: bool = False


class BadHead(Exception):
    """What came is no HTTP request."""


@dataclass(frozen=True, slots=True)
class Head:
    """A request's first lines, ready to be passed on."""

    data: bytes
    streams: bool


def read_head(raw: bytes, *, peer: str, trust_forwarded: bool) -> Head:
    """Rewrite a request's head for the process behind; raises BadHead.

    What the caller says about its own address is dropped unless a proxy of ours wrote it.
    """
    lines = raw.split(b"\r\n")
    parts = lines[0].split(b" ")
    if len(parts) != 3 or not parts[2].startswith(b"HTTP/1.") or not parts[1].startswith(b"/"):
        raise BadHead
    path = parts[1].partition(b"?")[0]
    kept, forwarded_for, forwarded_proto = [lines[0]], [], []
    for line in lines[1:]:
        name, colon, value = line.partition(b":")
        if not colon or not name or name != name.strip() or b"\n" in line or b"\r" in line:
            raise BadHead
        folded = name.lower()
        if folded == b"x-forwarded-for" and trust_forwarded:
            forwarded_for.append(value.strip())
        elif folded == b"x-forwarded-proto" and trust_forwarded:
            forwarded_proto.append(value.strip())
        elif folded not in _HOP_HEADERS and folded not in _FORWARDED:
            kept.append(line)
    kept.append(b"X-Forwarded-For: " + b", ".join([*forwarded_for, peer.encode()]))
    kept.append(b"X-Forwarded-Proto: " + b", ".join([*forwarded_proto, b"http"]))
    kept.append(b"Connection: close")
    streams = path.startswith(b"/api/v1/") and path.endswith(b"/events")
    return Head(b"\r\n".join(kept) + b"\r\n\r\n", streams)


class Front:
    """Serves connections until it is told to stop."""

    def __init__(self, routes: Routes) -> None:
        self._routes = routes

    async def serve(self, listener: socket.socket) -> None:
        """Accept connections for ever; cancel to stop."""
        server = await asyncio.start_server(
            self._handle, sock=listener, limit=HEAD_BYTES, backlog=1024
        )
        async with server:
            await server.serve_forever()

    async def _handle(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await self._pass_on(reader, writer)
        except (ConnectionError, TimeoutError, asyncio.IncompleteReadError):
            pass  # one side has gone: there is nobody to tell
        finally:
            writer.close()
            with contextlib.suppress(ConnectionError, TimeoutError):
                await asyncio.wait_for(writer.wait_closed(), 5)

    async def _pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        peer = str(writer.get_extra_info("peername")[0])
        try:
            raw = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), HEAD_SECONDS)
            trust = self._routes.trust_forwarded
            head = read_head(raw[:-4], peer=peer, trust_forwarded=trust)
        except asyncio.LimitOverrunError:
            await _refuse(writer, 431, "HeadTooLarge", "The request's headers are too large.")
            return
        except BadHead:
            await _refuse(writer, 400, "BadRequest", "This is no HTTP/1.1 request.")
            return
        path = self._routes.stream if head.streams else self._routes.web
        upstream = await _connect(path)
        if upstream is None:
            message = "The program is starting; try again in a moment."
            await _refuse(writer, 503, "Starting", message)
            return
        await _exchange(head, (reader, writer), upstream)


_Ends = tuple[asyncio.StreamReader, asyncio.StreamWriter]


async def _connect(path: Path) -> _Ends | None:
    """Connect to a process, waiting for one that is being restarted."""
    loop = asyncio.get_running_loop()
    deadline = loop.time() + CONNECT_SECONDS
    while True:
        try:
            return await asyncio.open_unix_connection(str(path), limit=HEAD_BYTES)
        except (ConnectionError, FileNotFoundError, BlockingIOError):
            if loop.time() > deadline:
                return None
            await asyncio.sleep(0.05)


async def _exchange(head: Head, client: _Ends, upstream: _Ends) -> None:
    """Pass the request on and the response back; ends when the response does."""
    try:
        upstream[1].write(head.data)
        # A listener says nothing after its request: the heartbeat coming down is the sign of life.
        patience = None if head.streams else IDLE_SECONDS
        up = asyncio.create_task(_copy(client[0], upstream[1], idle_seconds=patience))
        down = asyncio.create_task(_copy(upstream[0], client[1], idle_seconds=IDLE_SECONDS))
        # A customer who closes a stream has gone; one who closes after a request may still listen.
        waits = {up, down} if head.streams else {down}
        await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        if not head.streams or down.done():
            await _finish(down, client[1])
    finally:
        for task in (up, down):
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError, ConnectionError, TimeoutError):
                await task
        upstream[1].close()


async def _finish(down: asyncio.Task[int], client: asyncio.StreamWriter) -> None:
    try:
        copied = await down
    except (ConnectionError, TimeoutError):
        copied = 0
    if copied == 0:
        message = "The program was interrupted; send the same request again."
        await _refuse(client, 502, "Interrupted", message)


async def _copy(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, idle_seconds: float | None
) -> int:
    copied = 0
    while chunk := await asyncio.wait_for(reader.read(_CHUNK), idle_seconds):
        writer.write(chunk)
        await writer.drain()
        copied += len(chunk)
    return copied


async def _refuse(writer: asyncio.StreamWriter, status: int, code: str, message: str) -> None:
    body = json.dumps({"error": code, "message": message, "details": None}).encode()
    head = (
        f"HTTP/1.1 {status} {code}\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\nRetry-After: 1\r\nCache-Control: no-store\r\n"
        "Access-Control-Allow-Origin: *\r\nConnection: close\r\n\r\n"
    )
    writer.write(head.encode() + body)
    await writer.drain()


@click.command()
@click.option("--fd", type=int, required=True, help="The listening socket, opened by the parent.")
@click.option("--web", type=click.Path(path_type=Path), required=True)
@click.option("--stream", type=click.Path(path_type=Path), required=True)
@click.option("--trust-forwarded", is_flag=True)
def main(fd: int, web: Path, stream: Path, trust_forwarded: bool) -> None:
    """Serve the public port until SIGTERM."""
    front = Front(Routes(web, stream, trust_forwarded))
    asyncio.run(_until_stopped(front, socket.socket(fileno=fd)))


async def _until_stopped(front: Front, listener: socket.socket) -> None:
    serving = asyncio.create_task(front.serve(listener))
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, serving.cancel)
    with contextlib.suppress(asyncio.CancelledError):
        await serving


if __name__ == "__main__":
    main()
