from webapp.masking import mask_email, mask_fields, mask_phone, mask_text


def test_a_phone_shows_its_ends() -> None:
    assert mask_phone("13800001234") == "138****1234"
    assert mask_phone("12345") == "***45"


def test_an_email_shows_one_character_and_the_domain() -> None:
    assert mask_email("xiaoming@example.com") == "x***@example.com"


def test_personal_numbers_inside_a_text_are_masked() -> None:
    text = "我 13800001234，身份证 11010519491231002X，卡 6222 0200 0000 1234 567，a@b.cn"
    masked = mask_text(text)
    for secret in ("13800001234", "11010519491231002X", "6222 0200 0000", "a@b.cn"):
        assert secret not in masked
    assert "138****1234" in masked


def test_an_order_number_stays_readable_and_a_phone_slot_does_not() -> None:
    assert mask_fields({"order_id": "2026112200011234", "phone": "13800001234"}) == {
        "order_id": "2026112200011234",
        "phone": "138****1234",
    }
