"""The outgoing client against servers on loopback: nothing reaches them that should not, however it is asked for."""

from __future__ import annotations

import datetime
import ipaddress
import ssl
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from guanxi.kernel.errors import Invalid
from guanxi.platform.outgoing import addresses, client
from guanxi.platform.outgoing.client import send
from guanxi.platform.outgoing.recipients import Recipients
from guanxi.platform.outgoing.trusting import Unreachable
from tests.platform.outgoing.canary import Canary, canary
from tests.platform.outgoing.test_addresses import to

#: Loopback, in every way in which somebody has tried to write it. {port} is the canary's.
FORMS = [
    "http://127.0.0.1:{port}/", "http://127.0.0.2:{port}/", "http://127.255.255.254:{port}/", "http://127.1:{port}/",
    "http://127.0.1:{port}/", "http://0177.0.0.1:{port}/", "http://0177.0.0.01:{port}/", "http://00177.0.0.1:{port}/",
    "http://0177.0000.0000.0001:{port}/", "http://017700000001:{port}/", "http://0x7f.0.0.1:{port}/",
    "http://0x7f.0x0.0x0.0x1:{port}/", "http://0x7f000001:{port}/", "http://0X7F000001:{port}/", "http://2130706433:{port}/",
    "http://02130706433:{port}/", "http://4294967296:{port}/", "http://0.0.0.0:{port}/", "http://0:{port}/",
    "http://0x0:{port}/", "http://127.0.0.1.:{port}/", "http://127.0.0.1..:{port}/", "http://localhost:{port}/",
    "http://localhost.:{port}/", "http://LOCALHOST:{port}/", "http://LocalHost.:{port}/", "http://localhost.localdomain:{port}/",
    "http://foo.localhost:{port}/", "http://[::1]:{port}/", "http://[0:0:0:0:0:0:0:1]:{port}/", "http://[::]:{port}/",
    "http://[::127.0.0.1]:{port}/", "http://[::ffff:127.0.0.1]:{port}/", "http://[::ffff:7f00:1]:{port}/",
    "http://[0:0:0:0:0:ffff:127.0.0.1]:{port}/", "http://[::ffff:0:127.0.0.1]:{port}/", "http://[64:ff9b::127.0.0.1]:{port}/",
    "http://[64:ff9b::7f00:1]:{port}/", "http://[2002:7f00:1::]:{port}/", "http://[2002:7f00:0001::1]:{port}/",
    "http://[::1%25lo]:{port}/", "http://[fe80::1%25lo]:{port}/", "http://１２７.０.０.１:{port}/", "http://127。0。0。1:{port}/",
    "http://127．0．0．1:{port}/", "http://①②⑦.⓪.⓪.①:{port}/", "http://ｌｏｃａｌｈｏｓｔ:{port}/", "http://ⓛⓞⓒⓐⓛⓗⓞⓢⓣ:{port}/",
    "http://%31%32%37.0.0.1:{port}/", "http://127%2e0%2e0%2e1:{port}/", "http://public.example@127.0.0.1:{port}/",
    "http://public.example:80@127.0.0.1:{port}/", "http://public.example%40127.0.0.1:{port}/",
    "http://127.0.0.1:{port}@public.example/", "http://127.0.0.1:{port}\\@public.example/",
    "http://public.example\\@127.0.0.1:{port}/", "http://127.0.0.1:{port}#@public.example/",
    "http://127.0.0.1:{port}?@public.example/", "http://127.0.0.1:{port};public.example/", "http:127.0.0.1:{port}/",
    "http:/127.0.0.1:{port}/", "http:///127.0.0.1:{port}/", "http:\\\\127.0.0.1:{port}\\", "//127.0.0.1:{port}/",
    " http://127.0.0.1:{port}/", "http://\t127.0.0.1:{port}/", "http://127.0.0.1:{port}/\r\nX: y", "http://127.0.0.1\x00:{port}/",
    "https://127.0.0.1:{port}/", "ws://127.0.0.1:{port}/", "ftp://127.0.0.1:{port}/", "gopher://127.0.0.1:{port}/_GET",
    "dict://127.0.0.1:{port}/", "file:///etc/hostname", "file://127.0.0.1:{port}/", "data:text/plain,x", "unix:/tmp/x",
    "jar:http://127.0.0.1:{port}/!/", "url:http://127.0.0.1:{port}/",
    # names that lead there, see `names`
    "http://inside.example:{port}/", "http://mixed.example:{port}/", "http://mapped.example:{port}/", "http://six.example:{port}/",
    "http://127.0.0.1.nip.example:{port}/", "http://INSIDE.example.:{port}/", "http://user@inside.example:{port}/",
]  # fmt: skip

