// Copyright 2026 The Porchlight developers
// SPDX-License-Identifier: GPL-3.0-or-later
// The mailing function as the table's stream calls it: with the table played by a map and the mail service by a list, and
// with the real SDK against the DynamoDB stand-ins of others (dynalite, moto) and a mail service that only listens.

import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { after, test } from 'node:test';
import {
  context, createTable, itemsOf, listen, loadFunction, recordOf as record, sdk, starters, testsWith, useServers
} from './support.mjs';

class Command {
  constructor(input) {
    this.input = input;
  }
}

class UpdateItemCommand extends Command {}
class SendEmailCommand extends Command {}

function failure(name, message = name, more = {}) {
  return Object.assign(new Error(message), { name, ...more });
}

// The three conditions that the function knows
const CONDITIONS = {
  'attribute_exists(pk) AND (attribute_not_exists(mail) OR mail.claim = :claim OR (mail.again < :again AND (mail.#state <> :sending OR mail.#time < :old)) OR (mail.again = :again AND mail.#state = :failed AND attribute_not_exists(mail.givenUp)))':
    (mail, values) => !mail || mail.claim.S === values[':claim'].S ||
      (mail.again.S < values[':again'].S && (mail.state.S !== 'sending' || mail.time.S < values[':old'].S)) ||
      (mail.again.S === values[':again'].S && mail.state.S === 'failed' && !mail.givenUp),
  'mail.#state = :sending AND mail.again = :again AND mail.claim <> :claim': (mail, values) =>
    mail?.state.S === 'sending' && mail.again.S === values[':again'].S && mail.claim.S !== values[':claim'].S,
  'mail.claim = :claim': (mail, values) => mail?.claim.S === values[':claim'].S
};

// `refuse` and `updateFails` may throw for a mail or a write
function world({ env = {}, refuse = () => {}, updateFails = () => {}, source } = {}) {
  const items = new Map();
  const mails = [];
  const logged = [];
  const { handler: handle } = loadFunction('notify.js', {
    source,
    env: { TABLE: 'messages', OWNER: 'owner@example.org', SENDER: 'site@example.org', SITE: 'Marrow & Rye', ...env },
    log: (...words) => logged.push(words.join(' ')),
    modules: {
      '@aws-sdk/client-dynamodb': {
        UpdateItemCommand,
        DynamoDBClient: class {
          async send({ input }) {
            const item = items.get(`${input.Key.pk.S} ${input.Key.sk.S}`);
            const entry = input.ExpressionAttributeValues[':mail'];

            assert.equal(input.TableName, 'messages');
            updateFails(entry.M.state.S);
            if (!item || !CONDITIONS[input.ConditionExpression](item.mail?.M, input.ExpressionAttributeValues))
              throw failure('ConditionalCheckFailedException');
            item.mail = entry;
            if (input.UpdateExpression.includes('unreached = :unreached'))
              item.unreached = input.ExpressionAttributeValues[':unreached'];
            if (input.UpdateExpression.includes('ADD tries'))
              item.tries = { N: String(Number(item.tries?.N || 0) + 1) };
            return { Attributes: item };
          }
        }
      },
      '@aws-sdk/client-sesv2': {
        SendEmailCommand,
        SESv2Client: class {
          constructor(config) {
            assert.equal(config.maxAttempts, 1);
          }

          async send({ input }) {
            refuse(input);
            mails.push(input);
            return { MessageId: String(mails.length) };
          }
        }
      }
    }
  });
  const handler = (event, more = {}) => handle(event, { ...context, ...more });

  return { handler, items, mails, logged };
}

let counter = 0;

function itemOf(fields, more = {}) {
  const id = String(++counter).padStart(12, '0');

  return {
    pk: { S: 'form#contact' }, sk: { S: `2026-01-02T03:04:05.000Z#${id}` }, id: { S: id },
    received: { S: '2026-01-02T03:04:05.000Z' },
    fields: { M: Object.fromEntries(Object.entries(fields).map(([name, value]) =>
      [name, Array.isArray(value) ? { L: value.map((one) => ({ S: one })) } : { S: value }])) },
    order: { L: Object.keys(fields).map((name) => ({ S: name })) },
    page: { S: '/contact/' }, spam: { BOOL: false }, unread: { BOOL: true }, state: { S: 'stored' }, ...more
  };
}

