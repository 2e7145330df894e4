"""The application, for a server that speaks WSGI."""

import ctypes
import gc
import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from config import guard

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

# Under the GNU C library each thread has a heap of its own and keeps what it frees there: 5 MiB a worker.
_TRIM_THRESHOLD, _ARENA_MAX = -1, -8  # as malloc.h numbers them
if mallopt := getattr(ctypes.CDLL(None), "mallopt", None):
    mallopt(_ARENA_MAX, 1)
    mallopt(_TRIM_THRESHOLD, 64 * 1024)

application = get_wsgi_application()
guard.refuse_other_kind(settings.PRACTICE)

# A page makes many objects and hardly a ring: to look for rings every 700 objects is a tenth of its time.
gc.collect()
gc.freeze()
gc.set_threshold(10_000, 20, 20)
