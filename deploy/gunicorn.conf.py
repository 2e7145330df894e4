"""How gunicorn serves a real office: `gunicorn --config deploy/gunicorn.conf.py config.wsgi`."""

bind = "127.0.0.1:8000"  # the web server before it is the only one to ask
workers = 2
threads = 8
timeout = 120
graceful_timeout = 30
limit_request_line = 8190
control_socket_disable = True  # the system service controls it
logconfig_dict = {  # as the program's own lines; gunicorn's sentences quote addresses, so their values are left out
    "version": 1,
    "formatters": {"json": {"()": "config.logs.Json"}},
    "handlers": {"json": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"level": "WARNING", "handlers": ["json"]},
    "loggers": {
        "gunicorn.error": {"level": "INFO", "handlers": ["json"], "propagate": False},
        "gunicorn.access": {"level": "CRITICAL", "handlers": ["json"], "propagate": False},
    },
}
