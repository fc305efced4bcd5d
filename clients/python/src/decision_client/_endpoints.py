"""Addresses of the service, each with its connection: whom to ask next, who is left alone, what is told about it.

Both clients use this; it knows channels only as things that are opened and closed.
"""

import itertools
import logging
import os
import threading
from typing import Any, Callable, List, Optional, Sequence, Set, Tuple

import grpc

from ._addresses import Address
from ._failures import CallFailure
from ._generated.decision.v1.authorize_pb2_grpc import AuthorizeServiceStub
from ._options import Options, Tls
from .verdict import FailureKind

log = logging.getLogger("decision_client")

PROBE_INTERVAL = 1.0
HEALTH_CHECK = "/grpc.health.v1.Health/Check"

_REPORT_PAUSE = 10.0
_FILES_INTERVAL = 10.0
_MAXIMUM_ANSWER_BYTES = 32 * 1024 * 1024

# Channels of the process before a fork: neither used nor closed nor collected here, for they are that process's.
_left_behind: List[Any] = []


def channel_options(tls: Tls) -> List[Tuple[str, Any]]:
    options: List[Tuple[str, Any]] = [
        # No name server may add a retry policy: a request that was sent may have been spent. What gRPC repeats by itself (A6, "transparent
        # retries") is only what the service certainly did not process: not written yet, or refused unread.
        ("grpc.service_config_disable_resolution", 1),
        # Each connection is one of our own, so that a new one is tried at once and does not wait out another's pause.
        ("grpc.use_local_subchannel_pool", 1),
        # Whoever keeps a channel over an outage need not wait long once it is over.
        ("grpc.initial_reconnect_backoff_ms", 100),
        ("grpc.max_reconnect_backoff_ms", 1_000),
        # A proxy of the environment is for the internet, not for the service beside us.
        ("grpc.enable_http_proxy", 0),
        # A replica that went away without a word is noticed.
        ("grpc.keepalive_time_ms", 10_000),
        ("grpc.keepalive_timeout_ms", 5_000),
        ("grpc.keepalive_permit_without_calls", 1),
        ("grpc.http2.max_pings_without_data", 0),
        ("grpc.max_receive_message_length", _MAXIMUM_ANSWER_BYTES),
        ("grpc.max_send_message_length", -1),
    ]
    if tls.server_name is not None:
        options += [("grpc.ssl_target_name_override", tls.server_name), ("grpc.default_authority", tls.server_name)]
    return options


def credentials(tls: Tls) -> grpc.ChannelCredentials:
    """Read anew for each connection. Raises OSError where a file is gone."""
    return grpc.ssl_channel_credentials(_read(tls.ca_file), _read(tls.key_file), _read(tls.certificate_file))


class CannotConnect(Exception):
    """What is needed for a connection is not there; nothing was sent."""


class Connection:
    """One channel, closed when it was given up and its last call has ended."""

    def __init__(self, channel: Any) -> None:
        stub = AuthorizeServiceStub(channel)
        self.channel = channel
        self.authorize = stub.Authorize
        self.authorize_batch = stub.AuthorizeBatch
        self.authorize_stream = stub.AuthorizeStream
        # The standard health check without its messages: whatever comes back shows that somebody answers.
        self.health = channel.unary_unary(HEALTH_CHECK, _same, _same)
        self.calls = 0
        self.is_given_up = False


