// Copyright 2026 The Porchlight developers
// SPDX-License-Identifier: GPL-3.0-or-later
// The mailing function as the table's stream calls it; the table is played by a map, the mail service by a list.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadFunction } from './support.mjs';

class Command {
  constructor(input) {
    this.input = input;
  }
}

class UpdateItemCommand extends Command {}
class SendEmailCommand extends Command {}

function failure(name, message = name) {
  return Object.assign(new Error(message), { name });
}

// `refuse` and `updateFails` may throw for a mail or a write
function world({ env = {}, refuse = () => {}, updateFails = () => {} } = {}) {
  const items = new Map();
  const mails = [];
  const logged = [];
  const { handler } = loadFunction('notify.js', {
    env: { TABLE: 'messages', OWNER: 'owner@example.org', SENDER: 'site@example.org', SITE: 'Marrow & Rye', ...env },
    log: (...words) => logged.push(words.join(' ')),
    modules: {
      '@aws-sdk/client-dynamodb': {
        UpdateItemCommand,
        DynamoDBClient: class {
          async send({ input }) {
            const key = `${input.Key.pk.S} ${input.Key.sk.S}`;
            const item = items.get(key);
            const entry = input.ExpressionAttributeValues[':mail'];

            assert.equal(input.TableName, 'messages');
            assert.equal(input.UpdateExpression, 'SET mail = :mail');
            updateFails(entry.M.state.S);
            if (!item || item.mail?.M.state.S === 'mailed')
              throw failure('ConditionalCheckFailedException');
            item.mail = entry;
          }
        }
      },
      '@aws-sdk/client-sesv2': {
        SendEmailCommand,
        SESv2Client: class {
          async send({ input }) {
            refuse(input);
            mails.push(input);
            return { MessageId: String(mails.length) };
          }
        }
      }
    }
  });

  return { handler, items, mails, logged };
}

let counter = 0;

function recordOf(world, fields, more = {}) {
  const id = String(++counter).padStart(12, '0');
  const image = {
    pk: { S: 'form#contact' }, sk: { S: `2026-01-02T03:04:05.000Z#${id}` }, id: { S: id },
    received: { S: '2026-01-02T03:04:05.000Z' },
    fields: { M: Object.fromEntries(Object.entries(fields).map(([name, value]) =>
      [name, Array.isArray(value) ? { L: value.map((one) => ({ S: one })) } : { S: value }])) },
    order: { L: Object.keys(fields).map((name) => ({ S: name })) },
    page: { S: '/contact/' }, spam: { BOOL: false }, unread: { BOOL: true }, state: { S: 'stored' }, ...more
  };

  world.items.set(`${image.pk.S} ${image.sk.S}`, { ...image });
  return {
    eventID: id, eventName: 'INSERT', eventSource: 'aws:dynamodb',
    dynamodb: { Keys: { pk: image.pk, sk: image.sk }, NewImage: image, SequenceNumber: `10${id}` }
  };
}

function stateOf(world, record) {
  const { pk, sk } = record.dynamodb.Keys;

  return world.items.get(`${pk.S} ${sk.S}`).mail?.M;
}

function failureOf(record) {
  return { batchItemFailures: [{ itemIdentifier: record.dynamodb.SequenceNumber }] };
}

async function mailFor(fields, options, more) {
  const w = world(options);

  assert.deepEqual(await w.handler({ Records: [recordOf(w, fields, more)] }), { batchItemFailures: [] });
  assert.equal(w.mails.length, 1);
  return w.mails[0];
}

const textOf = (mail) => mail.Content.Simple.Body.Text.Data;
const htmlOf = (mail) => mail.Content.Simple.Body.Html.Data;
const subjectOf = (mail) => mail.Content.Simple.Subject.Data;

test('a message is mailed and marked', async () => {
  const w = world();
  const record = recordOf(w, { name: 'Ada', email: 'ada@example.org', message: 'Two loaves,\nplease.' });

  assert.deepEqual(await w.handler({ Records: [record] }), { batchItemFailures: [] });

  const [mail] = w.mails;
  assert.equal(mail.FromEmailAddress, 'site@example.org');
  assert.deepEqual(mail.Destination, { ToAddresses: ['owner@example.org'] });
  assert.deepEqual(mail.ReplyToAddresses, ['ada@example.org']);
  assert.equal(subjectOf(mail), 'Marrow & Rye: message from Ada');
  assert.match(textOf(mail), /Name: Ada\nEmail|Name: Ada\nE-mail: ada@example.org/);
  assert.match(textOf(mail), /Message:\n\nTwo loaves,\nplease\./);
  assert.match(textOf(mail), /Receipt \d{12}/);
  assert.match(htmlOf(mail), /Two loaves,<br>please\./);
  assert.equal(stateOf(w, record).state.S, 'mailed');
  assert.match(stateOf(w, record).time.S, /^\d{4}-.*Z$/);
  assert.deepEqual(w.logged, []);
});

