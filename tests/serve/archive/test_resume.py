"""A run that is broken off loses nothing and goes on to the same bytes."""

import errno
import json

import pytest

from model.errors import InputError, UsageError
from serve.archive import partial as unfinished


class Stop(Exception):  # noqa: N818
    """Stands for whatever ends a run."""


def stop_after(rows):
    def stop(progress):
        if progress.rows >= rows:
            raise Stop

    return stop


@pytest.mark.parametrize("ending", ["csv", "jsonl", "parquet", "csv.gz", "jsonl.zst"])
@pytest.mark.parametrize("rows", [10, 30, 57])
def test_broken_off_and_resumed(archive, label, tmp_path, small_batches, ending, rows):
    whole, broken = tmp_path / f"whole.{ending}", tmp_path / f"broken.{ending}"
    _label(label, archive, whole)
    with pytest.raises(Stop):
        label(archive, output=broken.name, progress=stop_after(rows))
    assert not broken.exists()
    with (tmp_path / f"broken.{ending}.partial").open("ab") as file:
        file.write(b"half a ro")
    summary = _label(label, archive, broken, resume=True)
    assert broken.read_bytes() == whole.read_bytes()
    assert summary.rows == 57
    assert sum(summary.languages.values()) == 57  # the summary is of the whole, not of what was left to do
    assert sorted(p.name for p in tmp_path.iterdir()) == sorted(["in.csv", whole.name, broken.name])


def _label(label, archive, path, **more):
    label(archive, output=path.name, **more)
    return label.summary


@pytest.mark.parametrize("ending", ["csv", "parquet"])
@pytest.mark.parametrize("step", ["replace", "unlink", "assemble"])
def test_stopped_while_the_output_gets_its_name(archive, label, tmp_path, small_batches, monkeypatch, ending, step):
    whole, broken = tmp_path / f"whole.{ending}", tmp_path / f"broken.{ending}"
    label(archive, output=whole.name)

    def stop(*_, **__):
        raise Stop

    with monkeypatch.context() as patch:
        if step == "assemble":
            patch.setattr("serve.archive.label.write_parquet", stop)
        elif step == "unlink":
            patch.setattr(unfinished, "_sync_folder", stop)
        else:
            patch.setattr(unfinished.os, "fsync", _stop_at(7 if ending == "csv" else 15))
        if step == "assemble" and ending == "csv":
            return
        with pytest.raises(Stop):
            label(archive, output=broken.name)
    label(archive, output=broken.name, resume=True)
    assert broken.read_bytes() == whole.read_bytes()
    assert not list(tmp_path.glob("*.partial*"))


def _stop_at(count):
    calls = []

    def fsync(handle):
        calls.append(handle)
        if len(calls) >= count:
            raise Stop

    return fsync


def test_changes_are_refused(archive, label, small_batches):
    with pytest.raises(Stop):
        label(archive, output="out.csv", progress=stop_after(10))
    with pytest.raises(InputError, match="the options changed since"):
        label(archive, output="out.csv", resume=True, columns=("issue",))
    archive.write_text(archive.read_text() + "99,late,?\n")
    with pytest.raises(InputError, match="the input changed since"):
        label(archive, output="out.csv", resume=True)


def test_change_while_it_is_read(archive, label, small_batches, tmp_path):
    def grow(progress):
        if progress.rows == 30:
            with archive.open("a") as file:
                file.write("99,late,?\n")

    with pytest.raises(InputError, match="changed while it was read"):
        label(archive, output="out.csv", progress=grow)
    assert not (tmp_path / "out.csv").exists()


def test_another_model_is_refused(archive, label, small_batches, monkeypatch):
    with pytest.raises(Stop):
        label(archive, progress=stop_after(10))
    monkeypatch.setattr("serve.archive.label.read_manifest", lambda _: {"files": {"scorer.joblib": "another"}})
    with pytest.raises(InputError, match="the model changed since"):
        label(archive, resume=True)


@pytest.mark.parametrize("note", ["", "[]", "{}", '{"fingerprint": {}}', "nonsense"])
def test_a_damaged_note_is_refused(archive, label, small_batches, tmp_path, note):
    with pytest.raises(Stop):
        label(archive, progress=stop_after(10))
    (tmp_path / "out.jsonl.partial.json").write_text(note)
    with pytest.raises(InputError, match="start again without --resume"):
        label(archive, resume=True)


def test_a_partial_file_that_is_gone_or_cut_is_refused(archive, label, small_batches, tmp_path):
    with pytest.raises(Stop):
        label(archive, progress=stop_after(30))
    (tmp_path / "out.jsonl.partial").write_bytes(b"{}")
    with pytest.raises(InputError, match="shorter than"):
        label(archive, resume=True)
    (tmp_path / "out.jsonl.partial").unlink()
    with pytest.raises(InputError, match="is missing"):
        label(archive, resume=True)


def test_nothing_to_resume(archive, label):
    assert len(label(archive, resume=True)) == 57  # nothing was begun: it begins
    with pytest.raises(UsageError, match="whole already"):
        label(archive, resume=True)


def test_full_disk_is_one_error_and_resumable(archive, label, small_batches, monkeypatch, tmp_path):
    label(archive, output="whole.jsonl")

    def write(self, data):
        if self.batches == 3:
            raise OSError(errno.ENOSPC, "No space left on device")
        self._file.write(data)
        self._size += len(data)

    with monkeypatch.context() as patch:
        patch.setattr(unfinished.Partial, "_write", write)
        with pytest.raises(InputError, match=r"out\.jsonl\.partial: the disk is full; .*--resume"):
            label(archive)
    assert json.loads((tmp_path / "out.jsonl.partial.json").read_text())["batches"] == 3
    label(archive, resume=True)
    assert (tmp_path / "out.jsonl").read_bytes() == (tmp_path / "whole.jsonl").read_bytes()
