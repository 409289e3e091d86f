"""The endpoint beside an empty one: requests a second over loopback, in turn, as ratios.

The empty endpoint is FastAPI with a pydantic request and answer and no work; ours reads a message of fifteen words, ranks
options and writes three replies. The load comes from one process with 16 kept-alive connections.
"""

from __future__ import annotations

import asyncio
import json
import os
import statistics
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

from fastapi import FastAPI
from pydantic import BaseModel
from rich.console import Console
from rich.table import Table

CONNECTIONS, SECONDS, ROUNDS = 16, 3.0, 3
PORTS = {"empty": 8431, "replydesk": 8432}
MESSAGE = "Hello, my parcel was marked as delivered yesterday but I have not received anything, please help"
ROOT = Path(__file__).resolve().parent.parent


class Empty(BaseModel):
    """The request of the empty endpoint."""

    message: str


def create_empty() -> FastAPI:
    """Return an app that reads a request and answers at once."""
    app = FastAPI()

    @app.post("/v1/suggest")
    async def suggest(request: Empty) -> Empty:
        return request

    @app.get("/readyz")
    async def ready() -> str:
        return "ok"

    return app


async def load(port: int, body: bytes) -> tuple[float, list[float]]:
    """Return requests a second and the latencies in seconds."""
    head = f"POST /v1/suggest HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: {len(body)}\r\n\r\n"
    request = head.encode() + body
    end = time.perf_counter() + SECONDS
    latencies: list[float] = []

    async def connection() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        while time.perf_counter() < end:
            started = time.perf_counter()
            writer.write(request)
            headers = await reader.readuntil(b"\r\n\r\n")
            assert b" 200 " in headers.split(b"\r\n", 1)[0]
            length = int(headers.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
            await reader.readexactly(length)
            latencies.append(time.perf_counter() - started)
        writer.close()

    await asyncio.gather(*(connection() for _ in range(CONNECTIONS)))
    return len(latencies) / SECONDS, latencies


def wait_for(port: int) -> None:
    """Return when the server answers; raises TimeoutError after a minute."""
    for _ in range(240):
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=1).read()
        except OSError:
            time.sleep(0.25)
        else:
            return
    raise TimeoutError(f"no server on port {port}")


def main() -> None:
    """Start both servers, load them in turn, print a table."""
    factories = {"empty": "benchmarks.endpoint:create_empty", "replydesk": "serve.api:create_app"}
    command = [sys.executable, "-m", "uvicorn", "--factory", "--no-access-log", "--log-level", "warning"]
    servers = [
        subprocess.Popen(
            [*command, factory, "--port", str(PORTS[name])], cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}
        )
        for name, factory in factories.items()
    ]
    rates: dict[str, list[float]] = {name: [] for name in PORTS}
    worst: dict[str, list[float]] = {name: [] for name in PORTS}
    body = json.dumps({"message": MESSAGE}).encode()
    try:
        for port in PORTS.values():
            wait_for(port)
            asyncio.run(load(port, body))
        for _ in range(ROUNDS):
            for name, port in PORTS.items():
                rate, latencies = asyncio.run(load(port, body))
                rates[name].append(rate)
                worst[name].append(statistics.quantiles(latencies, n=100)[98])
    finally:
        for server in servers:
            server.terminate()
    table = Table("endpoint", "requests/s", "ratio", "p99 ms")
    base = statistics.median(rates["empty"])
    for name, values in rates.items():
        middle = statistics.median(values)
        table.add_row(name, f"{middle:,.0f}", f"{middle / base:.2f}", f"{1000 * statistics.median(worst[name]):.1f}")
    Console().print(table)


if __name__ == "__main__":
    main()
