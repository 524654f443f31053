// Copyright 2026 The Porchlight developers
// SPDX-License-Identifier: GPL-3.0-or-later
// What is sent to the form and what has to become of it. The same table is run through the function in Node.js, and what it
// makes of it there through the practice cloud (answers.mjs).

export const FORM_TYPE = 'application/x-www-form-urlencoded';
export const JSON_TYPE = 'application/json';
export const MULTIPART = 'multipart/form-data; boundary=xYz';

export function multipart(parts, boundary = 'xYz') {
  return parts.map(([head, value]) => `--${boundary}\r\nContent-Disposition: form-data; ${head}\r\n\r\n${value}\r\n`).join('') +
    `--${boundary}--\r\n`;
}

const CLOUDSITE_FIELDS = [
  'given_name', 'family_name', 'company', 'company_size', 'industry', 'revenue', 'email', 'phone_number_home',
  'phone_number_mobile', 'phone_number_work', 'phone_number_work_ext', 'address_1', 'address_2', 'city', 'state', 'zip_code',
  'county', 'message'
];
const CLOUDSITE = Object.fromEntries(CLOUDSITE_FIELDS.map((name, number) => [name, `${name} ${number}`]));
const TOPICS = ['Kayak', 'Sailing and rowing'];
const EMOJI = '👩‍👩‍👧‍👦 שלום עולם، مرحبا بالعالم — '.repeat(200);

// [name, request, fields]; a request may have headers, another path, or an accept
export const STORED = [
  ['plain form', { body: 'name=Ada&email=ada%40example.org&message=Hello' },
    { name: 'Ada', email: 'ada@example.org', message: 'Hello' }],
  ['charset suffix', { body: 'name=%C3%84da', type: FORM_TYPE + '; charset=UTF-8' }, { name: 'Äda' }],
  ['charset in quotes', { body: 'name=%C3%84da', type: FORM_TYPE + ';charset="utf-8"' }, { name: 'Äda' }],
  ['type in capitals', { body: 'name=Ada', type: 'Application/X-WWW-Form-Urlencoded' }, { name: 'Ada' }],
  ['ISO 8859-1', { body: 'name=%C4da+M%FCller', type: FORM_TYPE + '; charset=ISO-8859-1' }, { name: 'Äda Müller' }],
  ['ISO 8859-1, raw bytes',
    { body: Buffer.from('name=M\xfcller', 'latin1'), type: FORM_TYPE + '; charset=iso-8859-1' }, { name: 'Müller' }],
  ['windows-1252', { body: 'price=5+%80&quote=%93a%94', type: FORM_TYPE + '; charset=windows-1252' },
    { price: '5 €', quote: '“a”' }],
  ['ASCII by name', { body: 'name=Ada', type: FORM_TYPE + '; charset=us-ascii' }, { name: 'Ada' }],
  ['UTF-8, raw bytes', { body: 'name=日本 🐈' }, { name: '日本 🐈' }],
  ['right to left', { body: 'name=' + encodeURIComponent('שלום') }, { name: 'שלום' }],
  ['long, emoji and right to left', { body: 'message=' + encodeURIComponent(EMOJI) }, { message: EMOJI.trim() }],
  ['bad UTF-8 is replaced', { body: 'name=A%FF%FEda' }, { name: 'A\ufffd\ufffdda' }],
  ['UTF-8 cut off', { body: 'name=A%E2%82' }, { name: 'A\ufffd' }],
  ['overlong UTF-8', { body: 'name=%C0%AF' }, { name: '\ufffd\ufffd' }],
  ['halves of a character in UTF-8', { body: 'name=%ED%A0%BD%ED%B8%80' }, { name: '\ufffd'.repeat(6) }],
  ['lone percent signs stay', { body: 'sale=100%+off&x=%zz' }, { sale: '100% off', x: '%zz' }],
  ['field repeated', { body: 'topics=a&topics=b&topics=c' }, { topics: ['a', 'b', 'c'] }],
  ['field without equals sign', { body: 'name=Ada&flag' }, { name: 'Ada', flag: '' }],
  ['equals sign in the value', { body: 'sum=1%2B1=2=2' }, { sum: '1+1=2=2' }],
  ['empty pairs and names are dropped', { body: '&&name=Ada&=lost&' }, { name: 'Ada' }],
  ['line ends become one kind', { body: 'message=a%0D%0Ab%0Dc%0Ad' }, { message: 'a\nb\nc\nd' }],
  ['control characters go, tabs stay', { body: 'message=a%00b%07c%1B%5B31m%09d%7F%C2%85' }, { message: 'abc[31m\td' }],
  ['header lines are text', { body: 'email=a%40example.org%0D%0ABcc%3A+all%40example.org&x%0D%0Ay=1' },
    { email: 'a@example.org\nBcc: all@example.org', 'x y': '1' }],
  ['spaces around go', { body: '+name+=++Ada++' }, { name: 'Ada' }],
  ['prototype names', { body: '__proto__=a&constructor=b&toString=c&hasOwnProperty=d' },
    { '(__proto__)': 'a', constructor: 'b', toString: 'c', hasOwnProperty: 'd' }],
  ['markup is text', { body: 'message=' + encodeURIComponent('<script>alert(1)</script>') },
    { message: '<script>alert(1)</script>' }],
  ['the names of Cloudsite', { body: new URLSearchParams([...Object.entries(CLOUDSITE), ...TOPICS.map((one) => ['topics', one])]).toString() },
    { ...CLOUDSITE, topics: TOPICS }],
  ['the names of Cloudsite at its path', {
    path: '/contact-handler', body: new URLSearchParams([...Object.entries(CLOUDSITE), ...TOPICS.map((one) => ['topics', one])]).toString()
  }, { ...CLOUDSITE, topics: TOPICS }],
  ['the script of Cloudsite', {
    path: '/contact-handler', body: JSON.stringify({ ...CLOUDSITE, topics: TOPICS, own: 'kept' }), type: JSON_TYPE, accept: '*/*'
  }, { ...CLOUDSITE, topics: TOPICS, own: 'kept' }],
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
  }, { name: 'Ada', message: 'a\nb ü', topics: ['a', 'b'] }],
  ['multipart, boundary in quotes',
    { body: multipart([['name="name"', 'Ada']], 'a b'), type: 'multipart/form-data; boundary="a b"' }, { name: 'Ada' }],
  ['multipart, name with a quote', { body: multipart([['name="a%22b"', 'x']]), type: MULTIPART }, { 'a"b': 'x' }],
  ['multipart, name without quotes', { body: multipart([['name=plain', 'x']]), type: MULTIPART }, { plain: 'x' }],
  ['multipart, no file chosen',
    { body: multipart([['name="name"', 'Ada'], ['name="photo"; filename=""', '']]), type: MULTIPART }, { name: 'Ada' }],
  ['multipart, dashes in the text', { body: multipart([['name="name"', '--xY\r\n--\r\n--']]), type: MULTIPART },
    { name: '--xY\n--\n--' }]
];

