"""The only place where bytes are ciphered: keys as files, sealing, one-block pseudonyms, keyed hashes, sealed boxes.

`settings.CIPHER` chooses the provider once, at installation: what one provider has written the other cannot read.

| | AES | SM4 (国密) | source |
|---|---|---|---|
| seal | AES-256-GCM | SM4-GCM, first 16 bytes of the key | NIST SP 800-38D; RFC 8998 |
| block | AES-256, one block | SM4, one block, first 16 bytes of the key | FIPS 197; GB/T 32907 |
| mac, index | HMAC-SHA256 | HMAC-SM3 | RFC 2104; GB/T 32905 |
| box | X25519 + HKDF-SHA256, then seal | the same: not SM2, and so not a 国密 scheme | RFC 7748, RFC 5869 |

Rules may import this module: it reads Django's settings only when a function is called.
"""

import hmac
import os
import secrets
from functools import cache
from pathlib import Path
from typing import Any, Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hmac import HMAC
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from zhuanban.base.errors import Refusal

KEY_SIZE = 32  # bytes; SM4 uses the first half
BLOCK_SIZE = 16  # bytes, of AES and SM4 alike
NONCE_SIZE = 12  # bytes; source: NIST SP 800-38D §8.2, RFC 8998 §2
TAG_SIZE = 16  # bytes

SECRETS = ("desk/people", "desk/people-index", "shared/session", "shared/codes", "shared/internal")
PAIRS = (  # the private half of one process, the public half for all
    ("worker/alerts", "shared/alerts.pub"),
    ("worker/strangers", "shared/strangers.pub"),
    ("keeper/keeper", "shared/keeper.pub"),
)
TEXT = "desk/secret"  # Django's SECRET_KEY; settings.py reads it


class UnsafeKey(Refusal):
    """A key file is missing, damaged, or open to others than its owner."""

    code = "UNSAFE_KEY"
    status = 500


class Unreadable(Refusal):
    """Sealed bytes were changed, belong to another row, or were sealed under another key."""

    code = "UNREADABLE"
    status = 500


# --- keys -----------------------------------------------------------------------------------------------------------


def key(name: str) -> bytes:
    """The 32 bytes in settings.KEYS/<name>, read once a process. Raises: UnsafeKey."""
    return _kept(_path(name))


def make(name: str) -> bool:
    """Make a random key file, readable by its owner only, unless there is one; whether it was made."""
    return _place(name, secrets.token_bytes(KEY_SIZE))


def make_all() -> list[str]:
    """Make the standing keys that are missing; the names of those made. Raises: UnsafeKey if halves differ."""
    made = [name for name in SECRETS if make(name)]
    if _place(TEXT, secrets.token_urlsafe(48).encode()):
        made.append(TEXT)
    for private, public in PAIRS:
        made += _make_pair(private, public)
    return made


def public_of(private: bytes) -> bytes:
    """The public half of an X25519 private key."""
    return X25519PrivateKey.from_private_bytes(private).public_key().public_bytes_raw()


def _make_pair(private: str, public: str) -> list[str]:
    """A public half alone is left alone: its private half lives with another process, or on another machine."""
    if _path(public).exists() and not _path(private).exists():
        return []
    made = [private] if make(private) else []
    expected = public_of(_read(_path(private)))
    if _place(public, expected):
        made.append(public)
    if _read(_path(public)) != expected:
        raise UnsafeKey(
            f"密钥 {private} 与公钥 {public} 不成对：请核对备份，确认无误后删除其中过时的一个再运行 make_keys"
        )
    return made


def _settings() -> Any:
    from django.conf import settings  # noqa: PLC0415 - late, so that rules stay importable without Django

    return settings


def _path(name: str) -> Path:
    return Path(_settings().KEYS) / name


@cache
def _kept(path: Path) -> bytes:
    return _read(path)


def _read(path: Path) -> bytes:
    try:
        mode = path.stat().st_mode
        content = path.read_bytes()
    except OSError as fault:
        raise UnsafeKey(f"密钥文件 {path} 读不到：请运行 manage.py make_keys，或核对文件属主") from fault
    if mode & (0o022 if path.suffix == ".pub" else 0o077):
        raise UnsafeKey(f"密钥文件 {path} 可被其他用户读写：请运行 chmod 600 {path}")
    if len(content) != KEY_SIZE:
        raise UnsafeKey(f"密钥文件 {path} 不是 {KEY_SIZE} 字节：请从备份恢复")
    return content


def _place(name: str, content: bytes) -> bool:
    """Write a file that did not exist, whole and on disk, or leave the one there is; whether it was written."""
    path = _path(name)
    if path.exists():
        return False
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        os.write(handle, content)
        os.fsync(handle)
        os.link(draft, path)  # fails when another process was first: nobody's key is ever overwritten
    except FileExistsError:
        return False
    finally:
        os.close(handle)
        draft.unlink()
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
    return True


# --- what the keys do -----------------------------------------------------------------------------------------------


def seal(plain: bytes, *, key: bytes, bound_to: bytes) -> bytes:
    """Nonce, ciphertext and tag. Opens only with the same `bound_to`, the identity of the row it lies in."""
    return _provider().seal(plain, key, bound_to)


