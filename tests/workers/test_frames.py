import io
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.workers.frames import HEADER_MAXIMUM, PAYLOAD_MAXIMUM, FrameError, read_frame, write_frame


@given(st.dictionaries(st.text().filter(lambda key: key != "payload"), st.integers() | st.text()), st.binary())
def test_frames_arrive_as_they_were_sent(header, payload):
    stream = io.BytesIO()
    write_frame(stream, header, payload)
    write_frame(stream, {"last": True})
    stream.seek(0)
    received = read_frame(stream)
    assert received is not None and received[1] == payload
    assert received[0] == header | {"payload": len(payload)}
    assert read_frame(stream) == ({"last": True, "payload": 0}, b"")
    assert read_frame(stream) is None


def frame(header: bytes) -> bytes:
    return struct.pack(">I", len(header)) + header


@pytest.mark.parametrize(
    "data",
    [
        b"\0\0",
        b"\0\0\0\x09{}",
        frame(b"no json"),
        frame(b"[]"),
        frame(b"{}"),
        frame(b'{"payload": -1}'),
        frame(b'{"payload": 5}') + b"abc",
        frame(b'{"payload": %d}' % (PAYLOAD_MAXIMUM + 1)),
        struct.pack(">I", HEADER_MAXIMUM + 1),
        frame(b"[" * 100_000),
    ],
)
def test_damaged_frames_are_refused(data):
    with pytest.raises(FrameError):
        read_frame(io.BytesIO(data))


def test_large_headers_are_not_sent():
    with pytest.raises(FrameError, match="too large"):
        write_frame(io.BytesIO(), {"name": "x" * HEADER_MAXIMUM})
