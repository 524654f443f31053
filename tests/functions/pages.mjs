// Copyright 2026 The Porchlight developers
// SPDX-License-Identifier: GPL-3.0-or-later
// Prints the pages that the form's function makes, as JSON {name: page}: every refusal and the thanks in a language that
// is read from left to right and in one that is read from right to left, and in each language one of either.

import { FORM_TYPE, MULTIPART, REFUSED } from './contact-cases.mjs';
import { eventOf, loadFunction, memoryTable, SECRET, WORDS } from './support.mjs';

const pages = {};

async function add(name, request, failWith) {
  const { handler } = loadFunction('contact.js', {
    env: { TABLE: 'messages', SECRET, THANKS: '' }, modules: memoryTable({ failWith: (input) => { if (input.Item || input.UpdateExpression) failWith?.(); } }).modules
  });
  const answer = await handler(eventOf({ headers: { referer: 'https://site.example/contact/"&/' }, ...request }));

  if (answer.headers['content-type'] !== 'text/html; charset=utf-8')
    throw new Error(`${name} is no page`);
  pages[name] = answer.body;
}

function fail(name) {
  return () => {
    throw Object.assign(new Error('no'), { name });
  };
}

for (const language of ['en', ...Object.keys(WORDS)]) {
  const headers = { 'accept-language': language, referer: 'https://site.example/contact/' };

  for (const [title, request] of ['en', 'ar'].includes(language) ? REFUSED : [])
    if ((request.type === undefined || request.type === MULTIPART || request.type.startsWith(FORM_TYPE)) && request.accept === undefined)
      await add(`${language} ${title}`, { ...request, headers });
  await add(`${language} not saved`, { body: 'a=b', headers }, fail('Error'));
  await add(`${language} too much`, { body: 'a=b', headers }, fail('ConditionalCheckFailedException'));
  await add(`${language} thanks`, { method: 'GET', query: `receipt=0123456789ab&lang=${language}`, headers });
}
await add('direct', { secret: '', headers: {} });

process.stdout.write(JSON.stringify(pages));
