"""The HTTP door: the contract's shapes, clear errors, never a 500."""

import json
import re

import pytest

from serve.answers import ClassifyAnswer, SuggestAnswer

ORDER = {
    "platform": "amazon", "country": "US", "fulfilment": "seller", "status": "shipped", "item_price": 18.9, "currency": "USD",
    "item_name": "Green tea", "category": "food", "customer_name": "Kim", "order_id": "112-7654321-1234567",
    "tracking_number": "LX123456785CN", "carrier": "DHL", "paid_at": "2026-11-01T10:00:00Z", "shipped_at": "2026-11-03T10:00:00Z",
    "delivered_at": None, "return_received_at": None, "claim_opened_at": None, "reviewed_at": None,
    "last_tracking_event": "Arrived at hub", "last_tracking_at": "2026-11-10T10:00:00+01:00", "photos_received": False,
    "fault": "carrier", "intact": True, "in_stock": True, "part_in_stock": False, "warranty_months": 12,
    "freight_insurance": False, "redirect_possible": None, "previous_contacts": 0, "previous_options": ["ask_photo"],
    "buyer_returns_90d": 0,
}  # fmt: skip


def suggest(client, **request):
    return client.post("/v1/suggest", json=request)


def test_the_contract_s_request_and_answer(client):
    response = suggest(client, message="Where is my parcel?", reply_language=None, limit=3, order=ORDER)
    assert response.status_code == 200
    answer = SuggestAnswer.model_validate_json(response.content)
    assert answer.issues[0].issue == "where_is_order"
    assert answer.options[0].option == "trace_parcel"  # silent for more than ten days
    assert len(answer.options) == 3
    assert answer.replies[0].language == "en"
    assert "LX123456785CN" in answer.replies[1].text


def test_same_request_same_answer(client):
    one, two = (suggest(client, message="Es ist kaputt!", order=ORDER).json() for _ in range(2))
    for answer in (one, two):
        del answer["suggestion_id"], answer["respond_by"]
    assert json.dumps(one) == json.dumps(two)


@pytest.mark.parametrize("message", ["", " ", "🙂🙂", "\u202eאבג", "x" * 100_000, "\x00", "½ ﷽ ﬁ", "a\u0301" * 500])
def test_odd_messages_get_an_answer(client, message):
    response = suggest(client, message=message)
    assert response.status_code == 200
    SuggestAnswer.model_validate_json(response.content)


@pytest.mark.parametrize(
    ("body", "status", "said"),
    [
        (b"", 400, "not valid JSON"),
        (b"{", 400, "not valid JSON"),
        (b"\xff\xfe\x00", 400, "not valid JSON"),
        (b'{"message": "\\ud800"}', 400, "not valid JSON"),
        (b"[]", 422, "object"),
        (b"{}", 422, "message"),
        (b'{"message": 5}', 422, "message"),
        (b'{"message": "x", "mesage": "y"}', 422, "mesage"),
        (b'{"message": "x", "limit": 0}', 422, "limit"),
        (b'{"message": "x", "reply_language": "xx"}', 422, "reply_language"),
        (b'{"message": "x", "order": {"status": "flying"}}', 422, "order.status"),
        (b'{"message": "x", "order": {"paid_at": "yesterday"}}', 422, "order.paid_at"),
        (b'{"message": "x", "order": {"previous_options": ["ask_foto"]}}', 422, "did you mean 'ask_photo'"),
        (b'{"message": "x", "order": {"item_price": -1}}', 422, "order.item_price"),
    ],
)
def test_bad_requests_are_problems(client, body, status, said):
    response = client.post("/v1/suggest", content=body)
    assert response.status_code == status
    assert response.headers["content-type"] == "application/problem+json"
    problem = response.json()
    assert problem["status"] == status
    assert said in problem["detail"]


def test_a_megabyte_is_refused_clearly(client):
    response = suggest(client, message="a" * 1_000_000)
    assert response.status_code == 422
    assert "at most 200000" in response.json()["detail"]
    response = client.post("/v1/suggest", content=b"a" * 17_000_000)
    assert response.status_code == 413


def test_times_without_a_zone_are_utc(client):
    assert (
        suggest(client, message="x", order={"paid_at": "2026-11-01", "shipped_at": "2026-11-02T10:00:00"}).status_code
        == 200
    )


def test_reply_language_and_fallback(client):
    assert suggest(client, message="Where is my parcel?", reply_language="it").json()["replies"][0]["language"] == "it"
    for tag, ours in (("de-AT", "de"), ("zh-TW", "zh-Hant"), ("zh-CN", "zh-Hans"), ("zh", "zh-Hans")):
        assert suggest(client, message="Where is it?", reply_language=tag).json()["replies"][0]["language"] == ours
    greek = suggest(client, message="Πού είναι το δέμα μου; Δεν ήρθε ακόμα.").json()
    assert greek["language"] == {"tag": "el", "confidence": greek["language"]["confidence"], "supported": False}
    assert greek["replies"][0]["language"] == "en"
    assert greek["warnings"]
    assert greek["needs_person"]["value"]


def test_classify(client):
    response = client.post("/v1/classify", json={"messages": ["Wo ist mein Paket?", "", "キャンセルしたいです"]})
    answer = ClassifyAnswer.model_validate_json(response.content)
    assert [r.language.tag for r in answer.results] == ["de", "und", "ja"]
    assert client.post("/v1/classify", json={"messages": []}).status_code == 422
    assert client.post("/v1/classify", json={"messages": ["x"] * 1001}).status_code == 422


def test_lists(client):
    labels = client.get("/v1/labels").json()
    assert (len(labels["issues"]), len(labels["sentiments"]), len(labels["languages"])) == (34, 5, 20)
    assert len(client.get("/v1/options").json()["options"]) == 51
    templates = client.get("/v1/templates", params={"language": "ja"}).json()["templates"]
    assert {t["language"] for t in templates} == {"ja"}
    assert client.get("/v1/templates", params={"language": "xx"}).status_code == 404


def test_pages_load_nothing_from_elsewhere(client):
    for path in ("/", "/docs"):
        assert not re.search(r"(?:src|href)=[\"']?(?:https?:)?//", client.get(path).text)
    assert client.get("/static-offline-docs/swagger-ui-bundle.js").status_code == 200


def test_operations(client):
    assert client.get("/healthz").json()["status"] == "ok"
    assert client.get("/readyz").json()["status"] == "ready"
    assert "replydesk_requests_total" in client.get("/metrics").text
    assert "<title>replydesk</title>" in client.get("/").text
    assert client.get("/nope").headers["content-type"] == "application/problem+json"
    assert client.put("/v1/suggest").status_code == 405
    schema = client.get("/openapi.json").json()
    assert {"/v1/suggest", "/v1/classify", "/v1/labels", "/v1/options", "/v1/templates"} <= set(schema["paths"])
    body = schema["paths"]["/v1/suggest"]["post"]["requestBody"]["content"]["application/json"]["schema"]
    assert "$ref" not in json.dumps(body)
