// Copyright 2026 The Porchlight developers
// SPDX-License-Identifier: GPL-3.0-or-later
// The form's function as the HTTP API calls it: with the table played by a map, and with the real SDK against the
// DynamoDB stand-ins of others (dynalite, moto).

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FORM_TYPE, JSON_TYPE, MULTIPART, NEXT, REFUSED, SPAM, STORED } from './contact-cases.mjs';
import {
  createTable, eventOf, fieldsOf, itemsOf, loadFunction, SECRET, sdk, starters, testsWith, useServers
} from './support.mjs';

const PERSONAL = 'ada@example.org';
const LEVELS = ['off', 'low', 'normal', 'high'];

let visitors = 0;
const newVisitor = () => `10.${visitors >> 16}.${(visitors >> 8) & 255}.${visitors++ & 255}`;

// A table in memory with just the expressions that the function uses
function memory(failWith) {
  const tables = new Map();
  const put = (kind, key, item) => tables.set(`${kind} ${key}`, item);

  class Command {
    constructor(input) {
      this.input = input;
    }
  }
  class PutItemCommand extends Command {}
  class UpdateItemCommand extends Command {}

  function refuse() {
    throw Object.assign(new Error('The conditional request failed'), { name: 'ConditionalCheckFailedException' });
  }

  function run({ input }) {
    const { pk, sk } = input.Item || input.Key;
    const known = tables.get(`${pk.S} ${sk.S}`);
    const values = input.ExpressionAttributeValues;

    assert.equal(input.TableName, 'messages');
    failWith?.(input);
    if (input.Item) {
      assert.equal(input.ConditionExpression, 'attribute_not_exists(pk)');
      return known ? refuse() : put(pk.S, sk.S, input.Item);
    }
    if (input.UpdateExpression.includes('ADD')) {
      if (known && Number(known.hits.N) >= Number(values[':most'].N))
        refuse();
      return put(pk.S, sk.S, { pk, sk, hits: { N: String(Number(known?.hits.N || 0) + 1) }, expires: values[':end'] });
    }

    const keep = known && input.UpdateExpression.includes('if_not_exists');
    const item = keep ? known : { pk, sk, key: values[':key'], expires: values[':end'] };

    put(pk.S, sk.S, item);
    return { Attributes: item };
  }

  return {
    modules: {
      '@aws-sdk/client-dynamodb': {
        PutItemCommand, UpdateItemCommand, DynamoDBClient: class {
          async send(command) {
            return run(command);
          }
        }
      }
    },
    items: (kind) => Array.from(tables.values()).filter((item) => item.pk.S === kind)
  };
}

function load({ modules, env = {}, source }) {
  const logged = [];
  const { handler } = loadFunction('contact.js', {
    env: { TABLE: 'messages', SECRET, THANKS: '/thanks/', ...env }, log: (...words) => logged.push(words.join(' ')), modules, source
  });

  return { handler, logged };
}

// A world of its own in memory
function world({ env, failWith } = {}) {
  const table = memory(failWith);

  return { ...load({ modules: table.modules, env }), stored: () => table.items('form#contact'), items: table.items };
}

function receiptOf(answer) {
  return answer.headers['x-porchlight-receipt'];
}

// ---- the table of cases, against every stand-in ----

const servers = ['memory', 'memory, as written', ...Object.keys(starters)];