function recordOf(world, fields, more = {}) {
  const image = itemOf(fields, more);

  world.items.set(`${image.pk.S} ${image.sk.S}`, { ...image });
  return record(image);
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
        throw failure('InternalServiceErrorException', 'try later');
    }
  });
  const records = ['1', '2', 'poison', '4', '5'].map((name) => recordOf(w, { name, email: 'ada@example.org' }));

  assert.deepEqual(await w.handler({ Records: records }), failureOf(records[2]));
  assert.equal(stateOf(w, records[2]).state.S, 'failed');
  assert.equal(stateOf(w, records[2]).givenUp, undefined);
  assert.equal(stateOf(w, records[2]).error.S, 'InternalServiceErrorException: try later');

  // what the stream does next: that record and all behind it
  assert.deepEqual(await w.handler({ Records: records.slice(2) }, { awsRequestId: '2' }), failureOf(records[2]));
  broken = false;
  assert.deepEqual(await w.handler({ Records: records.slice(2) }, { awsRequestId: '3' }), { batchItemFailures: [] });

  assert.deepEqual(w.mails.map((mail) => /Name: (\w+)/.exec(textOf(mail))[1]), ['1', '2', '4', '5', 'poison']);
  assert.deepEqual(records.map((record) => stateOf(w, record).state.S), Array(5).fill('mailed'));
  assert.equal(stateOf(w, records[2]).error, undefined);
  assert.ok(w.logged.every((line) => !line.includes('ada@')));
});

test('a mail that never goes is given up after five tries, and says why', async () => {
  const w = world({ refuse: () => { throw failure('InternalServiceErrorException', 'never'); } });
  const record = recordOf(w, { a: 'b' });

  for (let run = 1; run <= 4; run++)
    assert.deepEqual(await w.handler({ Records: [record] }, { awsRequestId: String(run) }), failureOf(record));
  assert.deepEqual(await w.handler({ Records: [record] }, { awsRequestId: '5' }), { batchItemFailures: [] });
  assert.deepEqual(await w.handler({ Records: [record] }, { awsRequestId: '6' }), { batchItemFailures: [] });
  assert.deepEqual([stateOf(w, record).state.S, stateOf(w, record).givenUp.BOOL, stateOf(w, record).error.S],
    ['failed', true, 'InternalServiceErrorException: never']);
  assert.deepEqual(w.mails, []);
});

test('a mail service that is in a hurry gets the mails one after the other', { timeout: 60000 }, async () => {
  let left = 2;
  const w = world({
    refuse: () => {
      if (left-- > 0)
        throw failure('TooManyRequestsException', 'Maximum sending rate exceeded.');
    }
  });
  const record = recordOf(w, { a: 'b' });

  assert.deepEqual(await w.handler({ Records: [record] }), { batchItemFailures: [] });
  assert.deepEqual([w.mails.length, stateOf(w, record).state.S], [1, 'mailed']);
});

test('an address of a visitor that the mail service does not like costs the reply-to, not the mail', async () => {
  const mail = await mailFor({ email: 'ada@example.1a' }, {
    refuse: ({ ReplyToAddresses: replyTo }) => {
      if (replyTo)
        throw failure('BadRequestException', 'Illegal address');
    }
  });

  assert.equal(mail.ReplyToAddresses, undefined);
  assert.match(textOf(mail), /The sender left no mail address to answer to/);
});

test('a mail of which nobody knows whether it went is not sent again, and its owner is told', async () => {
  for (const error of [failure('TimeoutError'), failure('Error', 'socket hang up', { code: 'ECONNRESET' })]) {
    let calls = 0;
    const w = world({ refuse: () => { calls += 1; throw error; } });
    const record = recordOf(w, { a: 'b' });

    for (const awsRequestId of ['1', '2'])
      assert.deepEqual(await w.handler({ Records: [record] }, { awsRequestId }), { batchItemFailures: [] });
    assert.equal(calls, 1);
    assert.deepEqual([stateOf(w, record).state.S, stateOf(w, record).givenUp.BOOL], ['failed', true]);
    assert.match(stateOf(w, record).error.S, /^Interrupted/);
  }
});

