"""Frames between the program and its parser children: JSON with its length before it, then raw bytes.

A frame is a four-byte big-endian length, that much UTF-8 JSON (an object), and as many raw bytes as the object's
`payload` says. Nothing that arrives is ever run or unpickled.
"""

from __future__ import annotations

import json
import struct
from typing import Any, BinaryIO

HEADER_MAXIMUM = 1024 * 1024
PAYLOAD_MAXIMUM = 512 * 1024 * 1024

_LENGTH = struct.Struct(">I")


class FrameError(Exception):
    """The stream ended inside a frame, or holds no frame."""


def write_frame(stream: BinaryIO, header: dict[str, Any], payload: bytes | memoryview = b"") -> None:
    """Write one frame and flush. Raises OSError where nobody reads any more, FrameError where it is too large."""
    encoded = json.dumps(header | {"payload": len(payload)}).encode()
    if len(encoded) > HEADER_MAXIMUM or len(payload) > PAYLOAD_MAXIMUM:
        raise FrameError("the frame is too large")
    stream.write(_LENGTH.pack(len(encoded)) + encoded)
    stream.write(payload)
    stream.flush()


def read_frame(stream: BinaryIO) -> tuple[dict[str, Any], bytes] | None:
    """Return the next header and payload, or None where the stream has ended. Raises FrameError for anything else."""
    prefix = stream.read(_LENGTH.size)
    if not prefix:
        return None
    if len(prefix) < _LENGTH.size:
        raise FrameError("the stream ended inside a frame")
    header = _parse_header(_read_exactly(stream, _LENGTH.unpack(prefix)[0], HEADER_MAXIMUM))
    return header, _read_exactly(stream, header["payload"], PAYLOAD_MAXIMUM)


def _parse_header(data: bytes) -> dict[str, Any]:
    try:
        header = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise FrameError("the frame is no JSON") from error
    if not isinstance(header, dict) or not isinstance(header.get("payload"), int) or header["payload"] < 0:
        raise FrameError("the frame does not say how long its payload is")
    return header


def _read_exactly(stream: BinaryIO, count: int, maximum: int) -> bytes:
    if count > maximum:
        raise FrameError("the frame is too large")
    data = stream.read(count)
    if len(data) < count:
        raise FrameError("the stream ended inside a frame")
    return data
