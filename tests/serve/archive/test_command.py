"""What the command line takes and says."""

from collections import Counter

import pytest

from model.errors import UsageError
from serve.archive.command import describe, read_shard
from serve.archive.partial import Summary


@pytest.mark.parametrize("text", ["", "1", "0/2", "3/2", "a/b", "1/2/3", "-1/2", "1/"])
def test_shards_that_are_none_are_refused(text):
    with pytest.raises(UsageError, match="write i/n"):
        read_shard(text)


def test_summary():
    summary = Summary(1200, 3, Counter(a=5, b=7), Counter(en=1197))
    assert describe(summary, "o.csv") == [
        "1,200 rows, 3 with an error, to o.csv", "  issues: b 7, a 5", "  languages: en 1,197",
    ]  # fmt: skip
