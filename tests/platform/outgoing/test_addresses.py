"""How addresses are read, and which of them lead to the public internet."""

from __future__ import annotations

import os
from ipaddress import ip_address, ip_network

import pytest
from django.test import override_settings

from guanxi.config import settings as shipped
from guanxi.kernel.errors import Invalid
from guanxi.platform.outgoing.addresses import is_open, is_public, require_registered, target_of
from guanxi.platform.outgoing.recipients import Recipients, check_settings, recipients_in, registered


def to(*entries: str, networks: tuple[str, ...] = ()) -> Recipients:
    return Recipients(tuple(recipients_in(entries)), tuple(ip_network(text) for text in networks))


@pytest.mark.parametrize(
    ("url", "read"),
    [
        ("https://hooks.example.com", ("https", "hooks.example.com", 443, "/")),
        ("HTTP://Hooks.Example.COM.:8080/a/b?c=d&e", ("http", "hooks.example.com", 8080, "/a/b?c=d&e")),
        ("https://例子.公司/", ("https", "xn--fsqu00a.xn--55qx5d", 443, "/")),
        ("https://example.com?x=1", ("https", "example.com", 443, "/?x=1")),
        ("https://93.184.216.34/", ("https", "93.184.216.34", 443, "/")),
        (
            "https://[2606:2800:220:1:248:1893:25C8:1946]:8443/",
            ("https", "2606:2800:220:1:248:1893:25c8:1946", 8443, "/"),
        ),
        ("http://１２７.０.０.１/", ("http", "127.0.0.1", 80, "/")),
    ],
)
def test_an_address_is_read_in_one_way(url: str, read: tuple[str, str, int, str]) -> None:
    target = target_of(url)
    assert (target.scheme, target.host, target.port, target.path) == read


@pytest.mark.parametrize(
    "url",
    [
        "", "example.com", "//example.com", "https://", "https:///path", "https:example.com", "https:/example.com",
        "ftp://example.com", "file:///etc/passwd", "gopher://example.com:70/", "data:text/plain,x",
        "javascript:alert(1)", "https://user@example.com/", "https://user:pw@example.com/", "https://example.com\\@127.0.0.1/",
        "https://example.com/#fragment@x y", "https://exa mple.com/", "https://example.com/\r\nHost: x",
        "https://a\x00b/",
        "https://example.com:0/", "https://example.com:65536/", "https://example.com:-1/", "https://example.com:port/",
        "https://127.1/", "https://0177.0.0.1/", "https://0x7f.0.0.1/", "https://0x7f000001/", "https://2130706433/",
        "https://127.0.0.1.0x10/", "https://0/", "https://[::1/", "https://[::1%25lo]/", "https://[fe80::1%lo]/",
        "https://%31%32%37.0.0.1/", "https://-a.example/", "https://a..example/", "https://" + "a" * 64 + ".com/",
        "https://example.com/" + "x" * 500,
    ],
)  # fmt: skip
def test_what_two_programs_could_read_differently_is_refused(url: str) -> None:
    with pytest.raises(Invalid):
        target_of(url)


