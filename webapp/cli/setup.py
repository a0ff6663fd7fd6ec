"""`jiedai init`: makes or updates a data folder; running it again changes only what is missing."""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from sqlalchemy import make_url

from dialogue.pack import COMMON, load_pack
from handoff.agent import Role
from nlu.artefact import load_model
from nlu.encoder import Encoder, load_encoder
from nlu.errors import ModelMismatch, ModelUnavailable
from nlu.unseen import Progress
from webapp import secrets
from webapp.auth.passwords import check_password
from webapp.bootstrap import make_publisher
from webapp.cli.accounts import add_account
from webapp.cli.options import Misuse, data_option, plain_errors, plain_file_errors
from webapp.db import schema
from webapp.db.database import Database, utc_now
from webapp.file_store import FileStore
from webapp.importing import Importer
from webapp.settings import CONFIG_FILE, Settings, write_config
from webapp.trained_packs import provide_model

_DEMO_STAFF = (
    ("supervisor@demo.local", "老何", Role.SUPERVISOR),
    ("agent@demo.local", "小王", Role.AGENT),
    ("editor@demo.local", "小李", Role.EDITOR),
    ("ml@demo.local", "小陈", Role.ML),
)


@click.command()
@data_option
@click.option("--demo", is_flag=True, help="Import the pack's articles, and make staff.")
@click.option("--pack", help="The industry pack, a folder of training_data/; at first: ecommerce.")
@click.option("--admin-email", help="The first administrator.")
@click.option("--admin-password", help="Generated and shown once when left out.")
@click.option("--starting", is_flag=True, help="Whoever calls this starts it next: say so.")
def init(
    data: Path | None,
    demo: bool,
    pack: str | None,
    admin_email: str | None,
    admin_password: str | None,
    starting: bool,
) -> None:
    """Create or update a data folder: database, secrets, model; nothing existing is replaced."""
    if admin_password is not None and admin_email is None:
        raise Misuse("--admin-password needs --admin-email.")
    with plain_errors():
        if admin_password is not None:
            check_password(admin_password, email=admin_email or "")
        settings = _prepare(data, demo=demo, pack=pack)
        schema.upgrade(settings.database_url)
        db = Database(settings.database_url)
        shown = make_url(settings.database_url).render_as_string(hide_password=True)
        _say(f"Database ready: {shown}")
        encoder = load_encoder(settings.encoder_source, threads=os.cpu_count() or 1)
        with plain_file_errors():
            train_if_needed(settings, encoder)
        if settings.demo:
            _import_demo(settings, db, encoder)
        passwords = _staff(settings, db, admin_email=admin_email, admin_password=admin_password)
    _report(settings, db, passwords)
    _say(
        "Ready, starting …" if starting else f"Ready. Start with: jiedai up --data {settings.data}"
    )


def train_if_needed(settings: Settings, encoder: Encoder) -> None:
    """Train the pack's model unless one that fits is there; a half-made one is never served."""
    try:
        load_model(settings.nlu_model, encoder=encoder.fingerprint)
    except ModelUnavailable:
        _say(f"Training the model of the pack `{settings.pack}`, which takes a minute or two …")
    except ModelMismatch as error:
        _say(f"Training the pack's model anew, because the present one does not fit: {error}")
        _say("A model that learnt from data of your own comes back by `jiedai train nlu --data …`.")
    else:
        _say("The model is there and fits.")
        return
    with _progress() as show:
        manifest = provide_model(settings, encoder, now=utc_now(), progress=show)
    accuracy = manifest.scores.get("accuracy", 0.0)
    _say(
        f"Model ready: {len(manifest.labels)} intents from {manifest.examples} examples,"
        f" cross-validated accuracy {accuracy:.1%}."
    )


