"""Settings: where the data lives and how it is served; the only reader of the environment."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path
from zoneinfo import ZoneInfo

from webapp.setting_values import (
    BadSettings,
    read_database_url,
    read_flag,
    read_level,
    read_limit,
    read_networks,
    read_number,
    read_one_of,
    read_timezone,
)

CONFIG_FILE = "jiedai.toml"

SHOP_PACK = "ecommerce"
"""The pack whose company has a demo shop: a page to look at, and orders to ask for."""

VECTOR_INDEXES = ("auto", "flat", "hnsw", "pgvector")
"""How the nearest passages may be found; the first is the default."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """One installation.

    `data` holds everything that must be backed up: `jiedai.db`, `secrets/`, `models/`, `files/`
    (of the articles), `run/` (sockets and process ids), `imports/` and `logs/`. `encoder` is a
    folder or name; None means the default one. `shop_url` is the business system that the bot
    asks; None means there is none.
    `timezone` is the calendar on which 昨天 and 下周一 are counted, and the zone of an article's
    times that name none.
    `home` holds `models/encoder` and `training_data/`: the folder that the program was set up in.
    `vector_index` is how the nearest passages are found: in memory, by `flat` or `hnsw` or the one
    that fits (`auto`), or by `pgvector` in PostgreSQL.
    `review_required` lets nobody publish what another supervisor or administrator did not approve.
    `webhook_networks` are those that webhooks may reach besides the public internet.
    `public_url` is the address that customers' browsers use, when a proxy stands in front.
    `widget_origins` empty means that any site may carry the widget. The limits are per address,
    `limit_messages_of_one` per conversation; they are counted in Redis when `redis_url` is set,
    else in each web process.
    """

    data: Path
    database_url: str
    pack: str = SHOP_PACK
    demo: bool = False
    encoder: str | None = None
    shop_url: str | None = None
    vector_index: str = "auto"
    review_required: bool = False
    webhook_networks: tuple[IPv4Network | IPv6Network, ...] = ()
    public_url: str | None = None
    secure_cookies: bool = False
    trusted_proxies: int = 1
    widget_origins: tuple[str, ...] = ()
    web_workers: int = 1
    web_threads: int = 8
    stream_threads: int = 600
    log_level: str = "INFO"
    home: Path = Path(__file__).resolve().parent.parent
    timezone: str = "Asia/Shanghai"
    redis_url: str | None = None
    limit_conversations: str = "1200/minute"
    limit_messages: str = "6000/minute"
    limit_messages_of_one: str = "1200/minute"
    limit_parses: str = "6000/minute"
    limit_logins: str = "120/minute"

    @property
    def zone(self) -> ZoneInfo:
        """The zone of the installation's calendar."""
        return ZoneInfo(self.timezone)

    @property
    def secrets_folder(self) -> Path:
        """Keys of this installation; readable by its owner only."""
        return self.data / "secrets"

    @property
    def models_folder(self) -> Path:
        """Trained models of this installation."""
        return self.data / "models"

    @property
    def has_demo_shop(self) -> bool:
        """Whether this is the demo of the company whose shop and orders come with the program."""
        return self.pack == SHOP_PACK

    @property
    def pack_folder(self) -> Path:
        """The industry pack: training data, flows, wording, knowledge."""
        return self.home / "training_data" / self.pack

    @property
    def encoder_source(self) -> Path | str:
        """The sentence encoder: the folder or name that was set, else the one that was fine-tuned
        for this installation, else the built-in one."""
        if self.encoder:
            return self.encoder
        return self.tuned_encoder if self.tuned_encoder.is_dir() else self.builtin_encoder

    @property
    def tuned_encoder(self) -> Path:
        """Where the encoder is that was fine-tuned for this installation, if any."""
        return self.models_folder / "encoder"

    @property
    def builtin_encoder(self) -> Path:
        """The encoder that the program was set up with."""
        return self.home / "models" / "encoder"

    @property
    def nlu_model(self) -> Path:
        """The trained understanding that the bot uses."""
        return self.models_folder / "nlu"

    @property
    def files_folder(self) -> Path:
        """Pictures and attachments of the articles, by their content."""
        return self.data / "files"

    @property
    def imports_folder(self) -> Path:
        """Uploads that are being imported."""
        return self.data / "imports"

    @property
    def run_folder(self) -> Path:
        """Sockets and process ids of the running processes."""
        return self.data / "run"

    @property
    def logs_folder(self) -> Path:
        """Log files, when the processes are started by `jiedai up`."""
        return self.data / "logs"

    @classmethod
    def from_env(cls, *, data: Path | None = None) -> Settings:
        """Read the environment and the data folder's `jiedai.toml`; the environment wins.

        Raises BadSettings with the name of the setting and the remedy.
        """
        env = os.environ
        folder = (data or Path(env.get("JIEDAI_DATA", "var"))).resolve()
        stored = _stored(folder / CONFIG_FILE)

        def value(name: str) -> str | None:
            text = env.get(f"JIEDAI_{name.upper()}") or stored.get(name)
            return text or None

        return cls(
            data=folder,
            database_url=read_database_url(
                value("database_url") or f"sqlite:///{folder / 'jiedai.db'}"
            ),
            pack=value("pack") or SHOP_PACK,
            demo=read_flag("demo", value("demo")),
            encoder=value("encoder"),
            shop_url=value("shop_url"),
            vector_index=read_one_of("vector_index", value("vector_index"), VECTOR_INDEXES),
            review_required=read_flag("review_required", value("review_required")),
            webhook_networks=read_networks("webhook_networks", value("webhook_networks")),
            public_url=value("public_url"),
            secure_cookies=read_flag("secure_cookies", value("secure_cookies")),
            trusted_proxies=read_number("trusted_proxies", value("trusted_proxies"), 1),
            widget_origins=tuple((value("widget_origins") or "").split()),
            web_workers=read_number("web_workers", value("web_workers"), _default_web_workers()),
            web_threads=read_number("web_threads", value("web_threads"), 8),
            stream_threads=read_number("stream_threads", value("stream_threads"), 600),
            log_level=read_level(value("log_level") or "INFO"),
            home=Path(value("home") or Path(__file__).resolve().parent.parent),
            timezone=read_timezone(value("timezone") or "Asia/Shanghai"),
            redis_url=value("redis_url"),
            limit_conversations=read_limit(
                "limit_conversations", value("limit_conversations"), "1200/minute"
            ),
            limit_messages=read_limit("limit_messages", value("limit_messages"), "6000/minute"),
            limit_messages_of_one=read_limit(
                "limit_messages_of_one", value("limit_messages_of_one"), "1200/minute"
            ),
            limit_parses=read_limit("limit_parses", value("limit_parses"), "6000/minute"),
            limit_logins=read_limit("limit_logins", value("limit_logins"), "120/minute"),
        )

    def environment(self) -> dict[str, str]:
        """The environment for a process that must see the same settings as this one."""
        # Processes of several threads serve the cores: no thread spreads its sums over all of them.
        env = {"OPENBLAS_NUM_THREADS": "1", **os.environ}
        env["JIEDAI_DATA"] = str(self.data)
        env["JIEDAI_DATABASE_URL"] = self.database_url
        if self.shop_url:
            env["JIEDAI_SHOP_URL"] = self.shop_url
        return env


def write_config(folder: Path, values: Mapping[str, str]) -> None:
    """Write `jiedai.toml` into a data folder; values are plain strings."""
    lines = ["# Settings of this Jiedai installation; JIEDAI_<NAME> in the environment wins.\n"]
    lines += [f"{name} = {_quoted(text)}\n" for name, text in sorted(values.items())]
    (folder / CONFIG_FILE).write_text("".join(lines), encoding="utf-8")


def _stored(path: Path) -> dict[str, str]:
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except OSError as error:
        raise BadSettings(f"{path} cannot be read: {error.strerror}.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadSettings(f"{path}: not valid TOML ({error}); mend or delete the file.") from error
    return {str(name): _as_text(value) for name, value in table.items()}


def _as_text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _default_web_workers() -> int:
    return 2 if (os.cpu_count() or 1) >= 4 else 1
