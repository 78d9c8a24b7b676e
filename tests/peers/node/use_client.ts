// What a developer writes with the types that openapi-typescript made.
//
// Given the API's address, a key, an event and a webhook's body, both as JSON: posts the event, reads
// the body, and prints what came of it.
import createClient from "openapi-fetch";
import type { components, paths } from "./doorstep.js";

declare const process: { argv: string[] };

type Payload = components["schemas"]["WebhookPayload"];

const [, , address, key, event, body] = process.argv as [string, string, string, string, string, string];
const client = createClient<paths>({ baseUrl: address, headers: { authorization: `Bearer ${key}` } });

const { data, error } = await client.POST("/v1/events", {
  body: JSON.parse(event) as components["schemas"]["TrackingEvent"],
});
if (data === undefined) throw new Error(JSON.stringify(error));

const payload = JSON.parse(body) as Payload;
const order: string = payload.data.order.order_id;
console.log(JSON.stringify([data.event_id, payload.type, order]));

export function whatTheTypesRefuse(read: Payload): void {
  // @ts-expect-error: a group that the event does not carry is null
  read.data.otp.code;
  // @ts-expect-error: there is no such field
  read.data.order.nothing;
}
