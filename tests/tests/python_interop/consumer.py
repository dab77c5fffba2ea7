"""Packs what is in the queue."""

import asyncio
import os

import aio_pika
import logs
import structlog
import telemetry

log = structlog.get_logger()


async def on_message(message: aio_pika.abc.AbstractIncomingMessage):
    async with message.process():
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=message.headers.get("X-Request-ID"))
        log.info("packed", item=message.body.decode())


async def main():
    connection = await aio_pika.connect_robust(os.environ["AMQP_URL"])
    async with connection:
        channel = await connection.channel()
        queue = await channel.declare_queue("shipments")
        await queue.consume(on_message)
        log.info("consuming")
        await asyncio.Future()


if __name__ == "__main__":
    logs.configure()
    telemetry.instrument()
    asyncio.run(main())
