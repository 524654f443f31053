// Copyright 2026 The Porchlight developers
// SPDX-License-Identifier: GPL-3.0-or-later
// The form's function as the HTTP API calls it, the table played by a list.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadFunction } from './support.mjs';

const SECRET = 'x'.repeat(43);
const PERSONAL = 'ada@example.org';

class PutItemCommand {
  constructor(input) {
    this.input = input;
  }
}

function world({ env = {}, failWith = null } = {}) {
  const stored = [];
  const logged = [];
  const { handler } = loadFunction('contact.js', {
    env: { TABLE: 'messages', SECRET, THANKS: '/thanks/', ...env },
    log: (...words) => logged.push(words.join(' ')),
    modules: {
      '@aws-sdk/client-dynamodb': {
        PutItemCommand,
        DynamoDBClient: class {
          async send(command) {
            if (failWith)
              throw failWith;
            assert.equal(command.input.TableName, 'messages');
            stored.push(command.input.Item);
          }
        }
      }
    }
  });

  return { handler, stored, logged };
}

const FORM_TYPE = 'application/x-www-form-urlencoded';

function eventOf({ body = '', type = FORM_TYPE, accept = 'text/html,*/*;q=0.8', headers = {}, base64 = true }) {
  const bytes = Buffer.isBuffer(body) ? body : Buffer.from(body, 'utf8');

  return {
    version: '2.0', routeKey: 'POST /_porchlight/contact', rawPath: '/_porchlight/contact', rawQueryString: '',
    headers: { 'x-porchlight-secret': SECRET, ...(type ? { 'content-type': type } : {}), accept, ...headers },
    requestContext: { http: { method: 'POST', path: '/_porchlight/contact', sourceIp: '192.0.2.1' }, requestId: 'r' },
    body: base64 ? bytes.toString('base64') : bytes.toString('utf8'), isBase64Encoded: base64
  };
}

// The stored fields as {name: text or [texts]}
function fieldsOf(item) {
  return Object.fromEntries(Object.entries(item.fields.M).map(([name, value]) =>
    [name, value.L ? value.L.map((one) => one.S) : value.S]));
}

function multipart(parts, boundary = 'xYz') {
  return parts.map(([head, value]) => `--${boundary}\r\nContent-Disposition: form-data; ${head}\r\n\r\n${value}\r\n`).join('') +
    `--${boundary}--\r\n`;
}

const MULTIPART = 'multipart/form-data; boundary=xYz';
const JSON_TYPE = 'application/json';

