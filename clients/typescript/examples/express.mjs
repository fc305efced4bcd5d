// An API on Express that asks about every request: PORT=3000 node express.mjs
import express from "express";
import { createDecisionClient } from "@decision/client";
import { decision } from "@decision/client/express";

const client = createDecisionClient();
const app = express();
app.use(decision({ client, apiId: "orders", skip: (request) => request.path === "/healthz" }));
app.get("/orders/:id", (request, response) => response.send(`order ${request.params.id} for ${request.decision.alias}\n`));
app.get("/healthz", (request, response) => response.send("ok\n"));

await client.connect();
const server = app.listen(process.env.PORT ?? 3000, "127.0.0.1", () => console.log(`listens on http://127.0.0.1:${server.address().port}`));
