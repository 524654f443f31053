// Copyright 2026 The Porchlight developers
// SPDX-License-Identifier: GPL-3.0-or-later
// The Lambda functions with the real AWS SDK, a DynamoDB stand-in that others wrote (dynalite) and a mail service that
// only listens. Needs a folder with @aws-sdk/client-dynamodb, @aws-sdk/client-sesv2 and dynalite, named by
// PORCHLIGHT_NODE_MODULES; without it there is nothing to run.

import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { loadFunction } from './support.mjs';

const SDK = ['@aws-sdk/client-dynamodb', '@aws-sdk/client-sesv2'];
const modules = {};
let dynalite = null;

try {
  const require = createRequire(join(process.env.PORCHLIGHT_NODE_MODULES || '/nowhere', 'index.js'));

  for (const name of SDK)
    modules[name] = require(name);
  dynalite = require('dynalite');
} catch (error) {
  dynalite = null;
}

const options = { skip: dynalite ? false : 'PORCHLIGHT_NODE_MODULES names no folder with the AWS SDK and dynalite' };
const SECRET = 's'.repeat(43);
const mails = [];
let mailAnswer = [200, {}];
let database = null;
let mailServer = null;
let client = null;

function listen(server) {
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve(`http://127.0.0.1:${server.address().port}`));
  });
}

before(async () => {
  if (options.skip)
    return;

  database = dynalite({ createTableMs: 0 });
  mailServer = createServer((request, response) => {
    let text = '';

    request.on('data', (part) => { text += part; });
    request.on('end', () => {
      const [status, body] = mailAnswer;

      if (status === 200)
        mails.push({ path: request.url, ...JSON.parse(text) });
      response.writeHead(status, { 'content-type': 'application/json', 'x-amzn-errortype': body.__type || '' });
      response.end(JSON.stringify({ MessageId: 'm', ...body }));
    });
  });

  Object.assign(process.env, {
    AWS_REGION: 'eu-central-1', AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE', AWS_SECRET_ACCESS_KEY: 'example',
    AWS_MAX_ATTEMPTS: '1',
    AWS_ENDPOINT_URL_DYNAMODB: await listen(database), AWS_ENDPOINT_URL_SESV2: await listen(mailServer)
  });

  const { CreateTableCommand, DynamoDBClient } = modules['@aws-sdk/client-dynamodb'];

  client = new DynamoDBClient({});
  await client.send(new CreateTableCommand({
    TableName: 'messages', BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }, { AttributeName: 'sk', AttributeType: 'S' }],
    KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }, { AttributeName: 'sk', KeyType: 'RANGE' }]
  }));
});

after(() => {
  database?.close();
  mailServer?.close();
});

function send(body, type = 'application/x-www-form-urlencoded') {
  const { handler } = loadFunction('contact.js', { env: { TABLE: 'messages', SECRET, THANKS: '/thanks/' }, modules });

  return handler({
    headers: { 'x-porchlight-secret': SECRET, 'content-type': type, accept: '*/*' },
    body: Buffer.from(body).toString('base64'), isBase64Encoded: true
  });
}

async function stored() {
  const { QueryCommand } = modules['@aws-sdk/client-dynamodb'];
  const answer = await client.send(new QueryCommand({
    TableName: 'messages', KeyConditionExpression: 'pk = :pk', ExpressionAttributeValues: { ':pk': { S: 'form#contact' } }
  }));

  return answer.Items;
}

function notify(items) {
  const { handler } = loadFunction('notify.js', {
    env: { TABLE: 'messages', OWNER: 'a@example.org,b@example.org', SENDER: 'site@example.org', SITE: 'Bäckerei' }, modules
  });

  return handler({
    Records: items.map((item, index) => ({
      eventName: 'INSERT',
      dynamodb: { Keys: { pk: item.pk, sk: item.sk }, NewImage: item, SequenceNumber: String(index + 1) }
    }))
  });
}

test('a form is stored as it was sent', options, async () => {
  const answer = await send('name=%C3%84da&topics=a&topics=b&empty=&__proto__=p&constructor=c');
  const [item] = await stored();

  assert.equal(answer.statusCode, 200);
  assert.equal(JSON.parse(answer.body).id, item.id.S);
  assert.deepEqual(item.fields.M.name, { S: 'Äda' });
  assert.deepEqual(item.fields.M.topics, { L: [{ S: 'a' }, { S: 'b' }] });
  assert.deepEqual(item.fields.M.empty, { S: '' });
  assert.deepEqual(item.fields.M['(__proto__)'], { S: 'p' });
  assert.deepEqual(item.fields.M.constructor, { S: 'c' });
  assert.deepEqual(item.spam, { BOOL: false });
});

test('the largest form is stored', options, async () => {
  const body = Array.from({ length: 6 }, (_, i) => `f${i}=${'x'.repeat(10000)}`).join('&');

  assert.equal((await send(body)).statusCode, 200);
});

test('many at once are all stored', options, async () => {
  const before = (await stored()).length;
  const answers = await Promise.all(Array.from({ length: 200 }, (_, i) => send(`{"n":${i}}`, 'application/json')));

  assert.ok(answers.every((answer) => answer.statusCode === 200));
  assert.equal(new Set(answers.map((answer) => JSON.parse(answer.body).id)).size, 200);
  assert.equal((await stored()).length, before + 200);
});

test('a mail goes out once and is marked', options, async () => {
  const [item] = await stored();

  assert.deepEqual(await notify([item]), { batchItemFailures: [] });
  assert.deepEqual(await notify([item]), { batchItemFailures: [] });
  assert.equal(mails.length, 1);
  assert.equal(mails[0].path, '/v2/email/outbound-emails');
  assert.deepEqual(mails[0].Destination.ToAddresses, ['a@example.org', 'b@example.org']);
  assert.match(mails[0].Content.Simple.Subject.Data, /^Bäckerei: message from Äda$/);
  assert.equal((await stored())[0].mail.M.state.S, 'mailed');
});

test('a mail that is refused is marked, one that is slowed down is tried again', options, async () => {
  const item = (await stored())[1];

  mailAnswer = [400, { __type: 'MessageRejected', message: 'Email address is not verified.' }];
  assert.deepEqual(await notify([item]), { batchItemFailures: [] });
  assert.match((await stored())[1].mail.M.error.S, /^MessageRejected: Email address is not verified/);

  mailAnswer = [429, { __type: 'TooManyRequestsException', message: 'slow' }];
  assert.deepEqual(await notify([item]), { batchItemFailures: [{ itemIdentifier: '1' }] });

  mailAnswer = [200, {}];
  assert.deepEqual(await notify([item]), { batchItemFailures: [] });
  assert.equal((await stored())[1].mail.M.state.S, 'mailed');
});

test('a message that is gone is not mailed', options, async () => {
  const count = mails.length;

  const gone = { pk: { S: 'form#contact' }, sk: { S: 'gone' }, fields: { M: {} } };

  assert.deepEqual(await notify([gone]), { batchItemFailures: [] });
  assert.equal(mails.length, count);
});
