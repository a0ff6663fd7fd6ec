"""Starts the demo shop: `python -m webapp.demo_shop --port N --db FILE --key-file FILE`."""

from __future__ import annotations

import signal
import sys
from pathlib import Path
from types import FrameType

import click
from werkzeug.serving import WSGIRequestHandler, make_server

from webapp.demo_shop.app import create_app
from webapp.demo_shop.key import read_or_create
from webapp.demo_shop.store import ShopStore


class QuietHandler(WSGIRequestHandler):
    """Writes no access log: addresses carry order numbers and the digits of phones."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Nothing."""


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", type=click.IntRange(0, 65535), required=True)
@click.option("--db", type=click.Path(path_type=Path, dir_okay=False), required=True)
@click.option("--key-file", type=click.Path(path_type=Path, dir_okay=False), required=True)
def main(host: str, port: int, db: Path, key_file: Path) -> None:
    """Serve the demo shop until stopped; a missing key or database is made first."""
    store = ShopStore(db)
    store.prepare()
    app = create_app(store, service_key=read_or_create(key_file))
    server = make_server(host, port, app, threaded=True, request_handler=QuietHandler)
    signal.signal(signal.SIGTERM, _stop)
    click.echo(f"demo shop: http://{host}:{server.server_port}", err=True)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        pass
    finally:
        server.server_close()


def _stop(_signal: int, _frame: FrameType | None) -> None:
    sys.exit(0)


if __name__ == "__main__":
    main()
