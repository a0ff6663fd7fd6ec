import pytest

from webapp.auth.passwords import (
    check_password,
    generate_password,
    hash_password,
    verify_password,
)
from webapp.errors import WeakPassword


def test_the_hash_is_argon2id_with_the_parameters_asvs_asks_for() -> None:
    _, kind, _, parameters, *_ = hash_password("correct horse").split("$")
    assert kind == "argon2id"
    given = dict(p.split("=") for p in parameters.split(","))
    assert int(given["m"]) >= 19 * 1024
    assert int(given["t"]) >= 2


def test_only_the_right_password_fits() -> None:
    stored = hash_password("correct horse")
    assert verify_password(stored, "correct horse")
    assert not verify_password(stored, "correct horsf")
    assert not verify_password(None, "correct horse")
    assert not verify_password("not a hash", "correct horse")


@pytest.mark.parametrize(
    "password",
    ["short", "1234567890", "PASSWORD123", "aaaaaaaaaaaa", "x" * 300, "xiaoming2026"],
)
def test_a_weak_password_is_refused_with_advice(password: str) -> None:
    with pytest.raises(WeakPassword, match="hoose"):
        check_password(password, email="xiaoming@example.com")


def test_a_sentence_and_a_generated_password_are_accepted() -> None:
    check_password("今天天气很好呀我们去爬山", email="a@b.cn")
    check_password("x" * 60 + "yzw", email="a@b.cn")
    generated = {generate_password() for _ in range(50)}
    assert len(generated) == 50
    for password in generated:
        check_password(password)
