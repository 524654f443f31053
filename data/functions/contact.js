// Copyright 2026 The Porchlight developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Takes a form of the site (API Gateway HTTP API, payload 2.0) and stores it as one item of the messages' table;
// the mail is another function's work, so that a mail that fails never costs a message. 403 and 404 are never
// answered, the distribution would put the site's own error page in their place. Nothing a visitor wrote is logged.

'use strict';

const { DynamoDBClient, PutItemCommand } = require('@aws-sdk/client-dynamodb');
const { createHash, randomBytes, timingSafeEqual } = require('node:crypto');

const MAX_BYTES = 64 * 1024;
const MAX_FIELDS = 100;
const MAX_CHARACTERS = 10000;
const MAX_NAME = 200;

// Fields that tell this function something and are no part of the message
const HONEYPOT = '_gotcha';
const NEXT = '_next';

const CHARSETS = {
  'utf-8': 'utf-8', 'utf8': 'utf-8', 'us-ascii': 'utf-8',
  'iso-8859-1': 'windows-1252', 'latin1': 'windows-1252', 'windows-1252': 'windows-1252', 'cp1252': 'windows-1252'
};

// 0x80 to 0x9f of windows-1252, which browsers mean by iso-8859-1 too
const WINDOWS_1252 = '\u20ac\x81\u201a\u0192\u201e\u2026\u2020\u2021\u02c6\u2030\u0160\u2039\u0152\x8d\u017d\x8f' +
  '\x90\u2018\u2019\u201c\u201d\u2022\u2013\u2014\u02dc\u2122\u0161\u203a\u0153\x9d\u017e\u0178';

const client = new DynamoDBClient({});

class Refusal extends Error {
  constructor(status, title, text) {
    super(title);
    this.status = status;
    this.title = title;
    this.text = text;
  }
}

const malformed = () =>
  new Refusal(400, 'The form could not be read', 'What arrived was damaged or incomplete. Please send it again.');

function header(event, name) {
  const value = event && event.headers && event.headers[name];

  return typeof value === 'string' ? value : '';
}

function isFromSite(event) {
  const digest = (text) => createHash('sha256').update(text).digest();
  const secret = process.env.SECRET || '';

  return secret !== '' && timingSafeEqual(digest(header(event, 'x-porchlight-secret')), digest(secret));
}

// "text/html; charset=x; boundary=\"y\"" as {type, charset, boundary}
function parseContentType(text) {
  const result = { type: text.split(';')[0].trim().toLowerCase(), charset: 'utf-8', boundary: '' };

  for (const [, name, quoted, plain] of text.matchAll(/;\s*([\w-]+)=(?:"([^"]*)"|([^\s;]*))/g)) {
    if (name.toLowerCase() === 'charset')
      result.charset = CHARSETS[(quoted || plain).toLowerCase()] || '';
    else if (name.toLowerCase() === 'boundary')
      result.boundary = quoted || plain;
  }

  return result;
}

// The forms are taken apart as bytes, one character each, and become text at the end
function toText(bytes, charset) {
  if (charset === 'windows-1252')
    return bytes.replace(/[\x80-\x9f]/g, (byte) => WINDOWS_1252[byte.charCodeAt(0) - 0x80]);

  return Buffer.from(bytes, 'latin1').toString('utf8');
}

function parseUrlencoded(bytes, charset) {
  const decode = (part) => toText(part.replace(/\+/g, ' ')
    .replace(/%([0-9a-f]{2})/gi, (_, hex) => String.fromCharCode(parseInt(hex, 16))), charset);

  return bytes.split('&').filter((pair) => pair !== '').map((pair) => {
    const at = pair.indexOf('=');

    return at < 0 ? [decode(pair), ''] : [decode(pair.slice(0, at)), decode(pair.slice(at + 1))];
  });
}

function parseMultipart(bytes, boundary, charset) {
  const parts = ('\r\n' + bytes).split('\r\n--' + boundary);
  const fields = [];

  if (boundary === '' || parts.length < 2 || !parts.pop().startsWith('--'))
    throw malformed();

  for (const part of parts.slice(1)) {
    const end = part.indexOf('\r\n\r\n');
    const head = part.slice(0, end);
    const name = /^content-disposition:\s*form-data\b.*?;\s*name="([^"]*)"/im.exec(head);
    const file = /^content-disposition:.*;\s*filename\*?=(?:"([^"]*)"|([^\s;]*))/im.exec(head);
    const value = part.slice(end + 4);

    if (end < 0 || !name)
      throw malformed();
    if (file && (file[1] || file[2] || value !== ''))
      throw new Refusal(415, 'Files can’t be sent here', 'This form takes text only. Please send it without a file.');
    if (!file)
      fields.push([toText(name[1].replace(/%22/g, '"').replace(/%0D%0A/gi, ' '), charset), toText(value, charset)]);
  }

  return fields;
}

