// A real identity provider: node provider.mjs <port> <configuration, JSON>
// Its own pages ask for a name and any password, and then for consent. PUT /clock sets how many
// seconds its clock is off: that is what its tokens and codes go by.
import { createServer } from "node:http";
import Provider from "oidc-provider";

const [port, given] = process.argv.slice(2);
const { issuer, people, clients, jwks } = JSON.parse(given);

const realNow = Date.now;
let offS = 0;
Date.now = () => realNow() + offS * 1000;

const provider = new Provider(issuer, {
  clients,
  jwks,
  claims: {
    openid: ["sub"],
    email: ["email", "email_verified"],
    profile: ["name"],
    groups: ["groups"],
  },
  pkce: { required: () => true },
  cookies: { keys: ["of the tests"] },
  enabledJWA: { idTokenSigningAlgValues: ["RS256", "PS256", "ES256", "Ed25519"] },
  findAccount: (_context, id) => ({ accountId: id, claims: () => ({ sub: id, ...people[id] }) }),
});
const answer = provider.callback();

createServer((request, response) => {
  if (request.method === "PUT" && request.url.startsWith("/clock?")) {
    offS = Number(request.url.slice("/clock?".length));
    response.end();
    return;
  }
  answer(request, response);
}).listen(Number(port), "127.0.0.1");
