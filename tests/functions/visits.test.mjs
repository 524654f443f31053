// Copyright 2026 The Porchlight developers
// SPDX-License-Identifier: GPL-3.0-or-later
// The counter as the HTTP API calls it: with the table played by a map, and with the real SDK against the DynamoDB
// stand-ins of others (dynalite, moto).

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createTable, eventOf, loadFunction, SECRET, sdk, starters, testsWith, useServers } from './support.mjs';

const PATH = '/_porchlight/visits';
const BROWSER = 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1';
const today = () => new Date().toISOString().slice(0, 10);

let visitors = 0;
const newVisitor = () => `10.${visitors >> 16}.${(visitors >> 8) & 255}.${visitors++ & 255}`;

// A table in memory with just the expressions that the function uses
function memory(failWith) {
  const tables = new Map();

  class Command {
    constructor(input) {
      this.input = input;
    }
  }
  class PutItemCommand extends Command {}
  class QueryCommand extends Command {}
  class UpdateItemCommand extends Command {}

  function run(command) {
    const { input } = command;

    failWith?.(input);
    if (command instanceof QueryCommand)
      return { Items: Array.from(tables.values()).filter((item) => item.pk.S === 'visits') };

    const { pk, sk } = input.Item || input.Key;
    const key = `${pk.S} ${sk.S}`;
    const known = tables.get(key);

    if (command instanceof PutItemCommand) {
      if (known && Number(known.expires.N) > Number(input.ExpressionAttributeValues[':now'].N))
        throw Object.assign(new Error('x'), { name: 'ConditionalCheckFailedException' });
      return tables.set(key, input.Item);
    }

    const item = known || { pk, sk };

    for (const name of Object.values(input.ExpressionAttributeNames))
      item[name] = { N: String(Number(item[name]?.N || 0) + 1) };
    return tables.set(key, item);
  }

  return {
    modules: {
      '@aws-sdk/client-dynamodb': {
        PutItemCommand, QueryCommand, UpdateItemCommand, DynamoDBClient: class {
          async send(command) {
            return run(command);
          }
        }
      }
    },
    put: (item) => tables.set(`${item.pk.S} ${item.sk.S}`, item),
    items: (kind) => Array.from(tables.values()).filter((item) => item.pk.S === kind)
  };
}

function load({ modules, env = {}, source }) {
  const logged = [];
  const { handler } = loadFunction('visits.js', {
    env: { TABLE: 'messages', SECRET, ...env }, log: (...words) => logged.push(words.join(' ')), modules, source
  });

  return { handler, logged };
}

function visit({ agent = BROWSER, headers = {}, ...more } = {}) {
  return eventOf({
    path: PATH, type: '', accept: '*/*', visitor: newVisitor(), ...more,
    headers: { 'user-agent': agent, 'sec-fetch-site': 'same-origin', ...headers }
  });
}

for (const name of ['memory', 'memory, as written', ...Object.keys(starters)]) {
  let handler = null;
  const it = testsWith(name, async (server) => {
    if (server) {
      useServers({ dynamodb: server.endpoint });
      await createTable(new sdk['@aws-sdk/client-dynamodb'].DynamoDBClient({}));
    }
    ({ handler } = load({ modules: server ? sdk : memory().modules, source: name === 'memory, as written' }));
  });

  const read = async (query = '') => JSON.parse((await handler(visit({ method: 'GET', query }))).body);

  it('nobody was here yet', async () => {
    assert.deepEqual(await read('days=7'), { visits: 0, today: 0, days: {} });
  });

  it('each visitor is counted once', async () => {
    const visitor = newVisitor();
    const first = await handler(visit({ visitor }));
    const again = await handler(visit({ visitor }));
    const other = await handler(visit());

    assert.deepEqual([first, again, other].map((answer) => [answer.statusCode, JSON.parse(answer.body).visits]),
      [[200, 1], [200, 1], [200, 2]]);
    assert.deepEqual(await read(), { visits: 2, today: 2 });
  });

  it('two behind the same address are two if their browsers differ', async () => {
    const visitor = newVisitor();

    await handler(visit({ visitor }));
    await handler(visit({ visitor, agent: `${BROWSER} other` }));
    assert.equal((await read()).visits, 4);
  });

  it('robots, other sites and pages nobody looks at yet don’t count', async () => {
    for (const agent of ['', 'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)', 'curl/8.14.1', 'Wget/1.25',
      'python-requests/2.32', 'Mozilla/5.0 (compatible; AhrefsBot/7.0)', 'facebookexternalhit/1.1 (+http://www.facebook.com/x)',
      'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 HeadlessChrome/140.0.0.0 Safari/537.36', 'Slackbot-LinkExpanding 1.0', 'Go-http-client/2.0'])
      assert.equal(JSON.parse((await handler(visit({ agent }))).body).visits, 4, agent);
    for (const headers of [{ 'sec-fetch-site': 'cross-site' }, { 'sec-fetch-site': 'same-site' }, { 'sec-purpose': 'prefetch;prerender' }])
      assert.equal(JSON.parse((await handler(visit({ headers }))).body).visits, 4, JSON.stringify(headers));
  });

  it('many at once are counted exactly', async () => {
    // moto's threads get into each other's way, which says nothing about the function
    const most = name === 'moto' ? 20 : 1000;
    const line = Array(most).values();

    await Promise.all(Array.from({ length: name === 'moto' ? 1 : 50 }, async () => {
      for (const _ of line)
        await handler(visit());
    }));

    const { visits, today: now, days } = await read('days');
    assert.deepEqual([visits, now, days], [4 + most, 4 + most, { [today()]: 4 + most }]);
  });
}

