"""PostgreSQL's notifications, on a connection of their own, and whether they arrive at all.

They do not through a pooler that gives each transaction another connection to the server (PgBouncer
with `pool_mode = transaction`): LISTEN succeeds there and nothing ever comes.
"""

import secrets

import psycopg
from sqlalchemy import make_url

Connection = psycopg.AsyncConnection[tuple[object, ...]]

_CONNECT_WITHIN_S = 5
_ARRIVES_WITHIN_S = 5.0


async def listen_on(url: str, channel: str) -> Connection | None:
    """A connection that gets the channel's notifications; None when they do not reach us.
    psycopg.Error or OSError when the database is away."""
    connection = await _connect(url)
    try:
        if await _arrive(connection, url):
            await connection.execute(f"LISTEN {channel}".encode())
            return connection
    except BaseException:
        await connection.close()
        raise
    await connection.close()
    return None


async def notifications_arrive(url: str) -> bool:
    """Whether a connection through this URL gets notifications. psycopg.Error or OSError when the
    database is away."""
    async with await _connect(url) as connection:
        return await _arrive(connection, url)


async def _arrive(listening: Connection, url: str) -> bool:
    """Listen, have another connection notify, and wait. The channel is used this once: a pooler
    would leave the LISTEN in a connection that it then gives to somebody else."""
    channel = f"doorstep_{secrets.token_hex(8)}"
    await listening.execute(f"LISTEN {channel}".encode())
    async with await _connect(url) as other:
        await other.execute(f"NOTIFY {channel}".encode())
    came = [
        one.channel async for one in listening.notifies(timeout=_ARRIVES_WITHIN_S, stop_after=1)
    ]
    await listening.execute(f"UNLISTEN {channel}".encode())
    return channel in came


async def _connect(url: str) -> Connection:
    conninfo = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    return await psycopg.AsyncConnection.connect(
        conninfo, autocommit=True, connect_timeout=_CONNECT_WITHIN_S, prepare_threshold=None
    )
