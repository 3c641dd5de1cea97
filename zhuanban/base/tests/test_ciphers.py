"""Published vectors for both providers, then what the house itself promises of its sealing and its boxes."""

import secrets

import pytest
from cryptography.hazmat.primitives import hashes
from hypothesis import HealthCheck, given
from hypothesis import settings as runs
from hypothesis import strategies as st
from pytest_django import Settings

from zhuanban.base import ciphers
from zhuanban.base.ciphers import Unreadable

KEY = bytes(range(32))
PROVIDERS = pytest.mark.parametrize("provider", ["AES", "SM4"])


def hexed(text: str) -> bytes:
    return bytes.fromhex(text)


def test_sm3_hmac_agrees_with_its_definition_over_the_published_hash(settings: Settings) -> None:
    """HMAC(K, m) = H(K ^ opad, H(K ^ ipad, m)) (RFC 2104), H being the SM3 of GB/T 32905-2016 annex A."""

    def sm3(data: bytes) -> bytes:
        digest = hashes.Hash(hashes.SM3())
        digest.update(data)
        return digest.finalize()

    assert sm3(b"abc") == hexed("66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0")
    assert sm3(b"abcd" * 16) == hexed("debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732")

    settings.CIPHER = "SM4"
    padded = KEY + bytes(32)
    inner = sm3(bytes(byte ^ 0x36 for byte in padded) + b"message")
    assert ciphers.mac(b"message", key=KEY, size=32) == sm3(bytes(byte ^ 0x5C for byte in padded) + inner)


def test_sm4_block_of_gbt_32907_annex_a(settings: Settings) -> None:
    settings.CIPHER = "SM4"
    key = plain = hexed("0123456789abcdeffedcba9876543210")

    assert ciphers.block(plain, key=key + bytes(16)) == hexed("681edf34d206965e86b3e94f536e4246")
    assert ciphers.unblock(hexed("681edf34d206965e86b3e94f536e4246"), key=key) == plain


def test_sm4_gcm_of_rfc_8998_annex_a(settings: Settings) -> None:
    settings.CIPHER = "SM4"
    key, nonce = hexed("0123456789abcdeffedcba9876543210"), hexed("00001234567800000000abcd")
    bound_to = hexed("feedfacedeadbeeffeedfacedeadbeefabaddad2")
    body = hexed(
        "17f399f08c67d5ee19d0dc9969c4bb7d5fd46fd3756489069157b282bb200735"
        "d82710ca5c22f0ccfa7cbf93d496ac15a56834cbcf98c397b4024a2691233b8d"
    )
    tag = hexed("83de3541e4c2b58177e065a9bf7b62ec")
    plain = b"".join(bytes([byte]) * 8 for byte in hexed("aabbccddeeffeeaa"))

    assert ciphers.open_(nonce + body + tag, key=key, bound_to=bound_to) == plain


def test_aes_256_block_of_fips_197_annex_c3(settings: Settings) -> None:
    settings.CIPHER = "AES"
    plain = hexed("00112233445566778899aabbccddeeff")

    assert ciphers.block(plain, key=KEY) == hexed("8ea2b7ca516745bfeafc49904b496089")
    assert ciphers.unblock(hexed("8ea2b7ca516745bfeafc49904b496089"), key=KEY) == plain


def test_aes_256_gcm_test_case_16_of_the_gcm_specification(settings: Settings) -> None:
    settings.CIPHER = "AES"
    key, nonce = hexed("feffe9928665731c6d6a8f9467308308" * 2), hexed("cafebabefacedbaddecaf888")
    bound_to = hexed("feedfacedeadbeeffeedfacedeadbeefabaddad2")
    body = hexed(
        "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa"
        "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662"
    )
    plain = hexed(
        "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
        "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39"
    )
    tag = hexed("76fc6ece0f4e1768cddf8853bb2d551b")

    assert ciphers.open_(nonce + body + tag, key=key, bound_to=bound_to) == plain


def test_hmac_sha256_test_case_2_of_rfc_4231(settings: Settings) -> None:
    settings.CIPHER = "AES"

    found = ciphers.mac(b"what do ya want for nothing?", key=b"Jefe", size=32)

    assert found == hexed("5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843")