test('a function that ended in the middle of a mail does not send it again', async () => {
  const w = world();
  const record = recordOf(w, { a: 'b' });
  const item = w.items.values().next().value;

  item.mail = { M: { state: { S: 'sending' }, claim: { S: 'of the one that ended' }, again: { S: '-' }, time: { S: 'x' } } };
  assert.deepEqual(await w.handler({ Records: [record] }), { batchItemFailures: [] });
  assert.deepEqual(w.mails, []);
  assert.deepEqual([stateOf(w, record).state.S, stateOf(w, record).givenUp.BOOL], ['failed', true]);
});

test('what can’t be begun in time is handed over again', async () => {
  const w = world();
  const records = ['1', '2', '3'].map((name) => recordOf(w, { name }));
  let left = 40000;
  const getRemainingTimeInMillis = () => (left -= 15000);

  assert.deepEqual(await w.handler({ Records: records }, { getRemainingTimeInMillis }),
    { batchItemFailures: records.slice(1).map((record) => ({ itemIdentifier: record.dynamodb.SequenceNumber })) });
  assert.deepEqual(await w.handler({ Records: records.slice(1) }), { batchItemFailures: [] });
  assert.deepEqual(w.mails.map((mail) => /Name: (\w+)/.exec(textOf(mail))[1]), ['1', '2', '3']);
});

test('an address that the sandbox refuses costs the others nothing', async () => {
  const w = world({
    env: { OWNER: 'good@example.org,bad@example.org,fine@example.org' },
    refuse: (mail) => {
      if (mail.Destination.ToAddresses.includes('bad@example.org'))
        throw failure('MessageRejected', 'Email address is not verified.');
    }
  });
  const record = recordOf(w, { a: 'b' });

  assert.deepEqual(await w.handler({ Records: [record] }), { batchItemFailures: [] });
  assert.deepEqual(w.mails.map((mail) => mail.Destination.ToAddresses), [['good@example.org'], ['fine@example.org']]);
  assert.deepEqual([stateOf(w, record).state.S, stateOf(w, record).error.S],
    ['mailed', 'Not to bad@example.org: MessageRejected: Email address is not verified.']);
});

test('an address that is refused for now gets its mail later, the others not again', async () => {
  let slow = true;
  const w = world({
    env: { OWNER: 'good@example.org,bad@example.org' },
    refuse: ({ Destination: { ToAddresses: to } }) => {
      if (slow && to.includes('bad@example.org'))
        throw to.length > 1 ? failure('MessageRejected') : failure('InternalServiceErrorException', 'try later');
    }
  });
  const record = recordOf(w, { a: 'b' });

  assert.deepEqual(await w.handler({ Records: [record] }), failureOf(record));
  assert.deepEqual([stateOf(w, record).state.S, stateOf(w, record).error.S],
    ['failed', 'Not to bad@example.org: InternalServiceErrorException: try later']);
  slow = false;
  assert.deepEqual(await w.handler({ Records: [record] }, { awsRequestId: '2' }), { batchItemFailures: [] });
  assert.deepEqual(w.mails.map((mail) => mail.Destination.ToAddresses), [['good@example.org'], ['bad@example.org']]);
  assert.deepEqual([stateOf(w, record).state.S, stateOf(w, record).error], ['mailed', undefined]);
});

// The item by which the app wants a message to be mailed again, `at` seconds after others
function againOf(one, at = 0) {
  const record = recordOf({ items: new Map() }, {}, { pk: { S: 'form#again' }, key: one.dynamodb.Keys.sk });

  record.dynamodb.ApproximateCreationDateTime += at;
  return record;
}

