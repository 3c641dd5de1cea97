"""The desk process: all faces, under Granian."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhuanban.settings")

from django.core.asgi import get_asgi_application

application = get_asgi_application()

from zhuanban.base import safety  # noqa: E402

safety.refuse_if_unsafe()