def _prepare(data: Path | None, *, demo: bool, pack: str | None) -> Settings:
    settings = Settings.from_env(data=data)
    is_new = not (settings.data / CONFIG_FILE).exists()
    if not is_new and pack not in (None, settings.pack):
        raise Misuse(
            f"{settings.data} was made for the pack {settings.pack!r}: choose another folder with "
            "--data for another pack."
        )
    pack = pack or settings.pack
    _must_be_served(settings.pack_folder.parent / pack)
    try:
        settings.data.mkdir(mode=0o700, parents=True, exist_ok=True)
        secrets.create(settings.secrets_folder)
        if is_new or (demo and not settings.demo):
            write_config(settings.data, {"pack": pack, "demo": "true" if demo else "false"})
    except OSError as error:
        raise Misuse(
            f"{settings.data} cannot be written ({error.strerror}): choose another folder with "
            "--data, or change who owns it."
        ) from error
    return Settings.from_env(data=data)


def _must_be_served(pack: Path) -> None:
    """Refuse a pack that is not there, or that a bot cannot speak for, before it is noted."""
    packs = {folder.parent.name for folder in pack.parent.glob("*/nlu")} - {COMMON}
    if pack.name not in packs:
        raise Misuse(f"There is no pack {pack.name!r}; there is: {', '.join(sorted(packs))}.")
    load_pack(pack)


def _import_demo(settings: Settings, db: Database, encoder: Encoder) -> None:
    publisher = make_publisher(db, encoder)
    folder = settings.pack_folder / "knowledge"
    if not folder.is_dir():
        _say(f"Knowledge: the pack has none; write Markdown articles into {folder}.")
        return
    importer = Importer(db, publisher, FileStore(settings.files_folder), zone=settings.zone)
    imported = importer.import_path(folder, by="jiedai init", now=utc_now())
    _say(
        f"Knowledge: {len(imported.added)} articles added, {len(imported.changed)} changed, "
        f"{len(imported.unchanged)} unchanged."
    )
    for problem in imported.failed:
        _say(str(problem))


def _staff(
    settings: Settings, db: Database, *, admin_email: str | None, admin_password: str | None
) -> list[tuple[str, str, str]]:
    """The accounts that were made now, with role and generated password (empty when given)."""
    made = []
    with db.read() as work:
        known = {member.email for member in work.staff.list()}
    email = admin_email or ("admin@demo.local" if settings.demo else None)
    if email is not None and email.strip().casefold() not in known:
        chosen = add_account(
            db, email=email, role=Role.ADMIN, name="管理员", password=admin_password
        )
        made.append((email, Role.ADMIN.value, "" if admin_password else chosen))
    for address, name, role in _DEMO_STAFF if settings.demo else ():
        if address not in known:
            skills = _commonest_skill(settings) if role is Role.AGENT else ()
            chosen = add_account(db, email=address, role=role, name=name, skills=skills)
            made.append((address, role.value, chosen))
    return made


def _commonest_skill(settings: Settings) -> tuple[str, ...]:
    """What the demo's agent is good at: whatever most matters of the pack ask for."""
    wanted = Counter(load_pack(settings.pack_folder).conduct.skills.values())
    return tuple(skill for skill, _ in wanted.most_common(1))


def _report(settings: Settings, db: Database, made: list[tuple[str, str, str]]) -> None:
    for email, role, password in made:
        shown = f"password, shown this once: {password}" if password else "the password you gave"
        _say(f"Account {email} ({role}): {shown}")
    with db.read() as work:
        staff = work.staff.count()
    if staff == 0:
        code = secrets.setup_code(settings.secrets_folder)
        _say(f"No account yet: the set-up page asks for this code: {code}")
    else:
        secrets.forget_setup_code(settings.secrets_folder)


@contextmanager
def _progress() -> Iterator[Progress]:
    """A bar on a terminal, nothing elsewhere."""
    with click.progressbar(length=1000, label="training", file=sys.stderr) as bar:
        before = {"": 0.0}

        def show(stage: str, done: float) -> None:
            share = {"encode": 400, "cross-validate": 500, "final": 100}.get(stage, 0)
            bar.update(int(share * (done - before.get(stage, 0.0))))
            before[stage] = done

        yield show


def _say(text: str) -> None:
    click.echo(text, err=True)
