"""One's own policies and templates: over the shipped ones, validated, picked up, refused whole where faulty; imported from other desks."""

import json

import pytest
from fastapi.testclient import TestClient

from model.errors import DataError, InputError
from serve.api import create_app
from serve.importing import import_replies, read_saved, write_overlay
from serve.overlay import Overlay, load_desk
from serve.settings import Settings

POLICY = """policies:
  - id: goods.ask_photo
    when: {issue: [damaged]}
    option: resend
    fit: 0.99
    reason: "we never ask for photos"
    sources: [P23]
"""
TEMPLATE = 'language: en\nbodies:\n  resend:\n    damaged: "A new one is on its way{% if item_name %}: {{ item_name }}{% endif %}."\n'


@pytest.fixture
def own(tmp_path):
    (tmp_path / "policies").mkdir()
    (tmp_path / "templates").mkdir()
    return tmp_path


def test_own_texts_and_policies_take_the_place_of_shipped_ones(own):
    (own / "policies" / "mine.yaml").write_text(POLICY)
    (own / "templates" / "en.yaml").write_text(TEMPLATE)
    desk, shipped = load_desk(own), load_desk(None)
    assert len(desk.policies) == len(shipped.policies)
    assert {p.id: p for p in desk.policies}["goods.ask_photo"].option == "resend"
    assert desk.templates["en"].body("resend", "damaged").source.startswith("A new one")
    kept = (desk.templates["en"].body("resend", "defective"), shipped.templates["en"].body("resend", "defective"))
    assert kept[0].source == kept[1].source
    assert set(desk.templates) == set(shipped.templates)


@pytest.mark.parametrize(
    ("file", "text", "said"),
    [
        ("policies/a.yaml", POLICY.replace("resend", "resendd"), "unknown option 'resendd' (did you mean 'resend'?)"),
        ("policies/a.yaml", "policies: {", "not valid YAML"),
        ("policies/a.yaml", "- x", "a policy file holds 'policies'"),
        ("templates/en.yaml", TEMPLATE.replace("item_name }}", "itm_name }}"), "unknown slot 'itm_name'"),
        (
            "templates/en.yaml",
            "language: en\nbodies: {thank: {default: 'Please change your review.'}}",
            "review_change",
        ),
        ("templates/xx.yaml", "language: xx\n", "must be a known tag"),
    ],
)
def test_faulty_own_files_are_refused(own, file, text, said):
    (own / file).write_text(text)
    with pytest.raises(DataError) as error:
        load_desk(own)
    assert any(said in str(fault) and file.split("/")[1] in str(fault) for fault in error.value.faults)


def test_a_missing_folder_is_refused(tmp_path):
    with pytest.raises(DataError, match="no such folder"):
        load_desk(tmp_path / "none")


def test_changes_are_taken_over_and_faulty_ones_are_not(own):
    overlay = Overlay(own, check_every_s=0)
    before = overlay.current()
    (own / "policies" / "mine.yaml").write_text(POLICY)
    taken = overlay.current()
    assert taken is not before
    assert overlay.current() is taken
    (own / "policies" / "mine.yaml").write_text(POLICY.replace("P23", "P99"))
    assert overlay.current() is taken
    assert "unknown source 'P99'" in overlay.fault
    (own / "policies" / "mine.yaml").unlink()
    assert len(overlay.current().policies) == len(before.policies)
    assert overlay.fault is None


def test_the_server_says_what_it_refused(own, reader):
    with TestClient(create_app(Settings(own_data=own), reader=reader)) as client:
        overlay = client.app.state.suggester.overlay
        overlay.check_every_s = overlay._next = 0
        (own / "policies" / "mine.yaml").write_text("policies: {")
        assert "last good ones" in client.get("/readyz").json()["warnings"][0]
        answer = client.post("/v1/suggest", json={"message": "The cup arrived broken"}).json()
        assert answer["options"][0]["option"] == "ask_photo"
        assert "last good ones" in answer["warnings"][0]
        (own / "policies" / "mine.yaml").write_text(POLICY)
        assert (
            client.post("/v1/suggest", json={"message": "The cup arrived broken"}).json()["options"][0]["option"]
            == "resend"
        )
        assert "warnings" not in client.get("/readyz").json()


