"""The packages have generic names: these are ours, and imports run one way."""

import subprocess
import sys
from pathlib import Path

import pytest

import model
import serve
import training

ROOT = Path(__file__).resolve().parent.parent


@pytest.mark.parametrize("package", [model, training, serve])
def test_package_is_ours(package):
    assert Path(package.__file__).resolve().parent.parent == ROOT


@pytest.mark.parametrize("name", ["model.reader", "serve.suggest", "replydesk"])
def test_importing_does_no_work(name):
    """No data file is read and no heavy library loaded by an import alone."""
    code = (
        f"import sys, {name}; heavy = [m for m in ('spacy', 'sklearn', 'jieba', 'matplotlib') if m in sys.modules]; "
        "assert not heavy, heavy"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT)