test('what was given up is mailed again when the app wants it, once, and five more tries', async () => {
  let broken = true;
  const w = world({ refuse: () => { if (broken) throw failure('InternalServiceErrorException', 'never'); } });
  const record = recordOf(w, { a: 'b' });
  const again = againOf(record);
  let runs = 0;
  const give = (one) => w.handler({ Records: [one] }, { awsRequestId: String(runs++) });

  for (let tries = 1; tries <= 4; tries++)
    assert.deepEqual(await give(record), failureOf(record));
  assert.deepEqual(await give(record), { batchItemFailures: [] });
  assert.equal(stateOf(w, record).givenUp.BOOL, true);

  for (let tries = 1; tries <= 4; tries++)
    assert.deepEqual(await give(again), failureOf(again));
  // the record itself is not handed over any more, and would do nothing
  assert.deepEqual(await give(record), { batchItemFailures: [] });
  assert.deepEqual(await give(again), { batchItemFailures: [] });
  assert.deepEqual([stateOf(w, record).givenUp.BOOL, w.mails.length], [true, 0]);

  broken = false;
  for (const one of [again, record, againOf(record, 1)])
    assert.deepEqual(await give(one), { batchItemFailures: [] });
  assert.deepEqual([w.mails.length, stateOf(w, record).state.S], [1, 'mailed']);

  // once for each time it is wanted, in whatever order
  const [third, second] = [againOf(record, 3), againOf(record, 2)];

  for (const one of [third, third, second, record])
    assert.deepEqual(await give(one), { batchItemFailures: [] });
  assert.equal(w.mails.length, 2);
});

test('what is wanted again goes to those who have not got it', async () => {
  let strict = true;
  const w = world({
    env: { OWNER: 'good@example.org,bad@example.org' },
    refuse: (mail) => {
      if (strict && mail.Destination.ToAddresses.includes('bad@example.org'))
        throw failure('MessageRejected');
    }
  });
  const record = recordOf(w, { a: 'b' });

  await w.handler({ Records: [record] });
  strict = false;
  await w.handler({ Records: [againOf(record, 1)] }, { awsRequestId: '2' });
  await w.handler({ Records: [againOf(record, 2)] }, { awsRequestId: '3' });
  assert.deepEqual(w.mails.map((mail) => mail.Destination.ToAddresses),
    [['good@example.org'], ['bad@example.org'], ['good@example.org', 'bad@example.org']]);
  assert.match(textOf(w.mails[1]), /A: b/);
});

test('spam can be mailed when the app wants it; what is gone or still being mailed is left alone', async () => {
  const w = world();
  const spam = recordOf(w, { a: 'b' }, { spam: { BOOL: true } });
  const busy = recordOf(w, { c: 'd' });
  const gone = recordOf({ items: new Map() }, { e: 'f' });
  const nothing = againOf(spam);

  delete nothing.dynamodb.NewImage.key;
  w.items.get(`form#contact ${busy.dynamodb.Keys.sk.S}`).mail =
    { M: { state: { S: 'sending' }, claim: { S: 'x' }, again: { S: '-' }, time: { S: new Date().toISOString() } } };
  assert.deepEqual(await w.handler({ Records: [spam, againOf(spam), againOf(busy), againOf(gone), nothing] }), { batchItemFailures: [] });
  assert.deepEqual([w.mails.length, stateOf(w, spam).state.S, stateOf(w, busy).state.S], [1, 'mailed', 'sending']);

  // what is being mailed for far too long is not
  stateOf(w, busy).time.S = '2026-01-01T00:00:00.000Z';
  await w.handler({ Records: [againOf(busy)] }, { awsRequestId: '2' });
  assert.deepEqual([w.mails.length, stateOf(w, busy).state.S], [2, 'mailed']);
});

