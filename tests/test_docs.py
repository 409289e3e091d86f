"""The README names every command, setting and address that there is, and no make target that there is not."""

import re
from pathlib import Path

from fastapi.routing import APIRoute
from typer.main import get_command

from replydesk import app, data_app, templates_app
from serve.api import create_app
from serve.archive.layout import label_names
from serve.archive.sources import FORMATS
from serve.settings import Settings

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_every_command_is_documented():
    names = [c.name or c.callback.__name__ for c in app.registered_commands]
    names += [f"data {c.name}" for c in data_app.registered_commands]
    names += [f"templates {c.name}" for c in templates_app.registered_commands]
    assert [name for name in names if f"replydesk {name}" not in README] == []


def test_every_option_of_label_is_explained():
    guide = (ROOT / "docs" / "archives.md").read_text(encoding="utf-8")
    (label,) = (command for command in get_command(app).commands.values() if command.name == "label")
    options = [name for option in label.params for name in option.opts if name.startswith("--")]
    assert "--resume" in options
    assert [name for name in options if name not in guide] == []


def test_every_option_of_report_is_explained():
    guide = (ROOT / "docs" / "report.md").read_text(encoding="utf-8")
    (report,) = (command for command in get_command(app).commands.values() if command.name == "report")
    options = [name for option in report.params for name in option.opts if name.startswith("--")]
    assert "--pii" in options
    assert [name for name in options if name not in guide] == []


def test_every_format_and_label_is_explained():
    guide = (ROOT / "docs" / "archives.md").read_text(encoding="utf-8")
    endings = [ending for endings in FORMATS.values() for ending in endings]
    assert [name for name in (*endings, *label_names(suggest=True)) if f"`{name}`" not in guide] == []


def test_every_setting_is_documented():
    assert [name for name in Settings.model_fields if f"REPLYDESK_{name.upper()}" not in README] == []


def test_every_address_is_documented():
    paths = [
        route.path for route in create_app(Settings()).routes if isinstance(route, APIRoute) and route.include_in_schema
    ]
    assert paths
    assert [path for path in paths if path not in README] == []


def test_every_make_target_named_exists():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))
    texts = README + (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    assert set(re.findall(r"`make ([a-z-]+)`", texts)) <= targets
