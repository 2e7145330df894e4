#!/usr/bin/env python
"""Commands of the office: `manage.py help` lists them."""

import os
import sys

from django.core.management import execute_from_command_line

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    os.environ.setdefault("STATEMENT_SECONDS", "300")  # a command may take longer than a page
    execute_from_command_line(sys.argv)
