"""The application, for a server that speaks WSGI."""

import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from config import guard

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
application = get_wsgi_application()
guard.refuse_other_kind(settings.PRACTICE)