const STORED = [
  ['plain form', { body: 'name=Ada&email=ada%40example.org&message=Hello' },
    { name: 'Ada', email: PERSONAL, message: 'Hello' }],
  ['plain form, not base64', { body: 'name=Ada', base64: false }, { name: 'Ada' }],
  ['charset suffix', { body: 'name=%C3%84da', type: FORM_TYPE + '; charset=UTF-8' }, { name: 'Äda' }],
  ['charset in quotes', { body: 'name=%C3%84da', type: FORM_TYPE + ';charset="utf-8"' }, { name: 'Äda' }],
  ['type in capitals', { body: 'name=Ada', type: 'Application/X-WWW-Form-Urlencoded' }, { name: 'Ada' }],
  ['ISO 8859-1', { body: 'name=%C4da+M%FCller', type: FORM_TYPE + '; charset=ISO-8859-1' }, { name: 'Äda Müller' }],
  ['ISO 8859-1, raw bytes',
    { body: Buffer.from('name=M\xfcller', 'latin1'), type: FORM_TYPE + '; charset=iso-8859-1' }, { name: 'Müller' }],
  ['windows-1252', { body: 'price=5+%80&quote=%93a%94', type: FORM_TYPE + '; charset=windows-1252' },
    { price: '5 €', quote: '“a”' }],
  ['UTF-8, raw bytes', { body: 'name=日本 🐈' }, { name: '日本 🐈' }],
  ['right to left', { body: 'name=' + encodeURIComponent('שלום') }, { name: 'שלום' }],
  ['bad UTF-8 is replaced', { body: 'name=A%FF%FEda' }, { name: 'A\ufffd\ufffdda' }],
  ['lone percent signs stay', { body: 'sale=100%+off&x=%zz' }, { sale: '100% off', x: '%zz' }],
  ['field repeated', { body: 'topics=a&topics=b&topics=c' }, { topics: ['a', 'b', 'c'] }],
  ['field without equals sign', { body: 'name=Ada&flag' }, { name: 'Ada', flag: '' }],
  ['equals sign in the value', { body: 'sum=1%2B1=2=2' }, { sum: '1+1=2=2' }],
  ['empty pairs and names are dropped', { body: '&&name=Ada&=lost&' }, { name: 'Ada' }],
  ['line ends become one kind', { body: 'message=a%0D%0Ab%0Dc%0Ad' }, { message: 'a\nb\nc\nd' }],
  ['control characters go, tabs stay', { body: 'message=a%00b%07c%1B%5B31m%09d%7F%C2%85' }, { message: 'abc[31m\td' }],
  ['spaces around go', { body: '+name+=++Ada++' }, { name: 'Ada' }],
  ['prototype names', { body: '__proto__=a&constructor=b&toString=c&hasOwnProperty=d' },
    { '(__proto__)': 'a', constructor: 'b', toString: 'c', hasOwnProperty: 'd' }],
  ['markup is text', { body: 'message=' + encodeURIComponent('<script>alert(1)</script>') }, { message: '<script>alert(1)</script>' }],
  ['standard names', {
    body: ['given_name', 'family_name', 'company', 'company_size', 'industry', 'revenue', 'email', 'phone_number_home',
      'phone_number_mobile', 'phone_number_work', 'phone_number_work_ext', 'address_1', 'address_2', 'city', 'state',
      'zip_code', 'county', 'message'].map((name) => `${name}=1`).join('&')
  }, {
    given_name: '1', family_name: '1', company: '1', company_size: '1', industry: '1', revenue: '1', email: '1',
    phone_number_home: '1', phone_number_mobile: '1', phone_number_work: '1', phone_number_work_ext: '1', address_1: '1',
    address_2: '1', city: '1', state: '1', zip_code: '1', county: '1', message: '1'
  }],
  ['a hundred fields', { body: Array.from({ length: 100 }, (_, i) => `f${i}=x`).join('&') },
    Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`f${i}`, 'x']))],
  ['the longest field', { body: 'message=' + 'x'.repeat(10000) }, { message: 'x'.repeat(10000) }],
  ['JSON', { body: '{"name":"Ada","topics":["a","b"],"age":36,"ok":true,"none":null}', type: JSON_TYPE },
    { name: 'Ada', topics: ['a', 'b'], age: '36', ok: 'true', none: '' }],
  ['JSON with charset', { body: '{"name":"Äda"}', type: 'application/json; charset=utf-8' }, { name: 'Äda' }],
  ['JSON with a byte order mark', { body: '\ufeff{"name":"Ada"}', type: JSON_TYPE }, { name: 'Ada' }],
  ['JSON, nested', { body: '{"name":{"first":"Ada"},"list":[{"a":1}]}', type: JSON_TYPE },
    { name: '{"first":"Ada"}', list: '{"a":1}' }],
  ['JSON with __proto__', { body: '{"__proto__":{"x":1},"name":"Ada"}', type: JSON_TYPE },
    { '(__proto__)': '{"x":1}', name: 'Ada' }],
  ['JSON with half a character', { body: '{"name":"A\\ud83d"}', type: JSON_TYPE }, { name: 'A\ufffd' }],
  ['multipart', {
    body: multipart([['name="name"', 'Ada'], ['name="message"', 'a\r\nb ü'], ['name="topics"', 'a'], ['name="topics"', 'b']]),
    type: MULTIPART
  },
    { name: 'Ada', message: 'a\nb ü', topics: ['a', 'b'] }],
  ['multipart, boundary in quotes',
    { body: multipart([['name="name"', 'Ada']], 'a b'), type: 'multipart/form-data; boundary="a b"' }, { name: 'Ada' }],
  ['multipart, name with a quote', { body: multipart([['name="a%22b"', 'x']]), type: MULTIPART }, { 'a"b': 'x' }],
  ['multipart, no file chosen',
    { body: multipart([['name="name"', 'Ada'], ['name="photo"; filename=""', '']]), type: MULTIPART }, { name: 'Ada' }],
  ['multipart, dashes in the text', { body: multipart([['name="name"', '--xY\r\n--\r\n--']]), type: MULTIPART },
    { name: '--xY\n--\n--' }]
];