NAMES = {
    "inside.example": ["127.0.0.1"],
    "mixed.example": ["93.184.216.34", "127.0.0.1"],
    "mapped.example": ["::ffff:127.0.0.1"],
    "six.example": ["::1"],
    "127.0.0.1.nip.example": ["127.0.0.1"],
    "localhost": ["127.0.0.1"],
    "shop.example": ["127.0.0.1"],
}


@pytest.fixture(autouse=True)
def names(monkeypatch: pytest.MonkeyPatch) -> dict[str, list[str]]:
    """A resolver that knows only these names and asks no network."""
    known = dict(NAMES)

    def lookup(host: str, port: int) -> list[addresses.Address]:
        if host not in known:
            raise OSError("no such name")
        return [ipaddress.ip_address(address) for address in known[host]]

    monkeypatch.setattr(addresses, "lookup", lookup)
    return known


@pytest.fixture
def loopback() -> Iterator[Canary]:
    with canary() as told:
        yield told


def everybody(port: int, *networks: str) -> Recipients:
    """Every host on that port: what is left is the check of addresses alone."""
    return to(f"*:{port}", networks=networks)


def attempt(form: str, port: int, recipients: Recipients) -> str:
    try:
        send("POST", form.format(port=port), content=b"x", recipients=recipients, seconds=2)
    except (Invalid, Unreachable) as problem:
        return type(problem).__name__
    return "sent"


def test_no_form_of_loopback_is_reached(loopback: Canary) -> None:
    assert len(FORMS) >= 60
    told = {form: attempt(form, loopback.port, everybody(loopback.port)) for form in FORMS}
    assert {form: answer for form, answer in told.items() if answer != "Invalid"} == {}
    assert (loopback.connections, loopback.requests) == (0, [])


def test_with_the_check_switched_off_the_canary_sings(loopback: Canary) -> None:
    """Else the test above would prove nothing."""
    recipients = everybody(loopback.port, "0.0.0.0/0", "::/0")
    sent = [form for form in FORMS if attempt(form, loopback.port, recipients) == "sent"]
    assert "http://127.0.0.1:{port}/" in sent and "http://inside.example:{port}/" in sent
    assert len(loopback.requests) == len(sent) >= 10


