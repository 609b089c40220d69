"""Ports: every way a port can be lost comes out as one exception with a fault word."""

from __future__ import annotations

import os
import socket

import pytest

from hardware.address import parse
from hardware.port import PortGone, fault_word, open_port


def test_a_socket_carries_bytes_both_ways_and_tells_when_it_is_closed() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = open_port(parse(f"escpos+socket://127.0.0.1:{server.getsockname()[1]}"))
        other, _ = server.accept()
        port.write(b"abc")
        assert other.recv(10) == b"abc"
        assert port.read(0.01) == b""
        other.sendall(b"xyz")
        assert port.read(2.0) == b"xyz"
        other.close()
        with pytest.raises(PortGone) as gone:
            port.read(2.0)
        assert gone.value.code == "gone"
        port.close()


def test_nobody_listening_is_gone() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        number = taken.getsockname()[1]
        with pytest.raises(PortGone) as gone:
            open_port(parse(f"escpos+socket://127.0.0.1:{number}"))
    assert gone.value.code == "gone"


def test_datagrams_travel_whole() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
        other.bind(("127.0.0.1", 0))
        port = open_port(parse(f"bxk+udp://127.0.0.1:{other.getsockname()[1]}"))
        port.write(b"abc")
        data, peer = other.recvfrom(100)
        assert data == b"abc"
        other.sendto(b"xyz", peer)
        assert port.read(2.0) == b"xyz"
        port.close()


def test_loop_needs_no_query_and_reads_back() -> None:
    port = open_port(parse("escpos+loop://?baud=9600"))
    port.write(b"hello")
    assert port.read(1.0) == b"hello"
    assert port.read(0.0) == b""
    port.close()


def test_a_file_is_appended_to(tmp_path) -> None:
    target = tmp_path / "out.bin"
    port = open_port(parse(f"escpos+file://{target}"))
    port.write(b"one")
    assert port.read(0.0) == b""
    port.write(b"two")
    port.close()
    assert target.read_bytes() == b"onetwo"
    with pytest.raises(PortGone):
        open_port(parse(f"escpos+file://{tmp_path}/no/such/folder/x"))


@pytest.mark.skipif(os.name != "posix", reason="pseudo-terminals")
def test_a_pulled_serial_cable_is_gone_whatever_pyserial_raises() -> None:
    import tty

    master, slave = os.openpty()
    tty.setraw(slave)
    port = open_port(parse(f"escpos+{os.ttyname(slave)}?baud=9600"))
    os.write(master, b"abc")
    assert port.read(2.0) == b"abc"
    os.close(slave)
    os.close(master)
    for use in (lambda: port.read(0.01), lambda: port.write(b"x")):
        with pytest.raises(PortGone) as gone:
            use()
        assert gone.value.code == "gone"
    port.close()


def test_a_missing_device_is_gone_and_a_forbidden_one_says_so() -> None:
    with pytest.raises(PortGone) as gone:
        open_port(parse("escpos+/dev/no-such-tty"))
    assert gone.value.code == "gone"
    assert fault_word(PermissionError(13, "Permission denied")) == "no_permission"
    assert fault_word(OSError(16, "Device or resource busy")) == "busy_port"
    assert fault_word(OSError(5, "Input/output error")) == "gone"