for (const name of servers) {
  let modules = null;
  let find = null;
  const source = name === 'memory, as written';
  const it = testsWith(name, async (server) => {
    if (server) {
      useServers({ dynamodb: server.endpoint });

      const client = new sdk['@aws-sdk/client-dynamodb'].DynamoDBClient({});

      await createTable(client);
      modules = sdk;
      find = async (id) => (await itemsOf(client, 'form#contact')).filter((item) => item.id.S === id);
    } else {
      const table = memory();

      modules = table.modules;
      find = async (id) => table.items('form#contact').filter((item) => item.id.S === id);
    }
  });

  const send = (input, env) => load({ modules, env, source }).handler(eventOf({ visitor: newVisitor(), ...input }));

  // Many at once, but one after the other for moto, whose threads get into each other's way
  async function sendAll(inputs) {
    const answers = [];

    for (let at = 0; at < inputs.length; at += name === 'moto' ? 1 : inputs.length)
      answers.push(...await Promise.all(inputs.slice(at, at + (name === 'moto' ? 1 : inputs.length)).map((input) => send(input))));
    return answers;
  }

  for (const [title, input, fields] of STORED)
    it(`stores: ${title}`, async () => {
      const { handler, logged } = load({ modules, source });
      const answer = await handler(eventOf({ visitor: newVisitor(), ...input }));
      const items = await find(receiptOf(answer));
      const asScript = input.accept === '*/*' || input.type?.startsWith('application/json');

      assert.equal(answer.statusCode, asScript ? 200 : 303, answer.body);
      assert.equal(items.length, 1);
      assert.deepEqual(fieldsOf(items[0]), fields);
      assert.deepEqual(items[0].order.L.map((one) => one.S).sort(), Object.keys(fields).sort());
      assert.equal(items[0].spam.BOOL, false);
      assert.equal(receiptOf(answer), items[0].id.S);
      assert.deepEqual(logged, []);
      if (asScript)
        assert.deepEqual(JSON.parse(answer.body), {
          id: items[0].id.S,
          message: input.path === '/contact-handler' ? 'Form submitted successfully' : 'Thank you, your message has arrived.'
        });
    });

  for (const [title, input, status, words] of REFUSED)
    it(`refuses: ${title}`, async () => {
      const answer = await send(input);
      const script = await send({ ...input, accept: '*/*' });

      assert.equal(answer.statusCode, status);
      assert.match(answer.body, new RegExp(words));
      assert.equal(answer.headers['content-type'],
        input.type === JSON_TYPE || input.accept === '*/*' ? JSON_TYPE : 'text/html; charset=utf-8');
      assert.equal(script.statusCode, status);
      assert.match(JSON.parse(script.body).message, new RegExp(words));
      assert.deepEqual([receiptOf(answer), receiptOf(script)], [undefined, undefined]);
    });

  for (const [title, next, location] of NEXT)
    it(`thank-you page: ${title}`, async () => {
      const body = 'name=Ada' + (next === undefined ? '' : `&_next=${encodeURIComponent(next)}`);
      const answer = await send({ body });
      const [item] = await find(receiptOf(answer));

      assert.equal(answer.statusCode, 303);
      assert.equal(answer.headers.location, location.replace('$ID', item.id.S));
      assert.deepEqual(fieldsOf(item), { name: 'Ada' });
    });

  for (const [title, body, reasons, marked] of SPAM)
    it(`spam: ${title}`, async () => {
      for (const [at, level] of LEVELS.entries()) {
        const answer = await send({ body }, { SPAM: level });
        const [item] = await find(receiptOf(answer));

        assert.equal(answer.statusCode, 303);
        assert.equal(item.spam.BOOL, marked[at] === '1', level);
        assert.deepEqual((item.why?.L || []).map((one) => one.S), reasons);
        assert.ok(Object.keys(fieldsOf(item)).every((field) => !field.startsWith('_')));
      }
    });

  it('a form that is sent again is one message', async () => {
    const visitor = newVisitor();
    const form = { body: 'name=Ada&message=once&_elapsed=5000', visitor };
    const first = await send(form);
    const again = await send({ ...form, body: 'name=Ada&message=once&_elapsed=90000' });
    const atOnce = await sendAll(Array.from({ length: 5 }, () => form));
    const other = await send({ ...form, body: 'name=Ada&message=twice' });
    const somebody = await send({ ...form, visitor: newVisitor() });

    for (const answer of [again, ...atOnce])
      assert.deepEqual([answer.statusCode, receiptOf(answer)], [303, receiptOf(first)]);
    assert.equal((await find(receiptOf(first))).length, 1);
    assert.equal(new Set([first, other, somebody].map(receiptOf)).size, 3);
  });

  it('a visitor who sends too much has to wait, others don’t', async () => {
    const visitor = newVisitor();
    const answers = await sendAll(Array.from({ length: 25 }, (_, i) => ({ body: `n=${i}`, visitor, accept: '*/*' })));
    const refused = answers.filter((answer) => answer.statusCode === 429);

    // a new window may begin in the middle
    assert.ok(refused.length === 15 || refused.length === 5, String(refused.length));
    assert.match(refused[0].headers['retry-after'], /^\d{1,3}$/);
    assert.match(JSON.parse(refused[0].body).message, /wait ten minutes/);
    assert.ok(refused.every((answer) => receiptOf(answer) === undefined));
    for (const answer of answers)
      assert.equal((await find(receiptOf(answer))).length, answer.statusCode === 200 ? 1 : 0);
    assert.equal((await send({ body: 'n=1' })).statusCode, 303);
  });

  it('many at once are all stored', async () => {
    const answers = await sendAll(Array.from({ length: 100 }, (_, i) => ({ body: `{"n":${i}}`, type: JSON_TYPE })));

    assert.ok(answers.every((answer) => answer.statusCode === 200));
    assert.equal(new Set(answers.map(receiptOf)).size, 100);
    for (const answer of answers.slice(0, 10))
      assert.equal((await find(receiptOf(answer))).length, 1);
  });
}

