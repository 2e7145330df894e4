"""The application, for a server that speaks WSGI."""

import gc
import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from config import guard

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
application = get_wsgi_application()
guard.refuse_other_kind(settings.PRACTICE)

# A page makes many objects and hardly a ring: to look for rings every 700 objects is a tenth of its time.
gc.collect()
gc.freeze()
gc.set_threshold(10_000, 20, 20)
