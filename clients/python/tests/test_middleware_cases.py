"""The cases that every middleware passes, with WSGI and with ASGI."""

import importlib.util
import unittest

from . import cases, hosts, http_cases


class WsgiRun(http_cases.HttpRun):
    host = hosts.WsgiHost


class AsgiRun(http_cases.HttpRun):
    host = hosts.AsgiHost


class WsgiCases(unittest.TestCase):
    """Behind Python's own server."""


@unittest.skipUnless(importlib.util.find_spec("uvicorn"), "uvicorn is not installed (Debian: python3-uvicorn)")
class AsgiCases(unittest.TestCase):
    """Behind Uvicorn."""


cases.add_to(WsgiCases, "http", hosts.WsgiHost.clients, WsgiRun)
cases.add_to(AsgiCases, "http", hosts.AsgiHost.clients, AsgiRun)