test('several owners get one mail', async () => {
  const mail = await mailFor({ a: 'b' }, { env: { OWNER: ' a@example.org, b@example.org ,' } });

  assert.deepEqual(mail.Destination.ToAddresses, ['a@example.org', 'b@example.org']);
});

test('markup is text in the HTML part', async () => {
  const mail = await mailFor({ name: '<img src=x onerror=alert(1)>', '<b>x</b>': `"'&` }, { env: { SITE: 'A <b> site' } });

  assert.doesNotMatch(htmlOf(mail), /<img|<b>x|<b> site/);
  assert.match(htmlOf(mail), /&#60;img src=x onerror=alert\(1\)&#62;/);
  assert.match(htmlOf(mail), /&#34;&#39;&#38;/);
});

test('a subject is one line of bearable length', async () => {
  const injected = await mailFor({ subject: 'Hello\r\nBcc: all@example.org\u2028x' });
  const long = await mailFor({ subject: '🐈'.repeat(300) });
  const named = await mailFor({ name: 'Ada\nBcc: x@example.org' });

  assert.equal(subjectOf(injected), 'Marrow & Rye: Hello Bcc: all@example.org x');
  assert.ok(Array.from(subjectOf(long)).length <= 120 && /🐈…$/u.test(subjectOf(long)));
  assert.equal(subjectOf(named), 'Marrow & Rye: message from Ada Bcc: x@example.org');
});

test('who a message is from', async () => {
  assert.equal(subjectOf(await mailFor({ given_name: 'Ada', family_name: 'King' })), 'Marrow & Rye: message from Ada King');
  assert.equal(subjectOf(await mailFor({ email: 'ada@example.org' })), 'Marrow & Rye: message from ada@example.org');
  assert.equal(subjectOf(await mailFor({ message: 'x' })), 'Marrow & Rye: message from a visitor');
  assert.equal(subjectOf(await mailFor({ message: 'x' }, { env: { SITE: '' } })), 'your website: message from a visitor');
});

for (const [address, expected] of [
  ['ada@example.org', ['ada@example.org']], [' ada@example.org ', ['ada@example.org']],
  ['a.b+c@x-y.example.org', ['a.b+c@x-y.example.org']],
  ['', undefined], ['ada', undefined], ['ada@localhost', undefined], ['ada@example.org, eve@example.org', undefined],
  ['ada@example.org\nBcc: eve@example.org', undefined], ['Ada <ada@example.org>', undefined],
  ['ada@@example.org', undefined],
  ['a..b@example.org', undefined], ['.a@example.org', undefined], ['ada@-x.org', undefined], ['ada@1.2.3.4', undefined],
  ['x'.repeat(65) + '@example.org', undefined], ['ada@' + 'x.'.repeat(130) + 'org', undefined],
  ['ädä@example.org', undefined],
  [['ada@example.org', 'eve@example.org'], undefined]
])
  test(`reply-to: ${JSON.stringify(address).slice(0, 40)}`, async () => {
    assert.deepEqual((await mailFor({ email: address, message: 'x' })).ReplyToAddresses, expected);
  });

test('the address is found under its other names', async () => {
  for (const name of ['E-Mail', 'mail', 'Email Address', 'email_address'])
    assert.deepEqual((await mailFor({ [name]: 'ada@example.org' })).ReplyToAddresses, ['ada@example.org'], name);
});

test('fields keep their order, empty ones are left out, repeated ones joined', async () => {
  const text = textOf(await mailFor({ zebra: '1', empty: '', topics: ['a', 'b'], company_size: '3', constructor: 'c' }));

  assert.match(text, /Zebra: 1\nTopics: a, b\nCompany size: 3\nConstructor: c\n/);
  assert.doesNotMatch(text, /Empty/);
});

test('spam, other events, other items and sites without an address send nothing', async () => {
  const w = world();
  const silent = world({ env: { OWNER: '' } });
  const records = [
    recordOf(w, { a: 'b' }, { spam: { BOOL: true } }),
    { ...recordOf(w, { a: 'b' }), eventName: 'MODIFY' },
    { eventName: 'REMOVE', dynamodb: { Keys: { pk: { S: 'form#contact' }, sk: { S: 'x' } }, SequenceNumber: '5' } },
    recordOf(w, { a: 'b' }, { pk: { S: 'visits' } })
  ];

  assert.deepEqual(await w.handler({ Records: records }), { batchItemFailures: [] });
  assert.deepEqual(await silent.handler({ Records: [recordOf(silent, { a: 'b' })] }), { batchItemFailures: [] });
  assert.deepEqual([...w.mails, ...silent.mails], []);
  assert.equal(stateOf(w, records[0]), undefined);
});

test('a mail that fails for now is tried again, the others go out once', async () => {
  let broken = true;
  const w = world({
    refuse: (mail) => {
      if (broken && textOf(mail).includes('poison'))
        throw failure('TooManyRequestsException', 'slow down');
    }
  });
  const records = ['1', '2', 'poison', '4', '5'].map((name) => recordOf(w, { name, email: 'ada@example.org' }));

  assert.deepEqual(await w.handler({ Records: records }), failureOf(records[2]));
  assert.equal(stateOf(w, records[2]).state.S, 'failed');
  assert.equal(stateOf(w, records[2]).error.S, 'TooManyRequestsException: slow down');

  // what the stream does next: that record and all behind it
  assert.equal((await w.handler({ Records: records.slice(2) })).batchItemFailures.length, 1);
  broken = false;
  assert.deepEqual(await w.handler({ Records: records.slice(2) }), { batchItemFailures: [] });

  assert.deepEqual(w.mails.map((mail) => /Name: (\w+)/.exec(textOf(mail))[1]), ['1', '2', '4', '5', 'poison']);
  assert.deepEqual(records.map((record) => stateOf(w, record).state.S), Array(5).fill('mailed'));
  assert.equal(stateOf(w, records[2]).error, undefined);
  assert.ok(w.logged.every((line) => !line.includes('ada@')));
});

test('a mail that can never go is marked and given up', async () => {
  const w = world({
    refuse: () => {
      throw failure('MessageRejected', `Email address is not verified.\n${'x'.repeat(2000)}`);
    }
  });
  const record = recordOf(w, { a: 'b' });

  assert.deepEqual(await w.handler({ Records: [record] }), { batchItemFailures: [] });
  assert.equal(stateOf(w, record).state.S, 'failed');
  assert.match(stateOf(w, record).error.S, /^MessageRejected: Email address is not verified\. x+…$/);
  assert.ok(stateOf(w, record).error.S.length <= 500);
});

test('a message that was deleted meanwhile is not mailed', async () => {
  const w = world();
  const record = recordOf(w, { a: 'b' });

  w.items.clear();
  assert.deepEqual(await w.handler({ Records: [record] }), { batchItemFailures: [] });
  assert.deepEqual(w.mails, []);
});

test('a table that can’t be reached before the mail: no mail, tried again', async () => {
  const w = world({ updateFails: () => { throw failure('InternalServerError'); } });
  const record = recordOf(w, { a: 'b' });

  assert.deepEqual(await w.handler({ Records: [record] }), failureOf(record));
  assert.deepEqual(w.mails, []);
});

test('a state that can’t be written after the mail never makes a second mail', async () => {
  let writes = 0;
  const w = world({
    updateFails: (state) => {
      if (state === 'mailed' && writes++ < 2)
        throw failure('ThrottlingException');
    }
  });
  const record = recordOf(w, { a: 'b' });

  assert.deepEqual(await w.handler({ Records: [record] }), { batchItemFailures: [] });
  assert.equal(w.mails.length, 1);
  assert.equal(stateOf(w, record).state.S, 'mailed');
});

test('records out of shape do not hurt the others', async () => {
  const w = world();
  const good = recordOf(w, { a: 'b' });
  const empty = recordOf(w, {}, { fields: undefined, order: undefined });
  const answer = await w.handler({ Records: [{ eventName: 'INSERT' }, empty, good] });

  assert.equal(answer.batchItemFailures.length, 1);
  assert.equal(stateOf(w, good).state.S, 'mailed');
  assert.deepEqual(await w.handler({}), { batchItemFailures: [] });
});