// ---- one by one ----

test('the built-in thank-you page is in the page’s language', async () => {
  const { handler } = world({ env: { THANKS: '' } });
  const send = (body, language) =>
    handler(eventOf({ body, visitor: newVisitor(), headers: { 'accept-language': language } }));

  for (const [body, language, lang, words] of [
    ['a=b', undefined, 'en', 'Thank you'], ['a=b', 'de-AT,en;q=0.5', 'de', 'Vielen Dank'], ['a=b', 'xx, de', 'de', 'Vielen Dank'],
    ['a=b&_lang=en', 'de', 'en', 'Thank you'], ['a=b&_lang=de-DE', 'en', 'de', 'Vielen Dank'], ['a=b&_lang=__proto__', '*', 'en', 'Thank you']
  ]) {
    const answer = await send(body, language);
    const match = /^\/_porchlight\/contact\?(lang=(..)&receipt=([0-9a-f]{12}))$/.exec(answer.headers.location);
    const page = await handler(eventOf({ method: 'GET', query: match[1], type: '' }));

    assert.deepEqual([match[2], match[3]], [lang, receiptOf(answer)]);
    assert.equal(page.statusCode, 200);
    assert.match(page.body, new RegExp(`<html lang="${lang}">`));
    assert.ok(page.body.includes(words) && page.body.includes(match[3]));
    assert.equal(page.headers['cache-control'], 'no-store');
  }
});

test('without a receipt there is no thank-you page', async () => {
  const { handler } = world();

  for (const query of ['', 'receipt=', 'receipt=<script>', 'receipt=123456789abcd'])
    assert.deepEqual([(await handler(eventOf({ method: 'GET', query }))).headers.location], ['/']);
  assert.equal((await handler(eventOf({ method: 'HEAD', query: 'receipt=0123456789ab' }))).statusCode, 200);
});

test('a thank-you page of the stack that would lead elsewhere is not used', async () => {
  const { handler } = world({ env: { THANKS: '//evil.example' } });

  assert.match((await handler(eventOf({ body: 'a=b' }))).headers.location, /^\/_porchlight\/contact\?lang=en&receipt=[0-9a-f]{12}$/);
});

test('refusals are in the page’s language', async () => {
  const { handler } = world();
  const page = async (body) => (await handler(eventOf({ body, headers: { referer: 'https://site.example/kontakt/' } }))).body;

  assert.match(await page('_lang=de&name='), /lang="de"[\s\S]*Die Nachricht ist leer[\s\S]*href="\/kontakt\/">Zurück zum Formular/);
  assert.match(await page('name='), /lang="en"[\s\S]*The message is empty[\s\S]*Back to the form/);
});

