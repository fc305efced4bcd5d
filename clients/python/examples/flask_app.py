"""A Flask application: flask --app flask_app run. Needs Flask (Debian: python3-flask)."""

from flask import Flask, request

from decision_client.wsgi import DecisionMiddleware, HttpRequest, Rule, verdict_of


def rule(asked: HttpRequest) -> "Rule | None":
    if asked.path == "/healthz":
        return None  # Nobody is asked.
    return Rule(api_id="reports", cost=2) if asked.path.startswith("/reports") else Rule(api_id="orders")


app = Flask(__name__)
app.wsgi_app = DecisionMiddleware(app.wsgi_app, rule=rule)  # type: ignore[method-assign]


@app.get("/orders/<id>")
def order(id: str) -> str:
    return f"order {id} for {verdict_of(request.environ).alias}\n"


@app.get("/healthz")
def health() -> str:
    return "ok\n"
