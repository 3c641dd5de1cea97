"""Argon2id that cannot be used to exhaust the machine."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore

from django.contrib.auth.hashers import Argon2PasswordHasher
from django.utils.translation import gettext as _

from zhuanban.base.errors import Busy

A_CORE = 2  # hashings at once; each fills 19 MiB for about 30 ms
SLOTS = BoundedSemaphore(A_CORE * len(os.sched_getaffinity(0)))


class BoundedArgon2(Argon2PasswordHasher):
    """Django's own takes 100 MiB and eight threads a login: a handful of guesses at once would stop the desk."""

    time_cost = 2  # source: OWASP Password Storage Cheat Sheet, argon2id m=19 MiB, t=2, p=1
    memory_cost = 19_456  # KiB
    parallelism = 1
    slots = SLOTS
    patience = 5.0  # seconds that one waits for a slot

    def encode(self, password: str, salt: str) -> str:
        """Raises: Busy."""
        with self._slot():
            return str(super().encode(password, salt))

    def verify(self, password: str, encoded: str) -> bool:
        """Raises: Busy."""
        with self._slot():
            return bool(super().verify(password, encoded))

    @contextmanager
    def _slot(self) -> Iterator[None]:
        if not self.slots.acquire(timeout=self.patience):
            raise Busy(_("现在登录的人太多，请过几秒再试"))
        try:
            yield
        finally:
            self.slots.release()