@PROVIDERS
def test_what_is_sealed_opens_under_the_same_key_and_row_only(settings: Settings, provider: str) -> None:
    settings.CIPHER = provider
    sealed = ciphers.seal("王小花".encode(), key=KEY, bound_to=b"person:1")

    assert ciphers.open_(sealed, key=KEY, bound_to=b"person:1") == "王小花".encode()

    for key, bound_to in [(KEY[::-1], b"person:1"), (KEY, b"person:2"), (KEY, b"")]:
        with pytest.raises(Unreadable):
            ciphers.open_(sealed, key=key, bound_to=bound_to)


@PROVIDERS
def test_every_flipped_bit_and_every_cut_is_noticed(settings: Settings, provider: str) -> None:
    settings.CIPHER = provider
    sealed = ciphers.seal(b"0123456789", key=KEY, bound_to=b"row")
    boxed = ciphers.box(b"0123456789", to_public=ciphers.public_of(KEY))
    flipped = [
        bytes([*sealed[:n], sealed[n] ^ 1 << bit, *sealed[n + 1 :]]) for n in range(len(sealed)) for bit in range(8)
    ]
    cut = [sealed[:n] for n in range(len(sealed))]

    for damaged in [*flipped, *cut]:
        with pytest.raises(Unreadable):
            ciphers.open_(damaged, key=KEY, bound_to=b"row")

    for n in range(len(boxed)):
        for damaged in (boxed[:n], bytes([*boxed[:n], boxed[n] ^ 1, *boxed[n + 1 :]])):
            with pytest.raises(Unreadable):
                ciphers.unbox(damaged, private=KEY)


@PROVIDERS
def test_the_same_words_are_never_sealed_alike(settings: Settings, provider: str) -> None:
    settings.CIPHER = provider
    public = ciphers.public_of(KEY)

    sealed = {ciphers.seal(b"x", key=KEY, bound_to=b"") for _ in range(1000)}
    boxed = {ciphers.box(b"x", to_public=public) for _ in range(100)}

    assert len(sealed) == 1000 and len(boxed) == 100


def test_one_provider_does_not_open_what_the_other_sealed(settings: Settings) -> None:
    settings.CIPHER = "AES"
    sealed = ciphers.seal(b"x", key=KEY, bound_to=b"")

    settings.CIPHER = "SM4"

    with pytest.raises(Unreadable):
        ciphers.open_(sealed, key=KEY, bound_to=b"")


@PROVIDERS
@given(plain=st.binary(min_size=16, max_size=16), key=st.binary(min_size=32, max_size=32))
@runs(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_a_block_comes_back(settings: Settings, provider: str, plain: bytes, key: bytes) -> None:
    settings.CIPHER = provider

    ciphered = ciphers.block(plain, key=key)

    assert ciphers.unblock(ciphered, key=key) == plain and len(ciphered) == 16


@PROVIDERS
def test_a_block_is_sixteen_bytes_and_nothing_else(settings: Settings, provider: str) -> None:
    settings.CIPHER = provider

    for wrong in (b"", bytes(15), bytes(17), bytes(32)):
        with pytest.raises(ValueError, match="16 bytes"):
            ciphers.block(wrong, key=KEY)


@PROVIDERS
def test_an_index_is_equal_for_equal_text_under_one_key_only(settings: Settings, provider: str) -> None:
    settings.CIPHER = provider

    found = ciphers.index("13935500001", key=KEY)

    assert len(found) == 16 and found == ciphers.index("13935500001", key=KEY)
    assert found not in {ciphers.index("13935500002", key=KEY), ciphers.index("13935500001", key=KEY[::-1])}


@PROVIDERS
def test_a_box_opens_for_its_addressee_only(settings: Settings, provider: str) -> None:
    settings.CIPHER = provider
    mine, other = secrets.token_bytes(32), secrets.token_bytes(32)

    boxed = ciphers.box(b"red at the market", to_public=ciphers.public_of(mine))

    assert ciphers.unbox(boxed, private=mine) == b"red at the market"
    with pytest.raises(Unreadable):
        ciphers.unbox(boxed, private=other)


def test_a_box_from_a_point_of_small_order_is_refused() -> None:
    with pytest.raises(Unreadable):
        ciphers.unbox(bytes(32) + bytes(60), private=KEY)
