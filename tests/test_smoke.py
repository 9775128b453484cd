def test_health(people):
    assert people.stranger.get("/healthz").text == "ok"
    assert people.ann.get("/readyz").json["ready"] is True


def test_cast(people):
    assert people.ann_id != people.kai_id
