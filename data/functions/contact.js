// Copyright 2026 The Porchlight developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Takes a form of the site (API Gateway HTTP API, payload 2.0) and stores it as one item of the messages' table;
// the mail is another function's work, so that a mail that fails never costs a message. 403 and 404 are never
// answered, the distribution would put the site's own error page in their place. Nothing a visitor wrote is logged,
// and no address of a visitor is stored: what has to be recognised is kept as a hash for some minutes. The key of the
// hash is derived from the secret that the distribution sends, lives in the settings of the function alone, and for
// the throttle it is another one in each window.

'use strict';

const { DynamoDBClient, GetItemCommand, PutItemCommand, UpdateItemCommand } = require('@aws-sdk/client-dynamodb');
const { createHash, createHmac, randomBytes, timingSafeEqual } = require('node:crypto');

const MAX_BYTES = 64 * 1024;
const MAX_FIELDS = 100;
const MAX_CHARACTERS = 10000;
const MAX_NAME = 200;

// So many messages a visitor may send in a window
const WINDOW = 600000;
const MAX_MESSAGES = 10;

// So long the same form of the same visitor is the same message. Shorter than the overlap with which the inbox asks
// for new messages: a message that is stored at the second try keeps the time of the first
const RESEND = 600000;

// So long a test message stays that nobody takes away
const PROOF_DAY = 86400000;

// Nobody fills in a form faster, in milliseconds
const MIN_TIME = 2500;

// The score from which on a message is marked as spam
const LEVELS = { off: Infinity, low: 4, normal: 3, high: 2 };

// Fields that tell this function something and are no part of the message
const HONEYPOT = '_gotcha';
const NEXT = '_next';
const LANGUAGE = '_lang';
const ELAPSED = '_elapsed';
const FORM = '_form';
const PROOF = '_proof';

// Where forms made for Cloudsite go, and what their scripts are told
const CLOUDSITE = '/contact-handler';
const CLOUDSITE_MESSAGE = 'Form submitted successfully';

// 0x80 to 0x9f of windows-1252, which browsers mean by iso-8859-1 too; blanks for the five that it leaves out
const WINDOWS_1252 = '\u20ac \u201a\u0192\u201e\u2026\u2020\u2021\u02c6\u2030\u0160\u2039\u0152 \u017d ' +
  ' \u2018\u2019\u201c\u201d\u2022\u2013\u2014\u02dc\u2122\u0161\u203a\u0153 \u017e\u0178';

// What people read: a title, a sign, a sentence. All but what only a form that is made wrongly gets is in the table in
// other languages too, where the app puts it (data/pages/words.json)
const ENGLISH = {
  language: 'en',
  stored: 'Thank you, your message has arrived|It is in good hands now.',
  receipt: 'Receipt number', back: 'Back to the form', home: 'Go to the start page',
  kept: 'What you wrote is still there when you go back.',
  long: 'The message is too long|A field takes 10,000 characters, the whole form 64 kilobytes. Please shorten it and send it again.',
  empty: 'The message is empty|Please fill in at least one field and send it again.',
  fast: 'Too many messages at once|Please wait ten minutes and send it again.',
  broken: 'Your message was not saved|Something went wrong on our side. Please try again in a minute.',
  file: 'Files are not taken here|This form takes text only. Please send it without a file.',
  direct: 'This address is not for direct use|Please use the form on the web site.',
  damaged: 'The form could not be read|What arrived was damaged or incomplete. Please send it again.',
  kind: 'The form could not be read|This type of content or character set is not taken here. A plain form in UTF-8 works.',
  many: 'The form has too many fields|At most 100 fields can be sent at once.'
};

const client = new DynamoDBClient({});

// The other languages, once they were read
let words = null;

class Refusal extends Error {
  constructor(status, key, headers) {
    super(key);
    Object.assign(this, { status, key, headers });
  }
}

function header(event, name) {
  const value = event && event.headers && event.headers[name];

  return typeof value === 'string' ? value : '';
}

function isFromSite(event) {
  const digest = (text) => createHash('sha256').update(text).digest();
  const secret = process.env.SECRET || '';

  return secret !== '' && timingSafeEqual(digest(header(event, 'x-porchlight-secret')), digest(secret));
}