// [name, request, status, words]
export const REFUSED = [
  ['empty body', { body: '' }, 422, 'empty'],
  ['only empty fields', { body: 'name=&message=%20%0A' }, 422, 'empty'],
  ['only the honeypot', { body: '_gotcha=x&name=' }, 422, 'empty'],
  ['only fields for the function', { body: '_next=/x&_lang=de&_elapsed=5&_form=a', accept: '*/*' }, 422, 'leer'],
  ['empty JSON', { body: '{}', type: JSON_TYPE }, 422, 'empty'],
  ['too many fields', { body: Array.from({ length: 101 }, (_, i) => `f${i}=x`).join('&') }, 422, 'too many fields'],
  ['field too long', { body: 'message=' + 'x'.repeat(10001) }, 413, 'too long'],
  ['name too long', { body: 'x'.repeat(201) + '=1' }, 413, 'too long'],
  ['body too long', { body: 'message=' + 'x'.repeat(64 * 1024) }, 413, '64 kilobytes'],
  ['no type', { body: 'name=Ada', type: '' }, 415, 'type of content'],
  ['plain text', { body: 'name=Ada', type: 'text/plain' }, 415, 'type of content'],
  ['XML', { body: '<a/>', type: 'application/xml' }, 415, 'type of content'],
  ['unknown character set', { body: 'name=Ada', type: FORM_TYPE + '; charset=ebcdic' }, 415, 'character set'],
  ['two bytes a character', { body: 'name=Ada', type: FORM_TYPE + '; charset=UTF-16LE' }, 415, 'character set'],
  ['JSON cut off', { body: '{"name":"Ada', type: JSON_TYPE }, 400, 'damaged'],
  ['JSON list', { body: '["Ada"]', type: JSON_TYPE }, 400, 'damaged'],
  ['JSON text', { body: '"Ada"', type: JSON_TYPE }, 400, 'damaged'],
  ['JSON null', { body: 'null', type: JSON_TYPE }, 400, 'damaged'],
  ['JSON deeper than any form', { body: '{"a":' + '['.repeat(20000), type: JSON_TYPE }, 400, 'damaged'],
  ['multipart without boundary', { body: multipart([['name="name"', 'Ada']]), type: 'multipart/form-data' }, 400, 'damaged'],
  ['multipart cut off', { body: multipart([['name="name"', 'Ada']]).slice(0, -8), type: MULTIPART }, 400, 'damaged'],
  ['multipart with another boundary', { body: multipart([['name="name"', 'Ada']], 'other'), type: MULTIPART }, 400, 'damaged'],
  ['multipart part without name', { body: multipart([['x="name"', 'Ada']]), type: MULTIPART }, 400, 'damaged'],
  ['multipart with a file',
    { body: multipart([['name="name"', 'Ada'], ['name="photo"; filename="a.jpg"', 'GIF89a']]), type: MULTIPART }, 415, 'without a file'],
  ['another method', { method: 'PUT', body: 'name=Ada' }, 405, 'direct use']
];

