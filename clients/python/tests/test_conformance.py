"""The cases that every client passes, with the client for threads and with that for asyncio."""

import unittest

from . import cases, clients


class ThreadsAgainstServer(unittest.TestCase):
    """Against a real server."""


class AsyncioAgainstServer(unittest.TestCase):
    """Against a real server."""


class ThreadsAgainstScripts(unittest.TestCase):
    """Against services that answer as the case says."""


class AsyncioAgainstScripts(unittest.TestCase):
    """Against services that answer as the case says."""


cases.add_to(ThreadsAgainstServer, "server", clients.Threads)
cases.add_to(AsyncioAgainstServer, "server", clients.Asyncio)
cases.add_to(ThreadsAgainstScripts, "client", clients.Threads)
cases.add_to(AsyncioAgainstScripts, "client", clients.Asyncio)

if __name__ == "__main__":
    unittest.main()
