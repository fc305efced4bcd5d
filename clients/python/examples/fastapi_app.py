"""A FastAPI application: uvicorn fastapi_app:app. Needs FastAPI and Uvicorn (Debian: python3-fastapi, python3-uvicorn)."""

from fastapi import FastAPI, Request

from decision_client.asgi import DecisionMiddleware

app = FastAPI()
app.add_middleware(DecisionMiddleware, api_id="orders")


@app.get("/orders/{id}")
async def order(id: str, request: Request) -> str:
    return f"order {id} for {request.state.decision.alias}"
