"""Takes orders: asks another service for the stock, and queues what is to be packed."""

import os
import socket
import uuid
from contextlib import asynccontextmanager

import aio_pika
import httpx
import logs
import structlog
import telemetry
import uvicorn
from fastapi import FastAPI, Request

log = structlog.get_logger()


@asynccontextmanager
async def lifespan(app):
    connection = await aio_pika.connect_robust(os.environ["AMQP_URL"])
    async with connection, httpx.AsyncClient(base_url=os.environ["STOCK_URL"]) as client:
        channel = await connection.channel()
        await channel.declare_queue("orders")
        app.state.exchange = channel.default_exchange
        app.state.client = client
        yield


app = FastAPI(lifespan=lifespan)


@app.middleware("http")
async def request_id(request: Request, call_next):
    request_id = request.headers.get("X-Request-ID") or str(uuid.uuid4())
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(request_id=request_id)
    response = await call_next(request)
    response.headers["X-Request-ID"] = request_id
    return response


@app.post("/orders/{item}")
async def order(item: str):
    log.info("order received", item=item)
    headers = {"X-Request-ID": structlog.contextvars.get_contextvars()["request_id"]}
    stock = await app.state.client.get(f"/stock/{item}", headers=headers)
    message = aio_pika.Message(item.encode(), headers=headers)
    await app.state.exchange.publish(message, routing_key="orders")
    log.info("order queued", stock=stock.text)
    return {"stock": stock.text}


if __name__ == "__main__":
    logs.configure()
    telemetry.instrument(app)
    listener = socket.create_server(("127.0.0.1", 0))
    log.info("listening", port=listener.getsockname()[1])
    uvicorn.Server(uvicorn.Config(app, log_config=None)).run(sockets=[listener])
