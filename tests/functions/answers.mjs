// Copyright 2026 The Porchlight developers
// SPDX-License-Identifier: GPL-3.0-or-later
// Prints what the form's function in Node.js makes of each of the cases, as JSON: a list of {title, request, answer,
// item}, bodies of requests in base64. What is another one each time stands as $ID and $TIME, what is not there is null.

import { NEXT, REFUSED, SPAM, STORED } from './contact-cases.mjs';
import { eventOf, loadFunction, memoryTable, SECRET } from './support.mjs';

const table = memoryTable();
const { handler } = loadFunction('contact.js', { env: { TABLE: 'messages', SECRET, THANKS: '/thanks/' }, modules: table.modules });
const list = [];
let visitors = 0;

async function add(title, request) {
  const answer = await handler(eventOf({ ...request, visitor: `10.9.${visitors >> 8}.${visitors++ & 255}` }));
  const id = answer.headers['x-porchlight-receipt'];
  const item = table.items('form#contact').find((one) => one.id.S === id);
  const hide = (value) => JSON.parse(JSON.stringify(value).replaceAll(id || '$ID', '$ID').replaceAll(item?.received.S || '$TIME', '$TIME'));

  list.push({ title, request: { ...request, body: Buffer.from(request.body).toString('base64') }, answer: hide(answer), item: item ? hide(item) : null });
}

for (const [title, request] of STORED)
  await add(`stored: ${title}`, request);
for (const [title, request] of REFUSED)
  for (const accept of ['text/html', '*/*'])
    await add(`refused: ${title}, ${accept}`, { ...request, accept });
for (const [title, next] of NEXT)
  await add(`next: ${title}`, { body: 'name=Ada' + (next === undefined ? '' : `&_next=${encodeURIComponent(next)}`) });
for (const [title, body] of SPAM)
  await add(`spam: ${title}`, { body });

process.stdout.write(JSON.stringify(list));