class Endpoint:
    """One address. Safe to use from any number of threads."""

    def __init__(self, address: Address, options: Options, open_channel: Callable[[Address, Tls], Any], close_channel: Callable[[Any], None]) -> None:
        self.address = address
        self.is_paused = False
        self._tls = options.tls
        self._clock = options.clock
        self._open = open_channel
        self._close = close_channel
        self._lock = threading.Lock()
        self._process = os.getpid()
        self._connection: Optional[Connection] = None
        self._is_looked_after = False
        self._looked_at = 0.0
        self._files: Any = None
        self._files_seen_at = 0.0
        self._is_told = False
        self._told_at: Optional[float] = None

    def take(self) -> Connection:
        """The connection, for one call; a new one where there is none. Give it back."""
        if self._process != os.getpid():
            self._start_over()
        with self._lock:
            self._renew_files()
            if self._connection is None:
                try:
                    self._connection = Connection(self._open(self.address, self._tls))
                except OSError as error:
                    raise CannotConnect(f"{error.strerror}: {error.filename}") from error
            self._connection.calls += 1
            return self._connection

    def give_back(self, connection: Connection) -> None:
        with self._lock:
            connection.calls -= 1
            self._close_if_unused(connection)

    def answered(self) -> None:
        self.is_paused = False
        if self._is_told:
            self._is_told = False
            log.info("The Decision service at %s answers again.", self.address.text)

    def failed(self, failure: CallFailure, connection: Optional[Connection], has_others: bool) -> None:
        """Tells of it, tries a new connection next time where there was none, and leaves the address alone while there are others."""
        now = self._clock()
        with self._lock:
            if failure.certainly_unsent and connection is not None:
                # gRPC pauses before it connects again; the service may be back by then.
                self._give_up(connection)
            tell = not self._is_told and (self._told_at is None or now - self._told_at >= _REPORT_PAUSE)
            if tell:
                self._is_told, self._told_at = True, now
            if has_others and failure.kind is not FailureKind.ERROR and not self.is_paused:
                self.is_paused, self._looked_at = True, now
        if tell:
            log.warning("The Decision service at %s gives no verdict: %s", self.address.text, failure.detail)

    def wants_look(self) -> bool:
        """Whether it is time to see if a paused address is back; whoever gets a yes looks, and says ``looked``."""
        if not self.is_paused or self._is_looked_after:
            return False
        with self._lock:
            if self._is_looked_after or self._clock() - self._looked_at < PROBE_INTERVAL:
                return False
            self._is_looked_after = True
            return True

    def looked(self, is_there: bool, connection: Optional[Connection]) -> None:
        with self._lock:
            self._is_looked_after = False
            self._looked_at = self._clock()
            if not is_there and connection is not None:
                self._give_up(connection)
        if is_there:
            self.answered()

    def close(self) -> List[Any]:
        """Gives the channel up, with the calls that are on it; answers what is to be closed."""
        with self._lock:
            connection, self._connection = self._connection, None
            if connection is None or self._process != os.getpid():
                return []
            connection.is_given_up = False
            return [connection.channel]

    def _give_up(self, connection: Connection) -> None:
        if self._connection is connection:
            self._connection = None
            connection.is_given_up = True
            self._close_if_unused(connection)

    def _close_if_unused(self, connection: Connection) -> None:
        if connection.is_given_up and connection.calls == 0:
            connection.is_given_up = False
            self._close(connection.channel)

    def _renew_files(self) -> None:
        if not self.address.tls or not self._tls.files:
            return
        now = self._clock()
        if self._files is not None and now - self._files_seen_at < _FILES_INTERVAL:
            return
        self._files_seen_at = now
        try:
            stats = [os.stat(file) for file in self._tls.files]
        except OSError:
            return  # The connection that is there goes on.
        files = [(stat.st_mtime_ns, stat.st_size, stat.st_ino) for stat in stats]
        if self._files not in (None, files) and self._connection is not None:
            self._give_up(self._connection)
        self._files = files

    def _start_over(self) -> None:
        _left_behind.append(self._connection)
        self._lock = threading.Lock()
        self._connection = None
        self._is_looked_after = False
        self._process = os.getpid()


class Rotation:
    """Each address in turn, those that do not answer only where no other is left."""

    def __init__(self, endpoints: Sequence[Endpoint]) -> None:
        self.endpoints = tuple(endpoints)
        self._turns = itertools.count()

    @property
    def has_several(self) -> bool:
        return len(self.endpoints) > 1

    def next(self, tried: Set[Endpoint]) -> Optional[Endpoint]:
        """The next address; None = all were tried. It is added to those."""
        start, count = next(self._turns), len(self.endpoints)
        for is_paused in (False, True):
            for offset in range(count):
                endpoint = self.endpoints[(start + offset) % count]
                if endpoint not in tried and endpoint.is_paused == is_paused:
                    tried.add(endpoint)
                    return endpoint
        return None


def _same(message: bytes) -> bytes:
    return message


def _read(file: Optional[str]) -> Optional[bytes]:
    if file is None:
        return None
    with open(file, "rb") as stream:
        return stream.read()