const REFUSED = [
  ['empty body', { body: '' }, 422, /empty/],
  ['only empty fields', { body: 'name=&message=%20%0A' }, 422, /empty/],
  ['only the honeypot', { body: '_gotcha=x&name=' }, 422, /empty/],
  ['empty JSON', { body: '{}', type: JSON_TYPE }, 422, /empty/],
  ['too many fields', { body: Array.from({ length: 101 }, (_, i) => `f${i}=x`).join('&') }, 422, /too many fields/],
  ['field too long', { body: 'message=' + 'x'.repeat(10001) }, 413, /too long/],
  ['name too long', { body: 'x'.repeat(201) + '=1' }, 413, /too long/],
  ['body too long', { body: 'message=' + 'x'.repeat(64 * 1024) }, 413, /64 kilobytes/],
  ['no type', { body: 'name=Ada', type: '' }, 415, /type of content/],
  ['plain text', { body: 'name=Ada', type: 'text/plain' }, 415, /type of content/],
  ['XML', { body: '<a/>', type: 'application/xml' }, 415, /type of content/],
  ['unknown character set', { body: 'name=Ada', type: FORM_TYPE + '; charset=ebcdic' }, 415, /character set/],
  ['JSON cut off', { body: '{"name":"Ada', type: JSON_TYPE }, 400, /damaged/],
  ['JSON list', { body: '["Ada"]', type: JSON_TYPE }, 400, /damaged/],
  ['JSON text', { body: '"Ada"', type: JSON_TYPE }, 400, /damaged/],
  ['JSON null', { body: 'null', type: JSON_TYPE }, 400, /damaged/],
  ['JSON deeper than any form', { body: '{"a":' + '['.repeat(20000), type: JSON_TYPE }, 400, /damaged/],
  ['multipart without boundary', { body: multipart([['name="name"', 'Ada']]), type: 'multipart/form-data' }, 400, /damaged/],
  ['multipart cut off', { body: multipart([['name="name"', 'Ada']]).slice(0, -8), type: MULTIPART }, 400, /damaged/],
  ['multipart with another boundary', { body: multipart([['name="name"', 'Ada']], 'other'), type: MULTIPART }, 400, /damaged/],
  ['multipart part without name', { body: multipart([['x="name"', 'Ada']]), type: MULTIPART }, 400, /damaged/],
  ['multipart with a file',
    { body: multipart([['name="name"', 'Ada'], ['name="photo"; filename="a.jpg"', 'GIF89a']]), type: MULTIPART }, 415, /without a file/],
  ['no secret', { body: 'name=Ada', headers: { 'x-porchlight-secret': undefined } }, 400, /direct use/],
  ['wrong secret', { body: 'name=Ada', headers: { 'x-porchlight-secret': SECRET.slice(1) + 'y' } }, 400, /direct use/],
  ['secret of another length', { body: 'name=Ada', headers: { 'x-porchlight-secret': SECRET + 'x' } }, 400, /direct use/]
];

const NEXT = [
  ['none', undefined, '/thanks/?receipt='],
  ['own page', '/danke.html', '/danke.html?receipt='],
  ['with a query and a fragment', '/danke?x=1#top', '/danke?x=1&receipt=$ID#top'],
  ['with an umlaut', '/grüße/', '/gr%C3%BC%C3%9Fe/?receipt='],
  ['already escaped', '/gr%C3%BC%C3%9Fe/', '/gr%C3%BC%C3%9Fe/?receipt='],
  ['another site', 'https://evil.example/', '/thanks/?receipt='],
  ['another host', '//evil.example/', '/thanks/?receipt='],
  ['backslash', '/\\evil.example/', '/thanks/?receipt='],
  ['escaped backslash', '/%5Cevil.example/', '/thanks/?receipt='],
  ['script', 'javascript:alert(1)', '/thanks/?receipt='],
  ['line break', '/a\r\nSet-Cookie: x=1', '/thanks/?receipt='],
  ['escaped line break', '/a%0d%0aSet-Cookie:x', '/thanks/?receipt='],
  ['tab stays on this site', '/\t/evil.example', '/%09/evil.example?receipt='],
  ['relative', 'danke.html', '/thanks/?receipt=']
];

for (const [name, input, fields] of STORED)
  test(`stores: ${name}`, async () => {
    const { handler, stored, logged } = world();
    const answer = await handler(eventOf(input));
    const page = input.type?.startsWith('application/json') ? 200 : 303;

    assert.equal(answer.statusCode, page, answer.body);
    assert.equal(stored.length, 1);
    assert.deepEqual(fieldsOf(stored[0]), fields);
    assert.deepEqual(stored[0].order.L.map((one) => one.S).sort(), Object.keys(fields).sort());
    assert.equal(answer.headers['x-porchlight-receipt'], stored[0].id.S);
    assert.deepEqual(logged, []);
  });

