"""`jiedai doctor`: checks the whole chain and says the remedy."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path

import click

from webapp.cli.options import data_option, existing, plain_errors
from webapp.doctor import Finding, examine


@click.command()
@data_option
@click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout.")
def doctor(data: Path | None, as_json: bool) -> None:
    """Check database, secrets, encoder, model, index and processes; exit code 1 if one is bad."""
    findings: list[Finding] = []
    with plain_errors():
        settings = existing(data)
        for finding in examine(settings):
            findings.append(finding)
            if not as_json:
                mark = (
                    click.style("ok ", fg="green") if finding.ok else click.style("bad", fg="red")
                )
                click.echo(f"{mark}  {finding.name}: {finding.message}")
    good = all(finding.ok for finding in findings)
    if as_json:
        document = {"ok": good, "findings": [asdict(finding) for finding in findings]}
        click.echo(json.dumps(document, ensure_ascii=False, indent=2))
    sys.exit(0 if good else 1)