function parseJson(bytes) {
  const scalar = (value) => {
    if (value === null)
      return '';
    return typeof value === 'object' ? JSON.stringify(value) : String(value);
  };

  try {
    const object = JSON.parse(toText(bytes, 'utf-8').replace(/^\ufeff/, ''));

    if (typeof object !== 'object' || object === null || Array.isArray(object))
      throw malformed();

    return Object.keys(object).flatMap((name) =>
      (Array.isArray(object[name]) ? object[name] : [object[name]]).map((value) => [name, scalar(value)]));
  } catch (error) {
    throw malformed();
  }
}

function parse(event) {
  const { type, charset, boundary } = parseContentType(header(event, 'content-type'));
  const body = Buffer.from(event.body || '', event.isBase64Encoded ? 'base64' : 'utf8');

  if (body.length > MAX_BYTES)
    throw new Refusal(413, 'The message is too long',
      'All fields together take at most 64 kilobytes. Please shorten it and send it again.');
  if (charset === '')
    throw new Refusal(415, 'The form could not be read', 'It came in an unknown character set. UTF-8 always works.');

  switch (type) {
    case 'application/x-www-form-urlencoded':
      return parseUrlencoded(body.toString('latin1'), charset);
    case 'multipart/form-data':
      return parseMultipart(body.toString('latin1'), boundary, charset);
    case 'application/json':
      return parseJson(body.toString('latin1'));
    default:
      throw new Refusal(415, 'The form could not be read',
        'It came as a type of content that is not taken here. A plain form or JSON works.');
  }
}

// One line end, no control characters but line ends and tabs, no broken halves of characters
function clean(text) {
  return text.replace(/\r\n?/g, '\n').replace(/[\0-\x08\x0b-\x1f\x7f-\x9f]/g, '').replace(/\p{Cs}/gu, '\ufffd').trim();
}

function cleanName(text) {
  const name = clean(text).replace(/\s+/g, ' ');

  // the one name that plain objects on the way would swallow
  return name === '__proto__' ? '(__proto__)' : name;
}

function collect(pairs) {
  const fields = new Map();

  if (pairs.length > MAX_FIELDS)
    throw new Refusal(422, 'The form has too many fields', `At most ${MAX_FIELDS} fields can be sent at once.`);

  for (const [rawName, rawValue] of pairs) {
    const name = cleanName(rawName);
    const value = clean(rawValue);

    if (name.length > MAX_NAME || value.length > MAX_CHARACTERS)
      throw new Refusal(413, 'The message is too long',
        'A field takes at most 10,000 characters, and its name 200. Please shorten it and send it again.');
    if (name !== '')
      fields.set(name, (fields.get(name) || []).concat(value));
  }

  return fields;
}

function takeField(fields, name) {
  const value = (fields.get(name) || []).join('');

  fields.delete(name);
  return value;
}

// A path of this site, or "": nobody may use the form to send visitors elsewhere
function sitePath(text) {
  let path = '';

  try {
    path = encodeURI(text).replace(/%25/g, '%');
  } catch (error) {
    return '';
  }

  return /^\/(?![/\\])[!-~]*$/.test(path) && !/\\|%5c|%0[ad]/i.test(path) && path.length <= 1000 ? path : '';
}