// "text/html; charset=x; boundary=\"y\"" as {type, decoder, boundary}
function parseContentType(text) {
  const values = { charset: 'utf-8', boundary: '' };

  for (const [, name, quoted, plain] of text.matchAll(/;\s*([\w-]+)=(?:"([^"]*)"|([^\s;]*))/g))
    values[name.toLowerCase()] = quoted || plain;

  try {
    const decoder = new TextDecoder(values.charset);

    // the signs that take a form apart are single bytes
    if (!decoder.encoding.startsWith('utf-16'))
      return { type: text.split(';')[0].trim().toLowerCase(), decoder, boundary: values.boundary };
  } catch (error) {
    // a character set that nobody knows
  }

  throw new Refusal(415, 'kind');
}

// The forms are taken apart as bytes, one character each, and become text at the end
function toText(bytes, decoder) {
  const text = decoder.decode(Buffer.from(bytes, 'latin1'));

  // Node.js before 24 takes windows-1252 for ISO 8859-1
  return decoder.encoding !== 'windows-1252' ? text : text.replace(/[\x80-\x9f]/g, (byte) => WINDOWS_1252[byte.charCodeAt(0) - 0x80]);
}

function parseUrlencoded(bytes, decoder) {
  const decode = (part) => toText(part.replace(/\+/g, ' ')
    .replace(/%([0-9a-f]{2})/gi, (_, hex) => String.fromCharCode(parseInt(hex, 16))), decoder);

  return bytes.split('&').filter((pair) => pair !== '').map((pair) => {
    const at = pair.indexOf('=');

    return at < 0 ? [decode(pair), ''] : [decode(pair.slice(0, at)), decode(pair.slice(at + 1))];
  });
}

function parseMultipart(bytes, boundary, decoder) {
  const parts = ('\r\n' + bytes).split('\r\n--' + boundary);
  const fields = [];

  if (boundary === '' || parts.length < 2 || !parts.pop().startsWith('--'))
    throw new Refusal(400, 'damaged');

  for (const part of parts.slice(1)) {
    const end = part.indexOf('\r\n\r\n');
    const head = part.slice(0, end);
    const name = /^content-disposition:\s*form-data\b.*?;\s*name=(?:"([^"]*)"|([^\s;"]+))/im.exec(head);
    const file = /^content-disposition:.*;\s*filename\*?=(?:"([^"]*)"|([^\s;]*))/im.exec(head);
    const value = part.slice(end + 4);

    if (end < 0 || !name)
      throw new Refusal(400, 'damaged');
    if (file && (file[1] || file[2] || value !== ''))
      throw new Refusal(415, 'file');
    if (!file)
      fields.push([toText((name[1] || name[2] || '').replace(/%22/g, '"').replace(/%0D%0A/gi, ' '), decoder),
        toText(value, decoder)]);
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
    const object = JSON.parse(toText(bytes, new TextDecoder()));

    if (typeof object !== 'object' || object === null || Array.isArray(object))
      throw new Refusal(400, 'damaged');

    return Object.keys(object).flatMap((name) =>
      (Array.isArray(object[name]) ? object[name] : [object[name]]).map((value) => [name, scalar(value)]));
  } catch (error) {
    throw new Refusal(400, 'damaged');
  }
}

function bodyOf(event) {
  return Buffer.from(event.body || '', event.isBase64Encoded ? 'base64' : 'utf8');
}

