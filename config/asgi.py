"""The application, for a server that speaks ASGI."""

import os

from django.conf import settings
from django.core.asgi import get_asgi_application

from config import guard

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
application = get_asgi_application()
guard.refuse_other_kind(settings.PRACTICE)
