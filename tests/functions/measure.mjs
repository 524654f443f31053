// Copyright 2026 The Porchlight developers
// SPDX-License-Identifier: GPL-3.0-or-later
// Cold and warm time of the functions in Node.js: measure.mjs [RUNS]. Each cold run is a process of its own that loads the
// SDK from npm and the function as it is shipped, and handles one event; a warm one is a later event in the same process.
// The table is dynalite. Lambda itself adds the start of its machine to a cold run.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { fileURLToPath } from 'node:url';
import { text } from 'node:stream/consumers';
import { context, createTable, eventOf, listen, loadFunction, readShipped, recordOf, requirePackage, sdk, SECRET, skip, starters, useServers } from './support.mjs';

const WARM = 300;
const env = { TABLE: 'messages', SECRET, OWNER: 'a@example.org', SENDER: 'a@example.org', SITE: 'Site' };
const network = (n) => `${n >> 8 & 255}.${n & 255}`;

const events = {
  'contact.js': (n) => eventOf({ body: `name=Ada&email=ada@example.org&message=Number+${n}`, visitor: `10.${process.pid & 255}.${network(n)}` }),
  'visits.js': (n) => eventOf({ path: '/_porchlight/visits', type: '', visitor: `10.${process.pid & 255}.${network(n)}` }),
  'notify.js': (n) => ({ Records: [recordOf({ pk: { S: 'form#contact' }, sk: { S: `${process.pid}#${n}` }, fields: { M: { name: { S: 'Ada' } } } })] })
};

// What one process measures: loading the SDK and the function and the first answer, then each later answer
async function measure(name) {
  const { PutItemCommand, DynamoDBClient } = requirePackage('@aws-sdk/client-dynamodb');
  const client = new DynamoDBClient({});

  // the messages that are mailed have to be there
  for (let n = 0; name === 'notify.js' && n <= WARM; n++)
    await client.send(new PutItemCommand({ TableName: 'messages', Item: events[name](n).Records[0].dynamodb.NewImage }));

  const { handler } = loadFunction(name, { env, modules: sdk });
  const times = [];

  for (let n = 0; n <= WARM; n++) {
    const start = performance.now();

    await handler(events[name](n), context);
    times.push(performance.now() - start);
  }

  process.stdout.write(JSON.stringify(times.slice(1)));
}

// A start that does nothing but the first event
async function start(name) {
  readShipped(name);

  const begin = performance.now();
  const { handler } = loadFunction(name, { env, modules: sdk });
  const loaded = performance.now();

  await handler(events[name](WARM + 1), context);
  process.stdout.write(JSON.stringify([loaded - begin, performance.now() - loaded]));
}

async function run(...words) {
  const child = spawn(process.execPath, [fileURLToPath(import.meta.url), ...words], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [output] = await Promise.all([text(child.stdout), once(child, 'exit')]);

  return JSON.parse(output);
}

function percentile(list, part) {
  const sorted = list.slice().sort((a, b) => a - b);

  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))].toFixed(1);
}

async function main(runs) {
  if (skip)
    throw new Error(skip);

  const server = await starters.dynalite();
  const mailServer = createServer((request, response) => {
    request.resume();
    request.on('end', () => response.writeHead(200, { 'content-type': 'application/json' }).end('{"MessageId":"m"}'));
  });

  useServers({ dynamodb: server.endpoint, mail: await listen(mailServer) });
  await createTable(new (requirePackage('@aws-sdk/client-dynamodb').DynamoDBClient)({}));

  for (const name of Object.keys(events)) {
    const cold = [];

    for (let n = 0; n < runs; n++)
      cold.push(await run('--cold', name));

    const warm = await run('--warm', name);

    console.log(`${name}: cold ${percentile(cold.map((one) => one[0] + one[1]), 0.5)} ms (of it loading it and the SDK ${percentile(cold.map((one) => one[0]), 0.5)} ms), ` +
      `warm ${percentile(warm, 0.5)} ms, p95 ${percentile(warm, 0.95)} ms`);
  }

  mailServer.closeAllConnections();
  mailServer.close();
  server.stop();
}

if (process.argv[2] === '--cold')
  await start(process.argv[3]);
else if (process.argv[2] === '--warm')
  await measure(process.argv[3]);
else
  await main(Number(process.argv[2]) || 10);
process.exit(0);