ZENDESK = {
    "macros": [
        {
            "title": "damaged.resend",
            "actions": [
                {"field": "status", "value": "open"},
                {"field": "comment_value", "value": "Hi {{ticket.requester.first_name}}, a new one is coming."},
            ],
        }
    ]
}
GORGIAS = {
    "data": [
        {
            "name": "thank",
            "language": "fr",
            "actions": [
                {
                    "name": "setResponseText",
                    "arguments": {"body_html": "<p>Merci,</p><p>{{ticket.customer.firstname}} &amp; co</p>"},
                }
            ],
        }
    ]
}
CHATWOOT = [{"short_code": "opening hours", "content": "We are here from 9 to 5, {{contact.name}}."}]


@pytest.mark.parametrize(
    ("name", "content", "title", "language", "text"),
    [
        ("a.json", json.dumps(ZENDESK), "damaged.resend", "en", "Hi {{ customer_name }}, a new one is coming."),
        ("a.json", json.dumps(GORGIAS), "thank", "fr", "Merci,\n{{ customer_name }} & co"),
        ("a.json", json.dumps(CHATWOOT), "opening hours", "en", "We are here from 9 to 5, {{ customer_name }}."),
        ("a.csv", "title,text,language\nresend,\"Neu, für {{order.number}}\",de-AT\n", "resend", "de", "Neu, für {{ order_id }}"),
    ],
)  # fmt: skip
def test_saved_replies_of_other_desks_are_read(tmp_path, name, content, title, language, text):
    path = tmp_path / name
    path.write_text(content, encoding="utf-8")
    saved = read_saved(path)[0]
    assert (saved.title, saved.language, saved.text) == (title, language, text)


def test_imported_replies_become_templates(tmp_path):
    path, own = tmp_path / "a.csv", tmp_path / "own"
    path.write_text("title,text,language\ndamaged.resend,It comes anew.,en\nhours,9 to 5,en\n")
    assert write_overlay(read_saved(path), own) == (1, 1)
    assert load_desk(own).templates["en"].body("resend", "damaged").source == "It comes anew."
    assert "9 to 5" in (own / "unsorted.yaml").read_text()


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [("a.json", "{", "not valid JSON"), ("a.json", '{"a": 1}', "not a list of macros"), ("a.csv", "a,b\n1,2\n", "columns title, text"), ("a.csv", "title,text,language\na,b,xx\n", "unknown language 'xx'")],
)  # fmt: skip
def test_files_that_are_no_saved_replies(tmp_path, name, content, said):
    (tmp_path / name).write_text(content)
    with pytest.raises(InputError, match=said):
        read_saved(tmp_path / name)


def test_an_import_is_whole_or_not_at_all(own, tmp_path):
    replies = tmp_path / "replies.csv"
    replies.write_text(
        "title,text,language\nask_photo,Please send us a photo.,en\nthank,Please give us five stars and remove your review.,en\n"
    )
    with pytest.raises(DataError):
        import_replies(read_saved(replies), own)
    assert not (own / "templates" / "en.yaml").exists()


def test_what_waits_is_kept_and_can_be_imported_with_a_title(own, tmp_path):
    first, second = tmp_path / "one.csv", tmp_path / "two.csv"
    first.write_text("title,text,language\nHello there,Hi {{ticket.requester.name}}. A photo would help us.,en\n")
    second.write_text("title,text,language\nAnother one,We will look into it today.,en\n")
    assert import_replies(read_saved(first), own) == (0, 1)
    assert import_replies(read_saved(second), own) == (0, 1)
    waiting = own / "unsorted.yaml"
    text = waiting.read_text()
    assert "Another one" in text
    assert "Hello there" in text
    waiting.write_text(text.replace("Hello there", "damaged.ask_photo"))
    assert import_replies(read_saved(waiting), own) == (1, 1)
    assert "A photo would help us." in load_desk(own).templates["en"].body("ask_photo", "damaged").source
    assert "ask_photo" not in waiting.read_text()