function parse(event) {
  const { type, decoder, boundary } = parseContentType(header(event, 'content-type'));
  const body = bodyOf(event);

  if (body.length > MAX_BYTES)
    throw new Refusal(413, 'long');

  switch (type) {
    case 'application/x-www-form-urlencoded':
      return parseUrlencoded(body.toString('latin1'), decoder);
    case 'multipart/form-data':
      return parseMultipart(body.toString('latin1'), boundary, decoder);
    case 'application/json':
      return parseJson(body.toString('latin1'));
    default:
      throw new Refusal(415, 'kind');
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
    throw new Refusal(422, 'many');

  for (const [rawName, rawValue] of pairs) {
    const name = cleanName(rawName);
    const value = clean(rawValue);

    if (name.length > MAX_NAME || value.length > MAX_CHARACTERS)
      throw new Refusal(413, 'long');
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

// The visitor's address as the distribution saw it: it writes it behind whatever the visitor claims, and the API writes
// its own caller behind that. Of the new kind of addresses a visitor has a whole network
function visitorOf(event) {
  const source = (event.requestContext && event.requestContext.http && event.requestContext.http.sourceIp) || '';
  const list = header(event, 'x-forwarded-for').split(',').map((part) => part.trim()).filter(Boolean);

  if (list.length > 1 && list[list.length - 1] === source)
    list.pop();

  const address = list.pop() || source;

  return address.includes(':') ? address.split('::')[0].split(':').slice(0, 4).join(':') : address;
}

function keyedHash(purpose, text) {
  return createHmac('sha256', `${process.env.SECRET} ${purpose}`).update(text).digest('hex').slice(0, 40);
}

function update(kind, hash, expression, names, values, condition) {
  return client.send(new UpdateItemCommand({
    TableName: process.env.TABLE, Key: { pk: { S: kind }, sk: { S: hash } },
    UpdateExpression: expression, ConditionExpression: condition, ReturnValues: 'ALL_NEW',
    ExpressionAttributeNames: names, ExpressionAttributeValues: values
  }));
}

const seconds = (time) => ({ N: String(Math.ceil(time / 1000)) });

// Refuses a visitor who sends too much. A table that doesn't answer refuses nobody
async function throttle(visitor, now) {
  const count = Math.floor(now / WINDOW);
  const end = (count + 1) * WINDOW;

  try {
    await update('throttle', keyedHash(`throttle ${count}`, visitor), 'SET #expires = :end ADD #hits :one',
      { '#expires': 'expires', '#hits': 'hits' },
      { ':end': seconds(end), ':one': { N: '1' }, ':most': { N: String(MAX_MESSAGES) } },
      'attribute_not_exists(#hits) OR #hits < :most');
  } catch (error) {
    if (error.name === 'ConditionalCheckFailedException')
      throw new Refusal(429, 'fast', { 'retry-after': String(Math.ceil((end - now) / 1000)) });
    console.error(`not throttled: ${error.name}`);
  }
}

// The key of the message: that of the first try when a visitor sends the same form again
async function findKey(hash, now, key) {
  const names = { '#key': 'key', '#expires': 'expires' };
  const values = { ':key': { S: key }, ':end': seconds(now + RESEND) };

  try {
    const { Attributes: kept } = await update('sent', hash,
      'SET #key = if_not_exists(#key, :key), #expires = if_not_exists(#expires, :end)', names, values);

    // expired items stay for a while
    if (Date.parse(kept.key.S.split('#')[0]) > now - RESEND)
      return kept.key.S;

    await update('sent', hash, 'SET #key = :key, #expires = :end', names, values);
  } catch (error) {
    console.error(`not compared: ${error.name}`);
  }

  return key;
}

// Who may write the table may send one test message with a number that stands there, and looks for it under the key that
// is noted with it. Any other number changes nothing
async function findProof(number, key) {
  if (!/^[0-9a-f]{32}$/.test(number))
    return null;

  try {
    return (await update('proof', number, 'SET #key = :key', { '#key': 'key' }, { ':key': { S: key } },
      'attribute_exists(pk) AND (attribute_not_exists(#key) OR #key = :key)')).Attributes;
  } catch (error) {
    if (error.name !== 'ConditionalCheckFailedException')
      throw error;
  }

  return null;
}

// Reasons why a message looks like spam, each with its weight
function judge(fields, honeypot, elapsed) {
  const texts = Array.from(fields.values()).flat();
  const all = texts.join(' ');
  const words = all.toLowerCase().match(/[\p{L}\p{N}]{3,}/gu) || [];
  const count = (list) => Math.max(0, ...Object.values(list.reduce((sums, one) => {
    sums[`${one} `] = (sums[`${one} `] || 0) + 1;
    return sums;
  }, {})));
  const links = (all.match(/https?:|\bwww\.|\[url|<a\s/gi) || []).length;
  const named = Array.from(fields).some(([name, list]) => /name|subject/i.test(name) && /https?:|www\./i.test(list.join(' ')));
  const most = count(words);

  return [
    ['honeypot', honeypot === '' ? 0 : 4],
    ['fast', /^\d{1,9}$/.test(elapsed) && Number(elapsed) < MIN_TIME ? 3 : 0],
    ['links', named || links > 3 ? 3 : links > 1 ? 2 : 0],
    ['repeats', (most > 8 && most > words.length / 4) || count(texts.filter((text) => text.length > 9)) > 1 ? 2 : 0]
  ].filter((reason) => reason[1] > 0);
}

function isSpam(reasons) {
  return reasons.reduce((sum, reason) => sum + reason[1], 0) >= (LEVELS[process.env.SPAM] || LEVELS.normal);
}

function toItem(fields, form, reasons, page, key) {
  const [received, id] = key.split('#');
  const days = Number(process.env.DAYS) || 0;
  const values = {};

  for (const [name, list] of fields)
    values[name] = list.length === 1 ? { S: list[0] } : { L: list.map((value) => ({ S: value })) };

  return {
    pk: { S: 'form#contact' },
    sk: { S: key },
    id: { S: id },
    form: { S: cleanName(form).slice(0, 60) || 'contact' },
    received: { S: received },
    fields: { M: values },
    order: { L: Array.from(fields.keys(), (name) => ({ S: name })) },
    page: { S: page },
    spam: { BOOL: isSpam(reasons) },
    unread: { BOOL: true },
    state: { S: 'stored' },
    ...(reasons.length > 0 ? { why: { L: reasons.map((reason) => ({ S: reason[0] })) } } : {}),
    ...(days > 0 ? { expires: seconds(Date.parse(received) + days * 86400000) } : {})
  };
}

function escapeHtml(text) {
  return text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

// The first language that is known of what the page tells and what the visitor's browser asks for
async function findTexts(event, told) {
  for (const one of [told || ''].concat(header(event, 'accept-language').split(','))) {
    const language = one.trim().slice(0, 2).toLowerCase();

    if (language === 'en')
      break;
    if (!/^[a-z]{2}$/.test(language))
      continue;

    try {
      words = words || JSON.parse((await client.send(new GetItemCommand({
        TableName: process.env.TABLE, Key: { pk: { S: 'words' }, sk: { S: '1' } }
      }))).Item.json.S);
    } catch (error) {
      break;
    }

    if (Object.hasOwn(words, language))
      return { language, ...words[language] };
  }

  return ENGLISH;
}

function makePage({ language }, text, more, target, link) {
  const [title, sentence] = text.split('|');

  return `<!DOCTYPE html>
<html lang="${language}" dir="auto">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<style>
body{margin:0;min-height:100vh;display:grid;place-items:center;background:Canvas;font:1.0625rem/1.6 system-ui,sans-serif}
main{max-width:30rem;padding:2rem 1.25rem;text-align:center}
h1{margin:0 0 .5rem;font-size:1.75rem;line-height:1.25}
a{display:inline-block;padding:.6rem 1.25rem;border:1px solid;border-radius:.6rem;text-decoration:none;font-weight:600}
</style>
</head>
<body>
<main>
<h1>${title}</h1>
<p>${sentence}</p>
<p>${more}</p>
${target ? `<p><a href="${escapeHtml(target)}">${link}</a></p>` : ''}
</main>
</body>
</html>
`;
}

function answer(statusCode, headers, body) {
  return { statusCode, headers: { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff', ...headers }, body };
}

function answerPage(status, headers, page) {
  return answer(status, { 'content-type': 'text/html; charset=utf-8', ...headers }, page);
}

function answerJson(status, headers, value) {
  return answer(status, { 'content-type': 'application/json', ...headers }, JSON.stringify(value));
}

// A browser that shows pages gets a page, a script gets JSON
function wantsPage(event) {
  return /\btext\/html\b/i.test(header(event, 'accept')) && !/^application\/json\b/i.test(header(event, 'content-type'));
}

async function answerRefusal(event, refusal) {
  const known = await findTexts(event, refusal.language);
  const texts = known[refusal.key] ? known : ENGLISH;
  const text = texts[refusal.key];

  if (wantsPage(event))
    return answerPage(refusal.status, refusal.headers, makePage(texts, text, texts.kept, refererPath(event), texts.back));

  return answerJson(refusal.status, refusal.headers, { error: text.split('|')[0], message: text.replace('|', '. ') });
}

async function answerStored(event, id, next, told) {
  const receipt = { 'x-porchlight-receipt': id };
  const own = sitePath(next) || sitePath(process.env.THANKS || '');

  if (!wantsPage(event)) {
    const message = event.rawPath === CLOUDSITE ? CLOUDSITE_MESSAGE : `${(await findTexts(event, told)).stored.split('|')[0]}.`;

    return answerJson(200, receipt, { id, message });
  }

  const language = /^[a-z]{2}/i.exec(told);
  const [, path, fragment] = /^([^#]*)(.*)$/.exec(own || event.rawPath + (language ? `?lang=${language[0].toLowerCase()}` : ''));

  return answer(303, { location: `${path}${path.includes('?') ? '&' : '?'}receipt=${id}${fragment}`, ...receipt }, '');
}

// The built-in thank-you page: where a browser is sent after a form, so that a reload sends nothing again
async function answerThanks(event) {
  const { receipt = '', lang } = event.queryStringParameters || {};

  if (!/^[0-9a-f]{12}$/.test(receipt))
    return answer(303, { location: '/' }, '');

  const texts = await findTexts(event, lang);

  return answerPage(200, {}, makePage(texts, texts.stored, `${texts.receipt} <bdi>${receipt}</bdi>`, '/', texts.home));
}

async function store(event, pairs) {
  const now = Date.now();
  const key = `${new Date(now).toISOString()}#${randomBytes(6).toString('hex')}`;
  const visitor = visitorOf(event);
  const fields = collect(pairs);
  const [next, honeypot, told, elapsed, form, number] =
    [NEXT, HONEYPOT, LANGUAGE, ELAPSED, FORM, PROOF].map((name) => takeField(fields, name));
  const make = (reasons, itsKey) => toItem(fields, form, reasons, refererPath(event), itsKey);
  let item = null;

  if (!Array.from(fields.values()).flat().some((value) => value !== ''))
    throw new Refusal(422, 'empty');

  const proof = await findProof(number, key);

  if (proof) {
    item = {
      ...make([], key), proof: { S: number }, wantsMail: proof.wantsMail, unread: { BOOL: false }, expires: seconds(now + PROOF_DAY)
    };
  } else {
    await throttle(visitor, now);

    const sent = keyedHash('sent', JSON.stringify([visitor, form, Array.from(fields)]));

    item = make(judge(fields, honeypot, elapsed), await findKey(sent, now, key));
  }

  try {
    await client.send(new PutItemCommand({
      TableName: process.env.TABLE, Item: item, ConditionExpression: 'attribute_not_exists(pk)'
    }));
  } catch (error) {
    // stored already: the same form sent again, or a try of the SDK whose answer got lost
    if (error.name !== 'ConditionalCheckFailedException')
      throw error;
  }

  return answerStored(event, item.id.S, next, told);
}

// The page's language, also of a form that can't be taken apart
function languageOf(event) {
  const match = /(?:^|[&="])_lang"?(?:=|\s*:\s*"|\r\n\r\n)([a-z]{2})/i.exec(bodyOf(event).toString('latin1'));

  return match ? match[1] : '';
}

async function receive(event) {
  try {
    return await store(event, parse(event));
  } catch (error) {
    // what is wrong is told in the page's language too
    throw Object.assign(error, { language: languageOf(event) });
  }
}

function handle(event) {
  const method = event && event.requestContext && event.requestContext.http && event.requestContext.http.method;

  if (!isFromSite(event))
    throw new Refusal(400, 'direct');
  if (method === 'GET' || method === 'HEAD')
    return answerThanks(event);
  if (method !== 'POST')
    throw new Refusal(405, 'direct', { allow: 'GET, HEAD, POST' });

  return receive(event);
}

exports.handler = async (event) => {
  try {
    return await handle(event);
  } catch (error) {
    if (error instanceof Refusal)
      return answerRefusal(event, error);

    console.error(`not stored: ${error.name}`);
    return answerRefusal(event, Object.assign(new Refusal(503, 'broken', { 'retry-after': '60' }), { language: error.language }));
  }
};
