"""The program about itself: alive, ready, figures, documentation."""

from __future__ import annotations

import json
from functools import cache

from flask import Blueprint, Response

from webapp.current import services
from webapp.db.errors import StoreError
from webapp.errors import ASK_DOCTOR
from webapp.metrics import CONTENT_TYPE, render_metrics
from webapp.openapi import openapi_document
from webapp.operations import Answered, Operations
from webapp.shapes.system import AliveOut, PartOut, ReadyOut

bp = Blueprint("api_system", __name__)
route = Operations(bp)


@route("GET", "/healthz", answers={200: AliveOut})
def healthz() -> Answered:
    """Whether the process is alive"""
    return AliveOut(status="alive")


@route("GET", "/readyz", answers={200: ReadyOut, 503: ReadyOut})
def readyz() -> Answered:
    """Whether it can serve, part by part, and what to do where it cannot"""
    parts = {"database": _database()}
    present = services()
    for name, part in (
        ("encoder", present.publisher),  # there exactly when the encoder is
        ("bot", present.bot),
        ("model", present.understands),
        ("index", present.knowledge),
    ):
        parts[name] = _part(missing=part is None)
    ready = all(part.ready for part in parts.values())
    return ReadyOut(ready=ready, parts=parts), 200 if ready else 503


@route("GET", "/metrics", answers={200: None}, media_type="text/plain")
def metrics() -> Answered:
    """Figures in Prometheus' text format"""
    return Response(render_metrics(waiting=_waiting()), content_type=CONTENT_TYPE)


@route("GET", "/openapi.json", answers={200: None})
def openapi() -> Answered:
    """This document"""
    return Response(_document(), mimetype="application/json")


@cache
def _document() -> str:
    return json.dumps(openapi_document(), ensure_ascii=False)


def _database() -> PartOut:
    try:
        with services().db.read() as work:
            work.staff.count()
    except StoreError:
        return PartOut(ready=False, message=f"It cannot be used now; {ASK_DOCTOR}")
    return PartOut(ready=True)


def _part(*, missing: bool) -> PartOut:
    if missing:
        return PartOut(ready=False, message=f"Not loaded; {ASK_DOCTOR}")
    return PartOut(ready=True)


def _waiting() -> int | None:
    try:
        with services().db.read() as work:
            return work.inbox.waiting()
    except StoreError:
        return None