// [name, _next, where the browser goes; $ID is the receipt]
export const NEXT = [
  ['none', undefined, '/thanks/?receipt=$ID'],
  ['own page', '/danke.html', '/danke.html?receipt=$ID'],
  ['with a query and a fragment', '/danke?x=1#top', '/danke?x=1&receipt=$ID#top'],
  ['with an umlaut', '/grüße/', '/gr%C3%BC%C3%9Fe/?receipt=$ID'],
  ['already escaped', '/gr%C3%BC%C3%9Fe/', '/gr%C3%BC%C3%9Fe/?receipt=$ID'],
  ['another site', 'https://evil.example/', '/thanks/?receipt=$ID'],
  ['another host', '//evil.example/', '/thanks/?receipt=$ID'],
  ['backslash', '/\\evil.example/', '/thanks/?receipt=$ID'],
  ['escaped backslash', '/%5Cevil.example/', '/thanks/?receipt=$ID'],
  ['script', 'javascript:alert(1)', '/thanks/?receipt=$ID'],
  ['line break', '/a\r\nSet-Cookie: x=1', '/thanks/?receipt=$ID'],
  ['escaped line break', '/a%0d%0aSet-Cookie:x', '/thanks/?receipt=$ID'],
  ['tab stays on this site', '/\t/evil.example', '/%09/evil.example?receipt=$ID'],
  ['relative', 'danke.html', '/thanks/?receipt=$ID']
];

const buy = 'Buy cheap pills at https://pills.example and https://more.example now';

// [name, body, reasons, whether it is spam at the levels off, low, normal, high]
export const SPAM = [
  ['a message', 'name=Ada&message=Hello+there', [], '0000'],
  ['honeypot', 'name=Bot&_gotcha=http%3A%2F%2Fx', ['honeypot'], '0111'],
  ['typed at once', 'name=Bot&message=hi&_elapsed=800', ['fast'], '0011'],
  ['typed by hand', 'name=Ada&message=hi&_elapsed=9500', [], '0000'],
  ['a time that is none', 'name=Ada&message=hi&_elapsed=now', [], '0000'],
  ['one link', 'name=Ada&message=' + encodeURIComponent('My site is https://ada.example'), [], '0000'],
  ['two links', 'name=Ada&message=' + encodeURIComponent(buy), ['links'], '0001'],
  ['many links', 'name=Ada&message=' + encodeURIComponent(`${buy} ${buy} www.x.example`), ['links'], '0011'],
  ['a link for a name', 'name=https://x.example&message=hi', ['links'], '0011'],
  ['the same in every field', 'name=Get+rich+quick&subject=Get+rich+quick&message=Get+rich+quick', ['repeats'], '0001'],
  ['one word over and over', 'message=' + 'casino+'.repeat(12), ['repeats'], '0001'],
  ['all of it', `name=x&a=${encodeURIComponent(buy)}&b=${encodeURIComponent(buy)}&_elapsed=3&_gotcha=1`,
    ['honeypot', 'fast', 'links', 'repeats'], '0111']
];
