"""The team's own policies and templates over the shipped ones: by id, validated likewise, picked up while the server runs.

A folder (setting `REPLYDESK_OWN_DATA`) with `policies/*.yaml` and `templates/<tag>.yaml`; a template file holds only what differs.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import structlog

from model.errors import DataError, Fault
from model.files import data_dir
from serve.compliance import load_checker
from serve.options import load_options
from serve.policies import Policies, load_policies, read_policies
from serve.templates import Templates, TemplatesOnDemand, read_templates
from serve.wording import check_wording

CHECK_EVERY_S = 1.0  # how often the folder is looked at, at the most
_log = structlog.get_logger("replydesk")


@dataclass(frozen=True)
class Desk:
    """What suggestions are made of; replaced as a whole."""

    policies: Policies
    templates: Mapping[str, Templates]


def load_desk(own: Path | None) -> Desk:
    """Return the shipped policies and templates, with those of one's own folder over them.

    Raises
    ------
    DataError
        With every fault of the own files, breaches of compliance rules included.
    """
    if own is None:
        return Desk(load_policies(), TemplatesOnDemand(data_dir() / "templates"))
    if not own.is_dir():
        raise DataError([Fault(str(own), 0, "no such folder; REPLYDESK_OWN_DATA names it")])
    faults: list[Fault] = []
    policies = load_policies()
    templates: Mapping[str, Templates] = {}
    try:
        policies = read_policies([data_dir() / "policies", own / "policies"])
    except DataError as error:
        faults += error.faults
    try:
        templates = read_templates(data_dir() / "templates", own / "templates")
    except DataError as error:
        faults += error.faults
    else:
        checker, options = load_checker(), load_options()
        for path in sorted((own / "templates").glob("*.yaml")):
            found = check_wording(templates[path.stem], checker, options)
            faults += [Fault(str(path), 0, said) for said in found]
    if faults:
        raise DataError(faults)
    return Desk(policies, templates)


class Overlay:
    """Looks after one's own folder: a change is taken over whole, or not at all.

    Parameters
    ----------
    own : Path or None
    check_every_s : float

    Raises
    ------
    DataError
        If the folder is faulty at the start: a server must not come up with half of what was asked for.
    """

    def __init__(self, own: Path | None, *, check_every_s: float = CHECK_EVERY_S) -> None:
        self.own, self.check_every_s = own, check_every_s
        self.desk = load_desk(own)
        self.fault: str | None = None
        self._seen = self._stamp()
        self._next = time.monotonic() + check_every_s

    def current(self) -> Desk:
        """Return the desk, newly read where a file has changed; the last good one where the change is faulty."""
        if self.own is None or time.monotonic() < self._next:
            return self.desk
        self._next = time.monotonic() + self.check_every_s
        stamp = self._stamp()
        if stamp != self._seen:
            self._seen = stamp
            try:
                self.desk = load_desk(self.own)
                self.fault = None
                _log.info("own data taken over", folder=str(self.own))
            except DataError as error:
                self.fault = f"own data are faulty, the last good ones are used: {error}"
                _log.warning("own data refused", folder=str(self.own), faults=[str(f) for f in error.faults])
        return self.desk

    def _stamp(self) -> tuple[tuple[str, int, int], ...]:
        if self.own is None:
            return ()
        files = sorted(self.own.glob("*/*.yaml"))
        found = []
        for path in files:
            try:
                stat = path.stat()
            except OSError:  # taken away between listing and looking
                continue
            found.append((str(path), stat.st_mtime_ns, stat.st_size))
        return tuple(found)