def open_(sealed: bytes, *, key: bytes, bound_to: bytes) -> bytes:
    """What `seal` was given. Raises: Unreadable."""
    try:
        if len(sealed) < NONCE_SIZE + TAG_SIZE:
            raise InvalidTag
        return _provider().open(sealed, key, bound_to)
    except InvalidTag as fault:
        raise Unreadable("加密内容无法读取：密钥不符，或内容被改动") from fault


def block(plain: bytes, *, key: bytes) -> bytes:
    """One 16-byte block under a keyed permutation: equal in, equal out, and back with `unblock`."""
    return _block_cipher(plain, key).encryptor().update(plain)


def unblock(ciphered: bytes, *, key: bytes) -> bytes:
    return _block_cipher(ciphered, key).decryptor().update(ciphered)


def mac(data: bytes, *, key: bytes, size: int = 16) -> bytes:
    """A keyed hash of `data`, its first `size` bytes (at most 32). Compare with `hmac.compare_digest`."""
    return _provider().mac(data, key)[:size]


def index(text: str, *, key: bytes) -> bytes:
    """16 bytes to look a value up by. The caller normalises: equal text, equal index."""
    return mac(text.encode(), key=key, size=16)


def box(plain: bytes, *, to_public: bytes) -> bytes:
    """Sealed so that only the holder of the private key can read it, not even who sealed it."""
    once = X25519PrivateKey.generate()
    ephemeral = once.public_key().public_bytes_raw()
    shared = once.exchange(X25519PublicKey.from_public_bytes(to_public))
    return ephemeral + seal(plain, key=_derived(shared, ephemeral + to_public), bound_to=ephemeral)


def unbox(sealed: bytes, *, private: bytes) -> bytes:
    """What `box` was given. Raises: Unreadable."""
    ephemeral, rest = sealed[:KEY_SIZE], sealed[KEY_SIZE:]
    mine = X25519PrivateKey.from_private_bytes(private)
    try:
        shared = mine.exchange(X25519PublicKey.from_public_bytes(ephemeral))
    except ValueError as fault:  # too short, or a point of small order
        raise Unreadable("加密内容无法读取：格式不对") from fault
    return open_(rest, key=_derived(shared, ephemeral + public_of(private)), bound_to=ephemeral)


def _derived(shared: bytes, parties: bytes) -> bytes:
    return HKDF(hashes.SHA256(), KEY_SIZE, salt=None, info=b"zhuanban box 1" + parties).derive(shared)


# --- providers ------------------------------------------------------------------------------------------------------


class _Provider(Protocol):
    def seal(self, plain: bytes, key: bytes, bound_to: bytes) -> bytes: ...
    def open(self, sealed: bytes, key: bytes, bound_to: bytes) -> bytes: ...
    def mac(self, data: bytes, key: bytes) -> bytes: ...
    def algorithm(self, key: bytes) -> algorithms.AES | algorithms.SM4: ...


class _Aes:
    def seal(self, plain: bytes, key: bytes, bound_to: bytes) -> bytes:
        nonce = secrets.token_bytes(NONCE_SIZE)
        return nonce + AESGCM(key).encrypt(nonce, plain, bound_to)

    def open(self, sealed: bytes, key: bytes, bound_to: bytes) -> bytes:
        return AESGCM(key).decrypt(sealed[:NONCE_SIZE], sealed[NONCE_SIZE:], bound_to)

    def mac(self, data: bytes, key: bytes) -> bytes:
        return hmac.digest(key, data, "sha256")

    def algorithm(self, key: bytes) -> algorithms.AES:
        return algorithms.AES(key)


class _Sm4:
    def seal(self, plain: bytes, key: bytes, bound_to: bytes) -> bytes:
        nonce = secrets.token_bytes(NONCE_SIZE)
        encryptor = Cipher(self.algorithm(key), modes.GCM(nonce)).encryptor()
        encryptor.authenticate_additional_data(bound_to)
        return nonce + encryptor.update(plain) + encryptor.finalize() + encryptor.tag

    def open(self, sealed: bytes, key: bytes, bound_to: bytes) -> bytes:
        nonce, body, tag = sealed[:NONCE_SIZE], sealed[NONCE_SIZE:-TAG_SIZE], sealed[-TAG_SIZE:]
        decryptor = Cipher(self.algorithm(key), modes.GCM(nonce, tag)).decryptor()
        decryptor.authenticate_additional_data(bound_to)
        return decryptor.update(body) + decryptor.finalize()

    def mac(self, data: bytes, key: bytes) -> bytes:
        keyed = HMAC(key, hashes.SM3())
        keyed.update(data)
        return keyed.finalize()

    def algorithm(self, key: bytes) -> algorithms.SM4:
        return algorithms.SM4(key[: algorithms.SM4.block_size // 8])


_PROVIDERS: dict[str, _Provider] = {"AES": _Aes(), "SM4": _Sm4()}


def _provider() -> _Provider:
    return _PROVIDERS[_settings().CIPHER]


def _block_cipher(data: bytes, key: bytes) -> Cipher[modes.ECB]:
    if len(data) != BLOCK_SIZE:
        raise ValueError(f"a block is {BLOCK_SIZE} bytes, not {len(data)}")
    return Cipher(_provider().algorithm(key), modes.ECB())  # noqa: S305 - one block, a permutation of random ids