OPEN = ["8.8.8.8", "223.5.5.5", "1.1.1.1", "2400:3200::1", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808"]
CLOSED = [
    "0.0.0.0", "0.1.2.3", "10.0.0.1", "100.64.0.1", "100.100.100.200", "127.0.0.1", "127.255.255.254",
    "169.254.169.254", "169.254.0.23", "172.16.0.1", "172.31.255.255", "192.0.0.192", "192.0.2.1",
    "192.88.99.1", "192.168.1.1", "198.18.0.1", "198.51.100.1", "203.0.113.1", "224.0.0.1", "239.255.255.250",
    "240.0.0.1", "255.255.255.255", "168.63.129.16", "::", "::1", "::127.0.0.1", "::ffff:127.0.0.1",
    "::ffff:10.0.0.1", "::ffff:169.254.169.254", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::7f00:1",
    "100::1", "2001::1", "2001:0:7f00:1::1", "2001:db8::1", "2002:7f00:1::1", "2002:a00:1::1",
    "2002:a9fe:a9fe::", "3fff::1", "5f00::1", "fc00::1", "fd00:ec2::254", "fe80::1", "fe80::1%1", "fec0::1",
    "ff02::1", "2606:4700::5efe:7f00:1", "2606:4700::200:5efe:7f00:1",
]  # fmt: skip


@pytest.mark.parametrize("address", OPEN)
def test_public_addresses_are_open(address: str) -> None:
    assert is_public(ip_address(address)) and is_open(ip_address(address), to("*"))


@pytest.mark.parametrize("address", CLOSED)
def test_everything_else_is_closed(address: str) -> None:
    assert not is_public(ip_address(address)) and not is_open(ip_address(address), to("*"))


def test_a_network_of_the_company_opens_just_itself() -> None:
    recipients = to("*", networks=("10.20.0.0/16",))
    assert is_open(ip_address("10.20.3.4"), recipients) and is_open(ip_address("::ffff:10.20.3.4"), recipients)
    for closed in ("10.21.0.1", "127.0.0.1", "::1", "169.254.169.254"):
        assert not is_open(ip_address(closed), recipients)


@pytest.mark.parametrize(
    ("entries", "url", "reached"),
    [
        ((), "https://hooks.example.com/", False),
        (("hooks.example.com",), "https://hooks.example.com/", True),
        (("hooks.example.com",), "https://HOOKS.example.com./x", True),
        (("hooks.example.com",), "https://example.com/", False),
        (("hooks.example.com",), "https://a.hooks.example.com/", False),
        (("hooks.example.com",), "https://hooks.example.com:8443/", False),
        (("hooks.example.com:8443",), "https://hooks.example.com:8443/", True),
        (("hooks.example.com:8443",), "https://hooks.example.com/", False),
        (("*.example.cn",), "https://a.example.cn/", True),
        (("*.example.cn",), "https://example.cn/", False),
        (("*.example.cn",), "https://badexample.cn/", False),
        (("*",), "http://anything.example/", True),
        (("*",), "http://anything.example:25/", False),
        (("*",), "http://localhost/", False),
        (("*",), "http://LOCALHOST./", False),
        (("*",), "http://metadata.google.internal/", False),
        (("*",), "http://printer.local/", False),
        (("*",), "http://192.168.1.1/", False),
        (("*",), "http://[::ffff:7f00:1]/", False),
        (("192.168.1.1",), "http://192.168.1.1/", False),
    ],
)
def test_only_registered_public_hosts_are_spoken_to(entries: tuple[str, ...], url: str, reached: bool) -> None:
    recipients = to(*entries)
    if reached:
        require_registered(target_of(url), recipients)
    else:
        with pytest.raises(Invalid):
            require_registered(target_of(url), recipients)


def test_without_a_setting_nothing_leaves() -> None:
    assert "GUANXI_OUTGOING" in os.environ or shipped.OUTGOING == shipped.OUTGOING_NETWORKS == []
    with override_settings(OUTGOING=[], OUTGOING_NETWORKS=[]):
        assert registered() == Recipients()


@pytest.mark.parametrize("entry", ["https://a.example", "a b", "a.example:port", "*.", "a.example/path", "-"])
def test_a_misspelt_recipient_stops_the_start(entry: str) -> None:
    with override_settings(OUTGOING=[entry]):
        assert [problem.id for problem in check_settings(None)] == ["guanxi.E010"]
    with override_settings(OUTGOING=["a.example:8443", "*.b.example"], OUTGOING_NETWORKS=["10.0.0.0/8"]):
        assert check_settings(None) == []
    with override_settings(OUTGOING_NETWORKS=["10.0.0.0/x"]):
        assert check_settings(None) != []
