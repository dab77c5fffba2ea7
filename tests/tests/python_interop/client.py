"""Places an order over HTTP, with a request ID of its own."""

import os
import uuid

import httpx
import logs
import structlog
import telemetry

log = structlog.get_logger()


def main():
    request_id = f"py-{uuid.uuid4()}"
    structlog.contextvars.bind_contextvars(request_id=request_id)
    log.info("placing order")
    with httpx.Client(base_url=os.environ["SHOP_URL"]) as client:
        response = client.post("/shipments/tea", headers={"X-Request-ID": request_id})
    log.info("order placed", status=response.status_code, answered=response.headers["X-Request-ID"])


if __name__ == "__main__":
    logs.configure()
    telemetry.instrument()
    main()