def test_a_name_that_changes_its_meaning_gains_nothing(
    loopback: Canary, names: dict[str, list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rebinding: the first answer is public, every later one is loopback. It is asked once, and only that is used."""
    asked: list[str] = []
    connected: list[str] = []

    def lookup(host: str, port: int) -> list[addresses.Address]:
        asked.append(host)
        return [ipaddress.ip_address("93.184.216.34" if len(asked) == 1 else "127.0.0.1")]

    def connect(self: Any, host: str, port: int, timeout: float | None = None, **ignored: Any) -> Any:
        connected.append(host)
        raise client.httpcore.ConnectError("not in a test")

    monkeypatch.setattr(addresses, "lookup", lookup)
    monkeypatch.setattr(client.httpcore.SyncBackend, "connect_tcp", connect)
    with pytest.raises(Unreachable):
        send("POST", f"http://rebind.example:{loopback.port}/", recipients=everybody(loopback.port))
    assert (asked, connected) == (["rebind.example"], ["93.184.216.34"])
    assert loopback.connections == 0


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_an_answer_and_is_not_followed(loopback: Canary, status: int) -> None:
    with canary() as other:
        other.answer = (status, {"Location": f"http://127.0.0.1:{loopback.port}/"}, b"")
        answer = send(
            "POST", f"http://shop.example:{other.port}/", recipients=everybody(other.port, "127.0.0.0/8"), content=b"x"
        )
        assert (answer.status, answer.is_good, len(other.requests)) == (status, False, 1)
    assert loopback.connections == 0


def test_a_host_that_is_not_registered_is_not_even_looked_up(loopback: Canary, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(addresses, "lookup", lambda host, port: pytest.fail("looked up"))
    with pytest.raises(Invalid):
        send("POST", f"http://shop.example:{loopback.port}/", recipients=to("other.example"))
    with pytest.raises(Invalid):
        send("POST", f"http://shop.example:{loopback.port}/")
    assert loopback.connections == 0


def test_no_proxy_and_no_password_is_taken_from_the_environment(
    loopback: Canary, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / ".netrc").write_text("machine shop.example login a password b\n")
    monkeypatch.setenv("HOME", str(tmp_path))
    with canary() as proxy:
        for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")
        recipients = everybody(loopback.port, "127.0.0.0/8")
        answer = send("POST", f"http://shop.example:{loopback.port}/in?a=b", content=b"{}", recipients=recipients)
        assert proxy.connections == 0
    assert (answer.status, answer.body) == (200, b"ok")
    ((method, path, headers, body),) = loopback.requests
    assert (method, path, body, headers["Host"]) == ("POST", "/in?a=b", b"{}", f"shop.example:{loopback.port}")
    assert "Authorization" not in headers and "Cookie" not in headers


def test_a_long_answer_is_not_read_to_its_end(loopback: Canary) -> None:
    loopback.answer = (200, {}, b"x" * (client.MAX_ANSWER_BYTES + 1))
    with pytest.raises(Unreachable, match="longer"):
        send("GET", f"http://shop.example:{loopback.port}/", recipients=everybody(loopback.port, "127.0.0.0/8"))
    loopback.answer = (200, {}, b"x" * client.MAX_ANSWER_BYTES)
    answer = send("GET", f"http://shop.example:{loopback.port}/", recipients=everybody(loopback.port, "127.0.0.0/8"))
    assert len(answer.body) == client.MAX_ANSWER_BYTES


def _silent(connection: Any) -> None:
    connection.recv(65536)
    time.sleep(3)


def _drip_headers(connection: Any) -> None:
    connection.recv(65536)
    connection.sendall(b"HTTP/1.1 200 OK\r\n")
    for number in range(60):
        connection.sendall(f"X-{number}: 1\r\n".encode())
        time.sleep(0.05)


def _drip_body(connection: Any) -> None:
    connection.recv(65536)
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
    for _number in range(60):
        connection.sendall(b"x")
        time.sleep(0.05)


def _nonsense(connection: Any) -> None:
    connection.recv(65536)
    connection.sendall(b"this is not HTTP\r\n\r\n")


@pytest.mark.parametrize("instead", [_silent, _drip_headers, _drip_body, _nonsense])
def test_a_server_that_does_not_come_to_the_point_is_left(loopback: Canary, instead: Any) -> None:
    loopback.instead = instead
    begun = time.monotonic()
    recipients = everybody(loopback.port, "127.0.0.0/8")
    with pytest.raises(Unreachable):
        send("POST", f"http://shop.example:{loopback.port}/", content=b"x", recipients=recipients, seconds=0.6)
    assert time.monotonic() - begun < 1.5


def test_a_resolver_that_hangs_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(addresses, "lookup", lambda host, port: time.sleep(2))
    begun = time.monotonic()
    with pytest.raises(Unreachable, match="in time"):
        send("POST", "http://slow.example/", recipients=to("*"), seconds=0.2)
    assert time.monotonic() - begun < 1


def test_the_next_address_is_tried_when_one_does_not_answer(loopback: Canary, names: dict[str, list[str]]) -> None:
    names["two.example"] = ["::1", "127.0.0.1"]
    recipients = everybody(loopback.port, "127.0.0.0/8", "::1/128")
    assert send("POST", f"http://two.example:{loopback.port}/", recipients=recipients).is_good


# ---- TLS ------------------------------------------------------------------------------------------------------------


def _certificate(folder: Path, host: str) -> Path:
    """A certificate for that host, signed by itself, with its key in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
    day = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(day - datetime.timedelta(days=3650))
        .not_valid_after(day + datetime.timedelta(days=36500))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = folder / f"{host}.pem"
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(secret + made.public_bytes(serialization.Encoding.PEM))
    return path


def test_tls_proves_the_name_although_the_connection_goes_to_an_address(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, names: dict[str, list[str]]
) -> None:
    file = _certificate(tmp_path, "shop.example")
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(file)
    names["other.example"] = ["127.0.0.1"]
    with canary(tls=server) as told:
        recipients = everybody(told.port, "127.0.0.0/8")
        with pytest.raises(Unreachable, match=r"(?i)certificate"):
            send("POST", f"https://shop.example:{told.port}/", recipients=recipients)  # nobody vouches for it
        monkeypatch.setattr(client, "trust", lambda: ssl.create_default_context(cafile=str(file)))
        assert send("POST", f"https://shop.example:{told.port}/", recipients=recipients).is_good
        with pytest.raises(Unreachable, match=r"(?i)certificate"):
            send("POST", f"https://other.example:{told.port}/", recipients=recipients)  # vouched for another name
        assert len(told.requests) == 1
