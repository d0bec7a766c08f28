"""One address before several servers: a TCP proxy that goes to the next when one is gone."""

import asyncio
import threading
from collections.abc import Sequence
from itertools import cycle


class OneAddress:
    """Takes turns; a server that does not answer is passed over.

    Attributes:
        taken: How many connections each server was given, by port.
    """

    def __init__(self, port: int, servers: Sequence[int]) -> None:
        self.port = port
        self.taken = dict.fromkeys(servers, 0)
        self._turns = cycle(servers)
        self._open: set[asyncio.StreamWriter] = set()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)

    def __enter__(self) -> "OneAddress":
        self._thread.start()
        serving = asyncio.start_server(self._serve, "127.0.0.1", self.port)
        self._server = asyncio.run_coroutine_threadsafe(serving, self._loop).result(10)
        return self

    def __exit__(self, *_: object) -> None:
        asyncio.run_coroutine_threadsafe(self._close(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    async def _close(self) -> None:
        self._server.close()
        for writer in self._open:
            writer.close()
        left = asyncio.all_tasks() - {asyncio.current_task()}
        if left:
            await asyncio.wait(left, timeout=5)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for _ in self.taken:
            port = next(self._turns)
            try:
                there, back = await asyncio.open_connection("127.0.0.1", port)
            except OSError:
                continue
            self.taken[port] += 1
            self._open |= {back, writer}
            await asyncio.gather(_pipe(reader, back), _pipe(there, writer))
            self._open -= {back, writer}
            return
        writer.close()


async def _pipe(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
    try:
        while chunk := await source.read(65536):
            target.write(chunk)
            await target.drain()
    except OSError:
        pass
    finally:
        target.close()