test('a test message comes through, and is mailed only if that is wanted', async () => {
  const w = world();
  const silent = world({ env: { OWNER: '' } });
  const proof = { proof: { S: 'a1'.repeat(16) } };
  const quiet = recordOf(w, { message: 'x' }, { ...proof, wantsMail: { BOOL: false } });
  const loud = recordOf(w, { message: 'x' }, { ...proof, wantsMail: { BOOL: true } });
  const nobody = recordOf(silent, { message: 'x' }, proof);

  assert.deepEqual(await w.handler({ Records: [quiet, loud] }), { batchItemFailures: [] });
  assert.deepEqual(await silent.handler({ Records: [nobody] }), { batchItemFailures: [] });
  assert.deepEqual([stateOf(w, quiet), stateOf(w, loud), stateOf(silent, nobody)].map((mail) => mail.state.S), ['proven', 'mailed', 'proven']);
  assert.equal(w.mails.length, 1);
  assert.match(subjectOf(w.mails[0]), /^Test: /);
  assert.match(textOf(w.mails[0]), /^This is a test of your contact form\. Nobody wrote to you\.\n/);
  assert.match(htmlOf(w.mails[0]), />This is a test of your contact form/);
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
  const odd = recordOf(w, {}, { fields: { M: { a: null, b: { N: '1' }, c: { L: [null, { S: 'x' }] } } }, order: { L: [null, {}] } });
  const answer = await w.handler({ Records: [{ eventName: 'INSERT' }, empty, odd, good] });

  assert.deepEqual(answer, { batchItemFailures: [] });
  assert.deepEqual([empty, odd, good].map((record) => stateOf(w, record).state.S), Array(3).fill('mailed'));
  assert.deepEqual(await w.handler({}), { batchItemFailures: [] });
});

test('the function as written does what the shipped one does', async () => {
  const [written, shipped] = await Promise.all([true, false].map(async (source) => {
    counter = 1000;
    return mailFor({ name: 'Ada', email: 'ada@example.org', message: 'Zeile\nÜ <b>' }, { source });
  }));

  assert.deepEqual(written, shipped);
});

// ---- with the real SDK ----

