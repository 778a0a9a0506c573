// tour.mjs BASE_URL: runs calls of the stock helper library for Node.js against the server at this URL.
//
// Each line of standard input is a call, as JSON: {user, password, script, v}. The script is an expression; it has `client`,
// `v` (texts of earlier steps) and `raw`. Each line of standard output is what came of it: {result} or {error}, and
// {exchanges}, the HTTP requests with their answers.
import { createInterface } from 'node:readline';
import twilio from 'twilio';

const [base] = process.argv.slice(2);
const clients = new Map();
let exchanges = [];

function clientOf(user, password) {
  const key = `${user}:${password}`;
  if (!clients.has(key)) {
    const client = twilio(user, password);
    for (const domain of [client.video, client.insights, client.api, client.accounts]) {
      domain.baseUrl = base;
    }
    const send = client.httpClient.request.bind(client.httpClient);
    client.httpClient.request = async options => {
      const answer = await send(options);
      exchanges.push({
        method: options.method.toUpperCase(),
        path: new URL(options.uri).pathname,
        status: answer.statusCode,
        body: textOf(answer.body),
      });
      return answer;
    };
    clients.set(key, client);
  }
  return clients.get(key);
}

function textOf(body) {
  if (body === undefined || body === null) {
    return '';
  }
  return typeof body === 'string' ? body : JSON.stringify(body);
}

// Requests a path for which the library has no method.
async function raw(client, method, path) {
  const answer = await client.request({ method, uri: base + path });
  const body = JSON.parse(textOf(answer.body));
  if (answer.statusCode >= 400) {
    throw body;
  }
  return body;
}

async function run({ user, password, script, v }) {
  exchanges = [];
  try {
    const call = new Function('client', 'v', 'raw', `return (${script});`);
    const result = await call(clientOf(user, password), v, raw);
    return { result: result === undefined ? null : result, exchanges };
  } catch (error) {
    if (typeof error.status !== 'number') {
      return { failure: String(error.stack ?? error), exchanges };
    }
    return { error: { status: error.status, code: error.code ?? 0, message: error.message }, exchanges };
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  process.stdout.write(`${JSON.stringify(await run(JSON.parse(line)))}\n`);
}