test('the item', async () => {
  const { handler, stored } = world();
  const referer = 'https://d1.cloudfront.net/contact/?mail=ada%40example.org#form';

  await handler(eventOf({ body: 'z=1&a=2&_form=Kontakt%0D%0Ax', headers: { referer } }));

  const [item] = stored();
  assert.deepEqual(Object.keys(item).sort(),
    ['fields', 'form', 'id', 'order', 'page', 'pk', 'received', 'sk', 'spam', 'state', 'unread']);
  assert.equal(item.pk.S, 'form#contact');
  assert.match(item.sk.S, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z#[0-9a-f]{12}$/);
  assert.equal(item.sk.S, `${item.received.S}#${item.id.S}`);
  assert.deepEqual(item.order, { L: [{ S: 'z' }, { S: 'a' }] });
  assert.deepEqual([item.page.S, item.spam.BOOL, item.unread.BOOL, item.state.S, item.form.S],
    ['/contact/', false, true, 'stored', 'Kontakt x']);
});

test('messages stay for good, or for the days that were asked for', async () => {
  const { handler, stored } = world({ env: { DAYS: '30' } });
  const now = Date.now() / 1000;

  await handler(eventOf({ body: 'a=b' }));

  const left = Number(stored()[0].expires.N) - now;
  assert.ok(left > 30 * 86400 - 60 && left < 30 * 86400 + 60, String(left));
});

test('no address of a visitor is stored, and what stands for it expires', async () => {
  const { handler, items } = world();

  for (const visitor of ['198.51.100.77', '2001:db8:7:8:9:a:b:c'])
    await handler(eventOf({ body: 'a=b', visitor }));

  for (const kind of ['throttle', 'sent', 'form#contact']) {
    assert.equal(items(kind).length, 2);
    assert.doesNotMatch(JSON.stringify(items(kind)), /198\.51|2001|db8/);
  }
  for (const item of [...items('throttle'), ...items('sent')]) {
    const left = Number(item.expires.N) - Date.now() / 1000;

    assert.match(item.sk.S, /^[0-9a-f]{40}$/);
    assert.ok(left > -5 && left <= 601, String(left));
  }
});

test('what a visitor claims to be is not believed, and a network of the new kind is one visitor', async () => {
  const { handler, items } = world();
  const from = (forwarded) => handler(eventOf({ body: `a=${Math.random()}`, headers: { 'x-forwarded-for': forwarded } }));

  for (const claim of ['1.1.1.1', '2.2.2.2', '3.3.3.3, 4.4.4.4'])
    await from(`${claim}, 198.51.100.9, 130.176.0.1`);
  assert.equal(items('throttle').length, 1);

  for (const address of ['2001:db8:1:2::1', '2001:db8:1:2:aaaa::9', '2001:db8:1:2:1:2:3:4'])
    await from(`${address}, 130.176.0.1`);
  assert.equal(items('throttle').length, 2);
});

test('a script gets JSON with the receipt', async () => {
  const { handler, stored } = world();
  const answer = await handler(eventOf({ body: 'name=Ada', accept: '*/*' }));

  assert.equal(answer.statusCode, 200);
  assert.equal(JSON.parse(answer.body).id, stored()[0].id.S);
});

test('a table that fails is told, never as stored, and without personal data in the log', async () => {
  for (const accept of ['text/html', '*/*']) {
    const failWith = () => {
      throw Object.assign(new Error(`boom ${PERSONAL}`), { name: 'ThrottlingException' });
    };
    const { handler, stored, logged } = world({ failWith });
    const answer = await handler(eventOf({ body: `name=Ada&email=${PERSONAL}`, accept }));

    assert.equal(answer.statusCode, 503);
    assert.equal(answer.headers['retry-after'], '60');
    assert.match(answer.body, /Your message was not saved/);
    assert.equal(receiptOf(answer), undefined);
    assert.deepEqual(stored(), []);
    assert.deepEqual(logged,
      ['not throttled: ThrottlingException', 'not compared: ThrottlingException', 'not stored: ThrottlingException']);
  }
});

test('the helpers’ failures cost no message', async () => {
  const failWith = (input) => {
    if (!input.Item)
      throw Object.assign(new Error('x'), { name: 'InternalServerError' });
  };
  const { handler, stored } = world({ failWith });

  assert.equal((await handler(eventOf({ body: 'a=b' }))).statusCode, 303);
  assert.equal(stored().length, 1);
});

test('a message whose storing failed in the middle is stored by the next try, under the first receipt', async () => {
  let fail = true;
  const failWith = (input) => {
    if (input.Item && fail)
      throw Object.assign(new Error('x'), { name: 'InternalServerError' });
  };
  const { handler, stored, items } = world({ failWith });

  assert.equal((await handler(eventOf({ body: 'a=b' }))).statusCode, 503);
  fail = false;
  const answer = await handler(eventOf({ body: 'a=b' }));
  assert.equal(stored().length, 1);
  assert.equal(`${stored()[0].received.S}#${receiptOf(answer)}`, items('sent')[0].key.S);
});

test('the same form after a long time is a new message', async () => {
  const { handler, stored, items } = world();

  await handler(eventOf({ body: 'a=b' }));
  items('sent')[0].key.S = items('sent')[0].key.S.replace(/^\d{4}/, '2020');
  await handler(eventOf({ body: 'a=b' }));
  await handler(eventOf({ body: 'a=b' }));
  assert.equal(stored().length, 2);
});

test('nobody but the distribution is let in', async () => {
  const { handler, stored, items } = world();

  for (const secret of [null, '', SECRET.slice(1) + 'y', SECRET + 'x'])
    for (const method of ['GET', 'POST', 'PUT']) {
      const answer = await handler(eventOf({ body: 'a=b', secret, method, query: 'receipt=0123456789ab' }));

      assert.equal(answer.statusCode, 400);
      assert.match(answer.body, /direct use/);
    }
  assert.deepEqual([stored(), items('throttle')], [[], []]);
});

test('without a secret in the stack nobody is let in', async () => {
  const { handler } = world({ env: { SECRET: '' } });

  assert.equal((await handler(eventOf({ body: 'a=b', secret: '' }))).statusCode, 400);
});

test('the page of an error leads back to the form and nowhere else', async () => {
  const { handler } = world();
  const bodyFor = async (referer) => (await handler(eventOf({ body: '', headers: { referer } }))).body;

  assert.match(await bodyFor('https://site.example/contact/?a=b'), /href="\/contact\/"/);
  assert.doesNotMatch(await bodyFor('https://site.example//evil.example/'), /href=/);
  assert.doesNotMatch(await bodyFor('javascript:alert(1)'), /href=/);
  assert.doesNotMatch(await bodyFor('https://site.example/"><script>'), /<script>/);
});

test('events without the usual parts get an answer', async () => {
  const { handler } = world();
  const http = { requestContext: { http: { method: 'POST' } } };

  for (const event of [{}, null, { headers: null }, { headers: { 'x-porchlight-secret': SECRET }, body: null },
    { ...http, headers: { 'x-porchlight-secret': SECRET }, body: null },
    { ...http, headers: { 'x-porchlight-secret': SECRET, 'content-type': FORM_TYPE }, body: null }]) {
    const answer = await handler(event);
    assert.ok([400, 405, 415, 422].includes(answer.statusCode), String(answer.statusCode));
  }
});

test('noise never gets 403, 404 or an exception', async () => {
  const { handler } = world();
  let seed = 7;
  const random = (n) => (seed = (seed * 1103515245 + 12345) % 2147483648) % n;
  const types = [FORM_TYPE, JSON_TYPE, MULTIPART, 'multipart/form-data; boundary=', ';;=', 'a/b; charset="'];

  for (let i = 0; i < 3000; i++) {
    const byte = () => (random(4) ? random(256) : '\r\n-=&%"{}[]'.charCodeAt(random(11)));
    const body = Buffer.from(Array.from({ length: random(200) }, byte));
    const answer = await handler(eventOf({ body, type: types[random(types.length)], base64: true, visitor: newVisitor() }));
    assert.ok([200, 303, 400, 413, 415, 422].includes(answer.statusCode), String(answer.statusCode));
  }
});