for (const name of Object.keys(starters)) {
  let client = null;
  let answer = () => [200, {}];
  const mails = [];
  const mailServer = createServer(async (request, response) => {
    const mail = JSON.parse(await text(request));
    const [status, body] = answer(mail);

    if (status === 0) {
      response.destroy();
      return;
    }
    if (status === 200)
      mails.push({ path: request.url, ...mail });
    response.writeHead(status, { 'content-type': 'application/json', 'x-amzn-errortype': body.__type || '' });
    response.end(JSON.stringify({ MessageId: 'm', ...body }));
  });
  const it = testsWith(name, async (server) => {
    useServers({ dynamodb: server.endpoint, mail: await listen(mailServer) });
    client = new sdk['@aws-sdk/client-dynamodb'].DynamoDBClient({});
    await createTable(client);
  });

  after(() => {
    mailServer.closeAllConnections();
    mailServer.close();
  });

  async function put(fields) {
    const { PutItemCommand } = sdk['@aws-sdk/client-dynamodb'];
    const item = itemOf(fields);

    await client.send(new PutItemCommand({ TableName: 'messages', Item: item }));
    return record(item);
  }

  let runs = 0;

  function notify(records) {
    const { handler } = loadFunction('notify.js', {
      env: { TABLE: 'messages', OWNER: 'a@example.org,b@example.org', SENDER: 'site@example.org', SITE: 'Bäckerei' }, modules: sdk
    });

    runs += 1;
    return handler({ Records: records }, { ...context, awsRequestId: String(runs) });
  }

  async function mailOf(one) {
    const items = await itemsOf(client, 'form#contact');

    return items.find((item) => item.sk.S === one.dynamodb.Keys.sk.S).mail.M;
  }

  it('a mail goes out once and is marked', async () => {
    const one = await put({ name: 'Äda', topics: ['a', 'b'] });

    mails.length = 0;
    assert.deepEqual(await notify([one]), { batchItemFailures: [] });
    assert.deepEqual(await notify([one]), { batchItemFailures: [] });
    assert.equal(mails.length, 1);
    assert.equal(mails[0].path, '/v2/email/outbound-emails');
    assert.deepEqual(mails[0].Destination.ToAddresses, ['a@example.org', 'b@example.org']);
    assert.match(mails[0].Content.Simple.Subject.Data, /^Bäckerei: message from Äda$/);
    assert.equal((await mailOf(one)).state.S, 'mailed');
  });

  it('poison in the middle of a batch: every other mail goes out, once', async () => {
    const records = await Promise.all(['1', '2', 'poison', '4', '5'].map((n) => put({ name: n })));

    mails.length = 0;
    answer = (mail) => (JSON.stringify(mail).includes('poison') ? [500, { __type: 'InternalServiceErrorException' }] : [200, {}]);
    let left = records;
    let rounds = 0;
    while (left.length > 0 && rounds++ < 20) {
      const { batchItemFailures: failed } = await notify(left);

      // as the stream does it: from the first that failed on
      left = failed.length === 0 ? [] : left.slice(left.findIndex((one) => one.dynamodb.SequenceNumber === failed[0].itemIdentifier));
    }
    answer = () => [200, {}];
    assert.equal(rounds, 5);
    assert.deepEqual(mails.map((mail) => /from (\w+)$/.exec(mail.Content.Simple.Subject.Data)[1]), ['1', '2', '4', '5']);
    assert.deepEqual(await Promise.all(records.map(async (one) => (await mailOf(one)).state.S)),
      ['mailed', 'mailed', 'failed', 'mailed', 'mailed']);
    assert.deepEqual([(await mailOf(records[2])).givenUp.BOOL, (await mailOf(records[2])).error.S.split(':')[0]],
      [true, 'InternalServiceErrorException']);
  });

  it('a mail that is refused is marked and given up', async () => {
    const one = await put({ name: 'x' });

    answer = () => [400, { __type: 'MessageRejected', message: 'Email address is not verified.' }];
    assert.deepEqual(await notify([one]), { batchItemFailures: [] });
    answer = () => [200, {}];
    assert.match((await mailOf(one)).error.S, /^MessageRejected: Email address is not verified/);
    assert.equal((await mailOf(one)).givenUp.BOOL, true);
  });

  it('a line that broke in the middle makes no second mail', async () => {
    const one = await put({ name: 'x' });
    let calls = 0;

    answer = () => { calls += 1; return [0, {}]; };
    assert.deepEqual(await notify([one]), { batchItemFailures: [] });
    assert.deepEqual(await notify([one]), { batchItemFailures: [] });
    answer = () => [200, {}];
    assert.equal(calls, 1);
    assert.match((await mailOf(one)).error.S, /^Interrupted/);
  });

  it('what was given up is mailed again when the app wants it', async () => {
    const one = await put({ name: 'x' });
    const wish = (at) => {
      const wanted = record({ pk: { S: 'form#again' }, sk: { S: String(at) }, key: one.dynamodb.Keys.sk });

      wanted.dynamodb.ApproximateCreationDateTime += at;
      return wanted;
    };
    const again = wish(0);

    mails.length = 0;
    answer = (mail) => (mail.Destination.ToAddresses.includes('b@example.org') ? [400, { __type: 'MessageRejected' }] : [200, {}]);
    assert.deepEqual(await notify([one]), { batchItemFailures: [] });
    answer = () => [200, {}];
    assert.deepEqual(await notify([again]), { batchItemFailures: [] });
    assert.deepEqual(await notify([again, one]), { batchItemFailures: [] });
    assert.deepEqual(mails.map((mail) => mail.Destination.ToAddresses), [['a@example.org'], ['b@example.org']]);
    assert.deepEqual([(await mailOf(one)).state.S, (await mailOf(one)).error], ['mailed', undefined]);

    // given up once more, then wanted once more
    answer = () => [400, { __type: 'MessageRejected' }];
    await notify([wish(1)]);
    assert.equal((await mailOf(one)).givenUp.BOOL, true);
    answer = () => [200, {}];
    await notify([wish(2)]);
    await notify([wish(1)]);
    assert.deepEqual([mails.length, (await mailOf(one)).state.S], [3, 'mailed']);
  });

  it('a message that is gone is not mailed', async () => {
    mails.length = 0;
    assert.deepEqual(await notify([record(itemOf({ a: 'b' }))]), { batchItemFailures: [] });
    assert.equal(mails.length, 0);
  });
}
