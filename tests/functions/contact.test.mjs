// Copyright 2026 The Porchlight developers
// SPDX-License-Identifier: GPL-3.0-or-later
// The form's function as the HTTP API calls it: with the table played by a map, and with the real SDK against the
// DynamoDB stand-ins of others (dynalite, moto).

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FORM_TYPE, JSON_TYPE, multipart, MULTIPART, NEXT, REFUSED, SPAM, STORED } from './contact-cases.mjs';
import {
  createTable, eventOf, fieldsOf, itemsOf, loadFunction, memoryTable as memory, putItem, SECRET, sdk, starters, testsWith,
  useServers, WORDS, wordsItem
} from './support.mjs';

const PERSONAL = 'ada@example.org';
const LEVELS = ['off', 'low', 'normal', 'high'];

let visitors = 0;
const newVisitor = () => `10.${visitors >> 16}.${(visitors >> 8) & 255}.${visitors++ & 255}`;

function load({ modules, env = {}, source }) {
  const logged = [];
  const { handler } = loadFunction('contact.js', {
    env: { TABLE: 'messages', SECRET, THANKS: '/thanks/', ...env }, log: (...words) => logged.push(words.join(' ')), modules, source
  });

  return { handler, logged };
}

// A world of its own in memory
function world({ env, failWith } = {}) {
  const table = memory({ failWith });

  return { ...load({ modules: table.modules, env }), stored: () => table.items('form#contact'), items: table.items, put: table.put };
}

function receiptOf(answer) {
  return answer.headers['x-porchlight-receipt'];
}

// ---- the table of cases, against every stand-in ----

const servers = ['memory', 'memory, as written', ...Object.keys(starters)];

for (const name of servers) {
  let modules = null;
  let find = null;
  let all = null;
  let put = null;
  const source = name === 'memory, as written';
  const it = testsWith(name, async (server) => {
    if (server) {
      useServers({ dynamodb: server.endpoint });

      const client = new sdk['@aws-sdk/client-dynamodb'].DynamoDBClient({});

      await createTable(client);
      await putItem(client, wordsItem);
      modules = sdk;
      all = async () => (await itemsOf(client, 'form#contact', Infinity)).map((item) => item.id.S);
      find = async (id) => (await itemsOf(client, 'form#contact', 40)).filter((item) => item.id.S === id);
      put = (item) => putItem(client, item);
    } else {
      const table = memory();

      modules = table.modules;
      put = table.put;
      all = async () => table.items('form#contact').map((item) => item.id.S);
      find = async (id) => table.items('form#contact').filter((item) => item.id.S === id);
    }
  });

  const send = (input, env) => load({ modules, env, source }).handler(eventOf({ visitor: newVisitor(), ...input }));

  // Many at once, but one after the other for moto, whose threads get into each other's way
  async function sendAll(inputs) {
    const answers = [];
    const line = inputs.entries();

    await Promise.all(Array.from({ length: name === 'moto' ? 1 : 50 }, async () => {
      for (const [at, input] of line)
        answers[at] = await send(input);
    }));
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

    const stored = new Set(await all());

    assert.ok(answers.every((answer) => stored.has(receiptOf(answer)) === (answer.statusCode === 200)));
    assert.equal((await send({ body: 'n=1' })).statusCode, 303);
  });

  it('a test message is known by a number in the table', async () => {
    const number = 'c3'.repeat(16);

    await put({ pk: { S: 'proof' }, sk: { S: number }, wantsMail: { BOOL: false } });

    const [first] = await find(receiptOf(await send({ body: `a=b&_proof=${number}` })));
    const [second] = await find(receiptOf(await send({ body: `a=b&_proof=${number}` })));

    assert.deepEqual([first.proof, first.wantsMail, second.proof], [{ S: number }, { BOOL: false }, undefined]);
  });

  it('of many at once all that get a receipt are stored, and nothing else', async () => {
    const before = new Set(await all());
    const most = name === 'moto' ? 50 : 2000;
    const answers = await sendAll(Array.from({ length: most }, (_, i) => ({ body: `{"n":${i}}`, type: JSON_TYPE })));
    const stored = (await all()).filter((id) => !before.has(id));

    assert.ok(answers.every((answer) => answer.statusCode === 200));
    assert.deepEqual(stored.sort(), answers.map(receiptOf).sort());
    assert.equal(new Set(stored).size, most);
  });
}

// ---- one by one ----

test('the built-in thank-you page is in the page\u2019s language', async () => {
  const { handler } = world({ env: { THANKS: '' } });

  for (const [body, accepted, lang, words] of [
    ['a=b', undefined, 'en', 'Thank you'], ['a=b', 'de-AT,en;q=0.5', 'de', 'Vielen Dank'], ['a=b', 'xx, de', 'de', 'Vielen Dank'],
    ['a=b', 'en-GB,de', 'en', 'Thank you'], ['a=b&_lang=en', 'de', 'en', 'Thank you'], ['a=b&_lang=DE-at', 'en', 'de', 'Vielen Dank'],
    ['a=b&_lang=ar', 'en', 'ar', '\u0634\u0643\u0631\u064b\u0627'], ['a=b&_lang=__proto__', '*', 'en', 'Thank you'], ['a=b&_lang=xx', 'xx', 'en', 'Thank you']
  ]) {
    const headers = { 'accept-language': accepted };
    const answer = await handler(eventOf({ body, visitor: newVisitor(), headers }));
    const match = /^\/_porchlight\/contact\?((?:lang=[a-z]{2}&)?receipt=([0-9a-f]{12}))$/.exec(answer.headers.location);
    const page = await handler(eventOf({ method: 'GET', query: match[1], type: '', headers }));

    assert.equal(match[2], receiptOf(answer));
    assert.equal(page.statusCode, 200);
    assert.match(page.body, new RegExp(`<html lang="${lang}" dir="auto">`), body);
    assert.ok(page.body.includes(words) && page.body.includes(`<bdi>${match[2]}</bdi>`));
    assert.equal(page.headers['cache-control'], 'no-store');
  }
});

