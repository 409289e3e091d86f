"""Columns: which holds the message, and what becomes of the others."""

import pytest

from model.errors import InputError, UsageError
from serve.archive.names import TEXT_COLUMNS, renamed, text_column, time_column


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        (["id", "Message"], "Message"),
        (["id", "Buyer_Message", "comment"], "Buyer_Message"),
        (["编号", "留言"], "留言"),
        (["注文番号", "お問い合わせ内容"], "お問い合わせ内容"),
        (["번호", "메시지"], "메시지"),
        (["Nr", "Nachricht"], "Nachricht"),
        (["ID", "Treść"], "Treść"),
        (["№", "Сообщение"], "Сообщение"),
        (["id", " message-text "], " message-text "),
        (["review_body", "text"], "text"),
        (["whatever"], "whatever"),
    ],
)
def test_text_columns_are_recognised(columns, expected):
    assert text_column(columns, None, "a.csv") == expected


def test_all_twenty_languages_have_a_name():
    assert len(set(TEXT_COLUMNS)) == len(TEXT_COLUMNS)


def test_what_is_not_there_is_refused():
    with pytest.raises(UsageError, match="did you mean 'text'"):
        text_column(["id", "text"], "txet", "a.csv")
    with pytest.raises(UsageError, match="which column holds the message"):
        text_column(["a", "b"], None, "a.csv")
    with pytest.raises(InputError, match="is empty"):
        text_column([], None, "a.csv")


def test_times():
    assert time_column(["id", "Created At"]) == "Created At"
    assert time_column(["id"]) is None


def test_renaming_meets_nothing():
    taken = ["issue", "input_issue", "input_input_issue"]
    assert len({renamed(name, {"issue"}, taken) for name in taken}) == 3
