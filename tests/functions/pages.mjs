// Copyright 2026 The Porchlight developers
// SPDX-License-Identifier: GPL-3.0-or-later
// Prints the pages that the form's function makes, as JSON {name: page}: every refusal and the thanks, in each language.

import { FORM_TYPE, MULTIPART, REFUSED } from './contact-cases.mjs';
import { eventOf, loadFunction, SECRET } from './support.mjs';

const failing = {
  '@aws-sdk/client-dynamodb': {
    PutItemCommand: class {}, UpdateItemCommand: class {},
    DynamoDBClient: class {
      async send() {
        throw new Error('no table');
      }
    }
  }
};
const throttled = {
  '@aws-sdk/client-dynamodb': {
    ...failing['@aws-sdk/client-dynamodb'],
    DynamoDBClient: class {
      async send() {
        throw Object.assign(new Error('no'), { name: 'ConditionalCheckFailedException' });
      }
    }
  }
};
const pages = {};

async function add(name, request, modules = failing) {
  const { handler } = loadFunction('contact.js', { env: { TABLE: 'messages', SECRET, THANKS: '' }, modules });
  const answer = await handler(eventOf({ headers: { referer: 'https://site.example/contact/"&/' }, ...request }));

  if (answer.headers['content-type'] !== 'text/html; charset=utf-8')
    throw new Error(`${name} is no page`);
  pages[name] = answer.body;
}

for (const language of ['en', 'de']) {
  const headers = { 'accept-language': language, referer: 'https://site.example/contact/' };

  for (const [title, request] of REFUSED)
    if ((request.type === undefined || request.type === MULTIPART || request.type.startsWith(FORM_TYPE)) && request.accept === undefined)
      await add(`${language} ${title}`, { ...request, headers });
  await add(`${language} not saved`, { body: 'a=b', headers });
  await add(`${language} too much`, { body: 'a=b', headers }, throttled);
  await add(`${language} thanks`, { method: 'GET', query: `receipt=0123456789ab&lang=${language}`, headers });
}
await add('direct', { secret: '', headers: {} });

process.stdout.write(JSON.stringify(pages));