// The path of the page that the form stood on, without the query, which may say something about the visitor
function refererPath(event) {
  const match = /^https?:\/\/[^/]+(\/[^?#]*)/i.exec(header(event, 'referer'));

  return match ? sitePath(match[1]).slice(0, 500) : '';
}

function toItem(fields, spam, page, now) {
  const id = randomBytes(6).toString('hex');
  const values = {};

  for (const [name, list] of fields)
    values[name] = list.length === 1 ? { S: list[0] } : { L: list.map((value) => ({ S: value })) };

  return {
    pk: { S: 'form#contact' },
    sk: { S: `${now}#${id}` },
    id: { S: id },
    form: { S: 'contact' },
    received: { S: now },
    fields: { M: values },
    order: { L: Array.from(fields.keys(), (name) => ({ S: name })) },
    page: { S: page },
    spam: { BOOL: spam },
    unread: { BOOL: true },
    state: { S: 'stored' }
  };
}

function escapeHtml(text) {
  return text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

function errorPage(refusal, back) {
  const kept = 'What you wrote is still there when you go back.';
  const link = back ? `<p><a href="${escapeHtml(back)}">Back to the form</a></p>` : '';

  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<meta name="color-scheme" content="light dark">
<title>${refusal.title}</title>
<style>
:root{--back:#faf9f7;--text:#2b2a28;--dim:#66635e;--line:#dedbd5;--link:#1a5fb4}
@media(prefers-color-scheme:dark){:root{--back:#1f1e1d;--text:#f2f0ec;--dim:#b3aea6;--line:#45423e;--link:#99c1f1}}
body{margin:0;min-height:100vh;display:grid;place-items:center;background:var(--back);color:var(--text)}
body{font:1.0625rem/1.6 system-ui,sans-serif}
main{max-width:30rem;padding:2rem 1.25rem;text-align:center}
h1{margin:0 0 .5rem;font-size:1.75rem;line-height:1.25}
p{margin:0 0 1rem;color:var(--dim)}
a{display:inline-block;margin-top:.5rem;padding:.6rem 1.25rem;border:1px solid var(--line);border-radius:.6rem}
a{color:var(--link);text-decoration:none;font-weight:600}
a:focus-visible{outline:3px solid var(--link);outline-offset:2px}
</style>
</head>
<body>
<main>
<h1>${refusal.title}</h1>
<p>${refusal.text}</p>
<p>${kept}</p>
${link}
</main>
</body>
</html>
`;
}

function answer(statusCode, headers, body) {
  return { statusCode, headers: { 'cache-control': 'no-store', ...headers }, body };
}

// A browser that shows pages gets a page, a script gets JSON
function wantsPage(event) {
  return /\btext\/html\b/i.test(header(event, 'accept')) && !/^application\/json\b/i.test(header(event, 'content-type'));
}

function answerRefusal(event, refusal) {
  const retry = refusal.status === 503 ? { 'retry-after': '60' } : {};

  if (wantsPage(event))
    return answer(refusal.status, { 'content-type': 'text/html; charset=utf-8', ...retry },
      errorPage(refusal, refererPath(event)));

  return answer(refusal.status, { 'content-type': 'application/json', ...retry },
    JSON.stringify({ error: refusal.title, message: `${refusal.title}. ${refusal.text}` }));
}

function answerStored(event, id, next) {
  const receipt = { 'x-porchlight-receipt': id };

  if (!wantsPage(event))
    return answer(200, { 'content-type': 'application/json', ...receipt },
      JSON.stringify({ id, message: 'Thank you, your message has arrived.' }));

  const page = sitePath(next) || sitePath(process.env.THANKS || '') || '/system/thanks.html';
  const [, path, fragment] = /^([^#]*)(.*)$/.exec(page);

  return answer(303, { 'location': `${path}${path.includes('?') ? '&' : '?'}receipt=${id}${fragment}`, ...receipt }, '');
}

async function receive(event) {
  if (!isFromSite(event))
    throw new Refusal(400, 'This address is not for direct use', 'Please use the form on the web site.');

  const fields = collect(parse(event));
  const next = takeField(fields, NEXT);
  const spam = takeField(fields, HONEYPOT) !== '';

  if (!Array.from(fields.values()).some((values) => values.some((value) => value !== '')))
    throw new Refusal(422, 'The message is empty', 'Please fill in at least one field and send it again.');

  const item = toItem(fields, spam, refererPath(event), new Date().toISOString());

  await client.send(new PutItemCommand({
    TableName: process.env.TABLE, Item: item, ConditionExpression: 'attribute_not_exists(pk)'
  }));

  return answerStored(event, item.id.S, next);
}

exports.handler = async (event) => {
  try {
    return await receive(event);
  } catch (error) {
    if (error instanceof Refusal)
      return answerRefusal(event, error);

    console.error(`not stored: ${error.name}`);
    return answerRefusal(event, new Refusal(503, 'Your message was not saved',
      'Something went wrong on our side. Please try again in a minute.'));
  }
};