test('months and days add up', async () => {
  const { modules, put } = memory();
  const { handler } = load({ modules });

  put({ pk: { S: 'visits' }, sk: { S: '2024-02' }, n: { N: '40' }, d28: { N: '33' }, d29: { N: '7' } });
  await handler(visit());
  assert.deepEqual(JSON.parse((await handler(visit({ method: 'GET', query: 'days' }))).body),
    { visits: 41, today: 1, days: { '2024-02-28': 33, '2024-02-29': 7, [today()]: 1 } });
});

test('no address is stored, and what stands for it expires', async () => {
  const { modules, items } = memory();
  const { handler } = load({ modules });

  await handler(visit({ visitor: '198.51.100.77' }));
  await handler(visit({ visitor: '2001:db8::1' }));
  assert.equal(items('seen').length, 2);
  assert.doesNotMatch(JSON.stringify([items('seen'), items('visits')]), /198\.51|2001|db8|Mozilla/);
  for (const item of items('seen')) {
    const left = Number(item.expires.N) - Date.now() / 1000;

    assert.match(item.sk.S, /^[0-9a-f]{40}$/);
    assert.ok(left > 1700 && left <= 1801, String(left));
  }

  // after the pause it is a new visit, even while the old item is still there
  for (const item of items('seen'))
    item.expires.N = '1';
  await handler(visit({ visitor: '198.51.100.77' }));
  assert.equal(items('visits')[0].n.N, '3');
});

test('answers', async () => {
  const { handler } = load({ modules: memory().modules });
  const read = await handler(visit({ method: 'GET' }));
  const post = await handler(visit());

  assert.deepEqual([read.headers['cache-control'], post.headers['cache-control']], ['private, max-age=60', 'no-store']);
  for (const answer of [read, post]) {
    assert.equal(answer.headers['content-type'], 'application/json');
    assert.equal(answer.headers['set-cookie'], undefined);
    assert.equal(answer.headers['access-control-allow-origin'], undefined);
    assert.equal(answer.headers['cross-origin-resource-policy'], 'same-origin');
  }
  assert.equal((await handler(visit({ method: 'HEAD' }))).statusCode, 200);
  assert.deepEqual([(await handler(visit({ method: 'PUT' }))).statusCode, (await handler(visit({ method: 'PUT' }))).headers.allow],
    [405, 'GET, HEAD, POST']);
});

test('nobody but the distribution is let in', async () => {
  const { modules, items } = memory();
  const { handler } = load({ modules });

  for (const secret of [null, '', `${SECRET}x`])
    for (const method of ['GET', 'POST'])
      assert.equal((await handler(visit({ secret, method }))).statusCode, 400);
  for (const event of [null, {}, { headers: {} }, { headers: { 'x-porchlight-secret': SECRET } }])
    assert.ok([400, 405].includes((await handler(event)).statusCode));
  assert.equal((await load({ modules, env: { SECRET: '' } }).handler(visit({ secret: '' }))).statusCode, 400);
  assert.deepEqual(items('visits'), []);
});

test('a table that fails is told, without personal data in the log', async () => {
  const failWith = () => {
    throw Object.assign(new Error('198.51.100.77'), { name: 'ThrottlingException' });
  };
  const { handler, logged } = load({ modules: memory(failWith).modules });
  const answer = await handler(visit({ visitor: '198.51.100.77' }));

  assert.deepEqual([answer.statusCode, answer.headers['retry-after']], [503, '60']);
  assert.deepEqual(logged, ['not counted: ThrottlingException']);
});