test('the table is asked for other languages once, and only when one is wanted', async () => {
  let reads = 0;
  const { handler } = world({ failWith: (input) => { reads += !input.Item && !input.UpdateExpression; } });
  const page = (language) => handler(eventOf({ body: '', headers: { 'accept-language': language } }));

  await page('en-US,de');
  await page(undefined);
  assert.equal(reads, 0);
  await page('fr');
  await page('de');
  assert.equal(reads, 1);
});

test('where the table has no other languages, or does not answer, it is English', async () => {
  for (const modules of [memory({ words: false }).modules, memory({ failWith: () => { throw new Error('x'); } }).modules]) {
    const answer = await load({ modules }).handler(eventOf({ body: '', headers: { 'accept-language': 'de' } }));

    assert.match(answer.body, /lang="en"[\s\S]*The message is empty/);
  }
});

test('every language has all that people read', () => {
  assert.ok(Object.keys(WORDS).length >= 20);
  for (const [language, texts] of Object.entries(WORDS)) {
    assert.match(language, /^[a-z]{2}$/);
    assert.deepEqual(Object.keys(texts).sort(), Object.keys(WORDS.de).sort(), language);
    for (const [name, text] of Object.entries(texts)) {
      assert.doesNotMatch(text, /[<>&"]|^\s|\s$/, language);
      assert.equal(text.split('|').length, ['receipt', 'back', 'home', 'kept'].includes(name) ? 1 : 2, `${language} ${name}`);
    }
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

  assert.match((await handler(eventOf({ body: 'a=b' }))).headers.location, /^\/_porchlight\/contact\?receipt=[0-9a-f]{12}$/);
});

test('refusals are in the page’s language', async () => {
  const { handler } = world();
  const page = async (body) => (await handler(eventOf({ body, headers: { referer: 'https://site.example/kontakt/' } }))).body;

  assert.match(await page('_lang=de&name='), /lang="de"[\s\S]*Die Nachricht ist leer[\s\S]*href="\/kontakt\/">Zurück zum Formular/);
  assert.match(await page(`message=${'x'.repeat(10001)}&_lang=de`), /lang="de"[\s\S]*Die Nachricht ist zu lang/);
  assert.match(await page('name='), /lang="en"[\s\S]*The message is empty[\s\S]*Back to the form/);
});

test('what can’t be taken apart is refused in the page’s language, too', async () => {
  const { handler } = world();
  const german = /lang="de"/;
  const parts = multipart([['name="_lang"', 'de'], ['name="photo"; filename="a.jpg"', 'GIF89a']]);

  assert.match((await handler(eventOf({ body: `_lang=de&message=${'x'.repeat(64 * 1024)}` }))).body, german);
  assert.match((await handler(eventOf({ body: parts, type: MULTIPART }))).body, german);
  assert.match((await handler(eventOf({ body: parts.replaceAll('"_lang"', '_lang'), type: MULTIPART }))).body, german);
  assert.doesNotMatch((await handler(eventOf({ body: 'message=not_lang=de&other=', type: 'text/plain' }))).body, german);
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

test('a table that fails is told in the page’s language', async () => {
  const failWith = (input) => {
    if (input.Item)
      throw Object.assign(new Error('x'), { name: 'InternalServerError' });
  };
  const answer = await world({ failWith }).handler(eventOf({ body: 'a=b&_lang=fr' }));

  assert.equal(answer.statusCode, 503);
  assert.match(answer.body, /<html lang="fr"[\s\S]*n’a pas été enregistré/);
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

test('who may write the table may send one quiet test message', async () => {
  const { handler, stored, items, put } = world();
  const number = 'a1'.repeat(16);
  const send = (proof) => handler(eventOf({ body: `name=https://a.example+www.b.example&_gotcha=x&_proof=${proof}` }));

  put({ pk: { S: 'proof' }, sk: { S: number }, wantsMail: { BOOL: true } });

  const answer = await send(number);
  const [item] = stored();

  assert.equal(answer.statusCode, 303);
  assert.deepEqual([item.id.S, item.proof.S, item.wantsMail.BOOL, item.spam.BOOL, item.unread.BOOL, item.why],
    [receiptOf(answer), number, true, false, false, undefined]);
  assert.equal(items('proof')[0].key.S, item.sk.S);
  assert.deepEqual(fieldsOf(item), { name: 'https://a.example www.b.example' });
  assert.ok(Math.abs(Number(item.expires.N) - Date.now() / 1000 - 86400) < 60);
  assert.deepEqual([...items('throttle'), ...items('sent')], []);

  // a number that was used, that nobody wrote down, or that is none
  for (const proof of [number, 'b2'.repeat(16), 'A1'.repeat(16), `${number}0`, '__proto__'])
    assert.equal((await send(proof)).statusCode, 303);
  assert.deepEqual(stored().slice(1).map((one) => [one.proof, one.spam.BOOL, fieldsOf(one)._proof]), [[undefined, true, undefined]]);
  assert.equal(items('sent').length, 1);
});

test('a test message that can not be told from others is not stored', async () => {
  const failWith = (input) => {
    if (input.Key?.pk.S === 'proof')
      throw Object.assign(new Error('x'), { name: 'InternalServerError' });
  };
  const { handler, stored } = world({ failWith });

  assert.equal((await handler(eventOf({ body: `a=b&_proof=${'a1'.repeat(16)}` }))).statusCode, 503);
  assert.deepEqual(stored(), []);
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