for (const [name, input, status, words] of REFUSED)
  test(`refuses: ${name}`, async () => {
    const { handler, stored, logged } = world();
    const answer = await handler(eventOf(input));
    const script = await handler(eventOf({ ...input, accept: '*/*' }));

    assert.equal(answer.statusCode, status);
    assert.match(answer.body, words);
    assert.equal(answer.headers['content-type'], input.type === JSON_TYPE ? JSON_TYPE : 'text/html; charset=utf-8');
    assert.equal(script.statusCode, status);
    assert.match(JSON.parse(script.body).message, words);
    assert.deepEqual(stored, []);
    assert.deepEqual(logged, []);
  });

for (const [name, next, location] of NEXT)
  test(`thank-you page: ${name}`, async () => {
    const { handler, stored } = world();
    const body = 'name=Ada' + (next === undefined ? '' : `&_next=${encodeURIComponent(next)}`);
    const answer = await handler(eventOf({ body }));
    const id = stored[0].id.S;

    assert.equal(answer.statusCode, 303);
    assert.equal(answer.headers.location, location.includes('$ID') ? location.replace('$ID', id) : location + id);
    assert.deepEqual(fieldsOf(stored[0]), { name: 'Ada' });
  });

test('thank-you page of the stack that would lead elsewhere is not used', async () => {
  const { handler } = world({ env: { THANKS: '//evil.example' } });

  assert.match((await handler(eventOf({ body: 'a=b' }))).headers.location, /^\/system\/thanks\.html\?receipt=[0-9a-f]{12}$/);
});

test('the item', async () => {
  const { handler, stored } = world();

  const referer = 'https://d1.cloudfront.net/contact/?mail=ada%40example.org#form';

  await handler(eventOf({ body: 'z=1&a=2', headers: { referer } }));

  const [item] = stored;
  assert.equal(item.pk.S, 'form#contact');
  assert.match(item.sk.S, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z#[0-9a-f]{12}$/);
  assert.equal(item.sk.S, `${item.received.S}#${item.id.S}`);
  assert.deepEqual(item.order, { L: [{ S: 'z' }, { S: 'a' }] });
  assert.deepEqual([item.page.S, item.spam.BOOL, item.unread.BOOL, item.state.S], ['/contact/', false, true, 'stored']);
});

test('honeypot marks spam and is not kept', async () => {
  const { handler, stored } = world();
  const answer = await handler(eventOf({ body: 'name=Bot&_gotcha=http%3A%2F%2Fspam' }));

  assert.equal(answer.statusCode, 303);
  assert.equal(stored[0].spam.BOOL, true);
  assert.deepEqual(fieldsOf(stored[0]), { name: 'Bot' });
});

test('a script gets JSON with the receipt', async () => {
  const { handler, stored } = world();
  const answer = await handler(eventOf({ body: 'name=Ada', accept: '*/*' }));

  assert.equal(answer.statusCode, 200);
  assert.equal(JSON.parse(answer.body).id, stored[0].id.S);
});

test('a table that fails is told, never as stored, and without personal data in the log', async () => {
  for (const accept of ['text/html', '*/*']) {
    const failWith = Object.assign(new Error(`boom ${PERSONAL}`), { name: 'ThrottlingException' });
    const { handler, stored, logged } = world({ failWith });
    const answer = await handler(eventOf({ body: `name=Ada&email=${PERSONAL}`, accept }));

    assert.equal(answer.statusCode, 503);
    assert.match(answer.body, /Your message was not saved/);
    assert.equal(answer.headers['x-porchlight-receipt'], undefined);
    assert.deepEqual(stored, []);
    assert.deepEqual(logged, ['not stored: ThrottlingException']);
  }
});

test('without a secret in the stack nobody is let in', async () => {
  const { handler } = world({ env: { SECRET: '' } });

  assert.equal((await handler(eventOf({ body: 'a=b', headers: { 'x-porchlight-secret': '' } }))).statusCode, 400);
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

  for (const event of [{}, null, { headers: null }, { headers: { 'x-porchlight-secret': SECRET }, body: null },
    { headers: { 'x-porchlight-secret': SECRET, 'content-type': FORM_TYPE }, body: null }]) {
    const answer = await handler(event);
    assert.ok([400, 415, 422].includes(answer.statusCode), String(answer.statusCode));
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
    const answer = await handler(eventOf({ body, type: types[random(types.length)] }));
    assert.ok([200, 303, 400, 413, 415, 422].includes(answer.statusCode), String(answer.statusCode));
  }
});
