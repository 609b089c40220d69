"""Addresses: what is understood, and that what is not is refused by name."""

from __future__ import annotations

import pytest

from hardware.address import CONTRACT, BadAddress, parse


@pytest.mark.parametrize(
    ("text", "protocol", "url", "options"),
    [
        ("escpos+/dev/ttyUSB0?baud=9600&parity=e", "escpos", "/dev/ttyUSB0", {"baud": "9600", "parity": "e"}),
        ("escpos+socket://10.0.0.7:9100?profile=tm_t88v", "escpos", "socket://10.0.0.7:9100", {"profile": "tm_t88v"}),
        ("bxk+udp://10.0.0.8:5007?addr=0xFFFE", "bxk", "udp://10.0.0.8:5007", {"addr": "0xFFFE"}),
        ("png+file:///tmp/led?width=192&height=32", "png", "file:///tmp/led", {"width": "192", "height": "32"}),
        ("neutral+COM3?addr=3", "neutral", "COM3", {"addr": "3"}),
        ("neutral+rfc2217://host:2217?baud=57600", "neutral", "rfc2217://host:2217", {"baud": "57600"}),
        ("escpos+sim://", "escpos", "sim://", {}),
    ],
)
def test_an_address_is_taken_apart_and_put_together_again(text, protocol, url, options) -> None:
    address = parse(text)
    assert (address.protocol, address.url, dict(address.options)) == (protocol, url, options)
    assert str(address) == text


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("socket://10.0.0.7:9100", "PROTOCOL+TRANSPORT"),
        ("frobnicate+/dev/ttyUSB0", "PROTOCOL+TRANSPORT"),
        ("escpos+", "where it is"),
        ("escpos+/dev/ttyUSB0?bauds=9600", "'bauds'"),
        ("neutral+/dev/ttyUSB0?profile=x", "'profile'"),
        ("escpos+/dev/ttyUSB0?baud=fast", "baud=fast"),
        ("escpos+/dev/ttyUSB0?baud=1", "between 300"),
        ("escpos+/dev/ttyUSB0?parity=x", "n, e or o"),
        ("escpos+socket://host", "HOST:PORT"),
        ("escpos+socket://host:70000", "HOST:PORT"),
        ("escpos+gopher://host:70", "gopher://"),
        ("png+socket://host:70", "png+file://"),
        ("escpos+/dev/ttyUSB0?baud", "no value"),
    ],
)
def test_a_wrong_address_is_refused_and_says_what_is_wrong(text: str, says: str) -> None:
    with pytest.raises(BadAddress, match=says.replace("+", r"\+")):
        parse(text)


@pytest.mark.parametrize("protocol", sorted(set(CONTRACT) - {"png"}))
def test_every_protocol_of_the_contract_is_taken(protocol: str) -> None:
    assert parse(f"{protocol}+/dev/ttyUSB0?baud=9600").protocol == protocol
    with pytest.raises(BadAddress, match=r"unknown option 'anything'"):
        parse(f"{protocol}+/dev/ttyUSB0?anything=1")


def test_numbers_may_be_hexadecimal() -> None:
    assert parse("bxk+socket://h:5005?addr=0xFFFE").number("addr", 1) == 0xFFFE
    assert parse("bxk+socket://h:5005").number("addr", 1) == 1
    assert parse("bxk+socket://[::1]:5005").endpoint == ("::1", 5005)
