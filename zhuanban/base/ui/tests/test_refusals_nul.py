"""An address with a NUL in it is refused before anything searches for it."""

from django.test import Client


def test_a_nul_in_an_address_is_an_answer_and_no_crash() -> None:
    answer = Client().get("/scan?c=%00")

    assert answer.status_code == 400 and "BAD_QUERY" in answer.content.decode()
