"""Real servers for mail: aiosmtpd takes what is sent, Dovecot keeps what is fetched; one of each for a whole run."""

from __future__ import annotations

import email
import imaplib
import ipaddress
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.message import Message as Mime
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword
from django.utils.translation import override

from guanxi.platform.calendar import clock_at
from guanxi.platform.jobs.models import Job
from guanxi.platform.jobs.outbox import deliver_due
from guanxi.platform.jobs.running import run as run_job
from guanxi.platform.outgoing import addresses
from guanxi.records.actions import run
from guanxi.records.standard import create
from guanxi.rooms.mail.actions import FETCH_NOW, SET_PASSWORD, SWITCH_ON
from guanxi.rooms.mail.models import Letter, Mailbox
from tests.people import NOW, World
from tools.dovecot import PASSWORD, imap_server, program

LETTER, MAILBOX, TEMPLATE = "mail.letter", "mail.mailbox", "mail.template"
MATERIAL, HANDOUT = "mail.material", "mail.handout"
CUSTOMER, CONTACT = "customers.customer", "customers.contact"
SMTP, IMAP = "smtp.example.cn", "imap.example.cn"


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with override("en"):
        yield


@dataclass
class Post:
    """What an SMTP server was given: sender, recipients and the mail itself; `answer` is what it says to the next."""

    port: int = 0
    taken: list[tuple[str, list[str], Mime]] = field(default_factory=list)
    answer: str = ""

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        if self.answer:
            return self.answer
        self.taken.append((envelope.mail_from, list(envelope.rcpt_tos), email.message_from_bytes(envelope.content)))
        return "250 taken"


def _lets_in(server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
    is_known = isinstance(data, LoginPassword) and data.password == PASSWORD.encode()
    return AuthResult(success=is_known, handled=False)


@pytest.fixture(scope="session")
def _smtp_server() -> Iterator[Post]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    post = Post(port)
    controller = Controller(post, "127.0.0.1", port, authenticator=_lets_in, auth_require_tls=False)
    controller.start()
    yield post
    controller.stop()


@pytest.fixture
def post(_smtp_server: Post, open_network: Any) -> Post:
    """The outgoing server, which the operator has registered."""
    _smtp_server.taken.clear()
    _smtp_server.answer = ""
    open_network(SMTP, _smtp_server.port)
    return _smtp_server


@pytest.fixture
def open_network(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Lets the test register a server, which stands on loopback: a network of the company."""
    monkeypatch.setattr(addresses, "lookup", lambda host, port: [ipaddress.ip_address("127.0.0.1")])
    settings.OUTGOING, settings.OUTGOING_NETWORKS = [], ["127.0.0.0/8"]

    def register(host: str, port: int) -> None:
        settings.OUTGOING = [*settings.OUTGOING, f"{host}:{port}"]

    return register


@pytest.fixture(scope="session")
def _imap_port() -> Iterator[int]:
    if program() is None:
        pytest.skip("Dovecot is not on this machine: tools/ensure_dovecot.sh installs it")
    with imap_server() as port:
        yield port


@dataclass
class Inbox:
    """The inbox of one user of the IMAP server."""

    port: int
    user: str = "liwei"

    @contextmanager
    def opened(self) -> Iterator[imaplib.IMAP4]:
        client = imaplib.IMAP4("127.0.0.1", self.port)
        client.login(self.user, PASSWORD)
        yield client
        client.logout()

    def put(self, *mails: bytes, day: datetime = NOW) -> None:
        """Mails come in."""
        with self.opened() as client:
            for mail in mails:
                client.append("INBOX", "", imaplib.Time2Internaldate(day), mail)


@pytest.fixture
def inbox(_imap_port: int, open_network: Any, request: pytest.FixtureRequest) -> Inbox:
    """An empty inbox of the test's own, on a server that the operator has registered."""
    open_network(IMAP, _imap_port)
    return Inbox(_imap_port, f"u{abs(hash(request.node.nodeid))}")


@pytest.fixture
def customer(world: World) -> Any:
    """李伟's customer."""
    return create(world.ctx("li_wei"), CUSTOMER, confirmed=True, name="重庆渝中糖酒有限公司")


@pytest.fixture
def contact(world: World, customer: Any) -> Any:
    """Whom 李伟 writes to there."""
    return create(
        world.ctx("li_wei"), CONTACT, confirmed=True, customer=customer, name="周婷", gender="female",
        email="zhou@yuzhong.example.cn",
    )  # fmt: skip


def mailbox(world: World, owner: str = "li_wei", **values: Any) -> Mailbox:
    """A connected mailbox of somebody, with its password."""
    password = values.pop("password", PASSWORD)
    box = create(
        world.ctx(owner), MAILBOX, confirmed=True,
        **{"name": "李伟", "address": "liwei@chuanxing.example.cn", "username": "liwei", "smtp_security": "plain",
           "imap_security": "plain", **values},
    )  # fmt: skip
    run(SET_PASSWORD, world.ctx(owner), MAILBOX, box, {"password": password})
    run(SWITCH_ON, world.ctx(owner), MAILBOX, box.pk)
    return Mailbox.objects.get(pk=box.pk)


def with_smtp(world: World, post: Post, **values: Any) -> Mailbox:
    return mailbox(world, smtp_host=SMTP, smtp_port=post.port, **values)


def with_imap(world: World, inbox: Inbox, **values: Any) -> Mailbox:
    given = {"imap_host": IMAP, "imap_port": inbox.port, "username": inbox.user, "since": "2026-11-01", **values}
    return mailbox(world, **given)


def draft(world: World, owner: str = "li_wei", **values: Any) -> Letter:
    """A mail that was written and kept."""
    made: Letter = create(
        world.ctx(owner),
        LETTER,
        confirmed=True,
        **{"subject": "关于春节礼盒", "body": "周女士：\n\n附上报价。", **values},
    )
    return made


def worker(after: timedelta = timedelta()) -> int:
    """What the worker sends so long after the beginning of the test."""
    with clock_at(NOW + after):
        return deliver_due(NOW + after)


def fetch(world: World, box: Mailbox, owner: str = "li_wei") -> Mailbox:
    """Have a mailbox fetched, as its owner asks for it and the worker does it."""
    run(FETCH_NOW, world.ctx(owner), MAILBOX, box.pk)
    work()
    return Mailbox.objects.get(pk=box.pk)


def work() -> None:
    """The worker does what is queued."""
    for job in Job.objects.filter(state=Job.State.QUEUED):
        run_job(job.pk)
