"""Evidence is exact: the shares of all characters sum to the score."""

import numpy as np
import pytest

from model.evidence import character_shares, contrast


@pytest.mark.parametrize(
    "text", ["Where is my parcel?", "包裹到哪里了", "ของยังไม่ถึงเลย", "zepsute!!", "Wo, wo, wo ist es?"]
)
def test_shares_sum_to_the_score(reader, text):
    scorer = reader.artifact.scorer
    rows = scorer.rows([text], spans=True)
    head = scorer.head("primary")
    scores = scorer.scores(rows)[0, head.columns]
    raw = scorer.raw_scores(rows)
    for issue in ("where_is_order", "defective", "other"):
        shares = character_shares(scorer, len(text), rows, issue)
        expected = scores[head.classes.index(issue)] - scores.mean()
        constant = contrast(scorer, raw, head.classes.index(issue))[1]
        assert shares.sum() + constant == pytest.approx(float(expected), abs=2e-3)
        assert np.isfinite(shares).all()
