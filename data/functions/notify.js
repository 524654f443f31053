// Copyright 2026 The Porchlight developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Mails each new message of the table (DynamoDB stream) to the site's owner and writes on the message what became
// of the mail. After a failed record the stream hands over that one and all after it again: a message is therefore
// claimed before it is mailed. One that was mailed is never mailed twice; one whose mail may or may not have gone, since
// the function ended or the line broke in the middle, is not tried again but marked.
//
// A mail that is given up stays on its message, with the reason: that is where its owner looks, and it does not expire. A
// queue beside it would hold positions in the stream, which are worth nothing after a day. The app mails such a message
// again by an item "form#again" that names it. Nothing a visitor wrote is logged.

'use strict';

const { DynamoDBClient, UpdateItemCommand } = require('@aws-sdk/client-dynamodb');
const { SESv2Client, SendEmailCommand } = require('@aws-sdk/client-sesv2');

// Errors that another try can't cure; all others are tried again with the stream's next attempt
const FINAL = [
  'MessageRejected', 'MailFromDomainNotVerifiedException', 'AccountSuspendedException', 'SendingPausedException',
  'BadRequestException', 'NotFoundException', 'ValidationException', 'TypeError'
];

// The line broke in the middle: the mail may have gone
const UNSURE = ['TimeoutError', 'ECONNRESET', 'EPIPE'];
const UNSURE_TEXT = 'Interrupted: the mail may or may not have been sent';

// Less than the stream's own attempts, which are for records that make the function itself end; so many again each time
// that the app wants it
const MAX_TRIES = 5;

// In the sandbox one mail a second goes
const SLOW = ['TooManyRequestsException', 'ThrottlingException', 'LimitExceededException'];
const PAUSE = 1100;
const MAX_PAUSES = 3;

// What handling one record may take, in milliseconds; a record that is not begun is simply handed over again
const RECORD_TIME = 15000;

// Longer than the function may run: what is still being sent by then is not
const STUCK = 120000;

// Stands before any time
const FIRST = '-';

const MAX_SUBJECT = 120;
const MAX_ERROR = 500;

const MAIL_FIELDS = ['email', 'e_mail', 'mail', 'email_address', 'your_email'];
const NAME_FIELDS = ['name', 'full_name', 'your_name'];

const ATOM = "[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]{1,64}";
const LABEL = '[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?';
const ADDRESS = new RegExp(`^${ATOM}(?:\\.${ATOM})*@(?:${LABEL}\\.)+(?!\\d+$)${LABEL}$`);

const LABELS = { email: 'E-mail', zip_code: 'ZIP code' };

const table = new DynamoDBClient({});

// A mail is never sent again by the SDK itself, which can't know whether the first one went
const mail = new SESv2Client({ maxAttempts: 1, requestHandler: { socketTimeout: 10000 } });

// Plain text of an attribute that contact.js wrote: a string or a list of strings
function textOf(value) {
  if (value && Array.isArray(value.L))
    return value.L.map(textOf).join(', ');

  return value && typeof value.S === 'string' ? value.S : '';
}

function oneLine(text) {
  return text.replace(/[\0-\x1f\x7f-\x9f\u2028\u2029]+/g, ' ').replace(/\s+/g, ' ').trim();
}

function shorten(text, limit) {
  const characters = Array.from(text);

  return characters.length > limit ? characters.slice(0, limit - 1).join('').trimEnd() + '\u2026' : text;
}

function escapeHtml(text) {
  return text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

// One address of the plain kind, or "": what is refused here would cost the whole mail
function validAddress(text) {
  const address = text.trim();

  return address.length <= 254 && address.indexOf('@') <= 64 && ADDRESS.test(address) ? address : '';
}

// The fields in the order they were sent, those without text left out
function fieldsOf(image) {
  const values = (image.fields && image.fields.M) || {};
  const order = ((image.order && image.order.L) || []).map(textOf).filter((name) => Object.hasOwn(values, name));
  const names = order.concat(Object.keys(values).filter((name) => !order.includes(name)));

  return names.map((name) => ({ name, text: textOf(values[name]).trim() })).filter((field) => field.text !== '');
}

function find(fields, names) {
  const field = fields.find((item) => names.includes(item.name.toLowerCase().replace(/[\s-]+/g, '_')));

  return field ? field.text : '';
}

function labelOf(name) {
  const label = Object.hasOwn(LABELS, name) ? LABELS[name] : name.replace(/[_-]+/g, ' ').trim() || name;

  return oneLine(label.charAt(0).toUpperCase() + label.slice(1));
}

function senderOf(fields) {
  const whole = find(fields, NAME_FIELDS) ||
    [find(fields, ['given_name', 'first_name']), find(fields, ['family_name', 'last_name'])].filter(Boolean).join(' ');

  return oneLine(whole) || validAddress(find(fields, MAIL_FIELDS)) || 'a visitor';
}

function plainBody(heading, fields, footer) {
  const rows = fields.map(({ name, text }) =>
    text.includes('\n') || text.length > 60 ? `${labelOf(name)}:\n\n${text}\n` : `${labelOf(name)}: ${text}`);

  return `${heading}\n\n${rows.join('\n')}\n\n-- \n${footer}\n`;
}

function htmlBody(heading, fields, footer) {
  const rows = fields.map(({ name, text }) =>
    `<p style="margin:0 0 16px"><b style="display:block;font-size:13px;opacity:.7">${escapeHtml(labelOf(name))}</b>` +
    `<span dir="auto">${escapeHtml(text).replace(/\n/g, '<br>')}</span></p>`);

  return '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><meta name="color-scheme" content="light dark">' +
    '<title>New message</title></head>' +
    '<body style="font:16px/1.5 system-ui,sans-serif;max-width:600px;margin:0;padding:16px">' +
    `<h1 style="font-size:20px;margin:0 0 24px">${escapeHtml(heading)}</h1>${rows.join('')}` +
    `<p style="margin:32px 0 0;font-size:13px;opacity:.7">${escapeHtml(footer)}</p></body></html>`;
}

function toMail(image, recipients, replyTo) {
  const fields = fieldsOf(image);
  const site = oneLine(process.env.SITE || '') || 'your website';
  const subject = oneLine(find(fields, ['subject']));
  const page = textOf(image.page);
  const footer = (replyTo ? 'Reply to this mail to answer the sender.' : 'The sender left no mail address to answer to.') +
    (page ? ` Sent from the page ${oneLine(page)}` : '') + ` \xb7 Receipt ${textOf(image.id)}`;
  const headline = `${image.proof ? 'Test: ' : ''}${site}: ${subject || `message from ${senderOf(fields)}`}`;
  const heading = image.proof ? 'This is a test of your contact form. Nobody wrote to you.' : `New message from ${site}`;

  return {
    FromEmailAddress: process.env.SENDER,
    Destination: { ToAddresses: recipients },
    ...(replyTo ? { ReplyToAddresses: [replyTo] } : {}),
    Content: {
      Simple: {
        Subject: { Data: shorten(headline, MAX_SUBJECT), Charset: 'UTF-8' },
        Body: {
          Text: { Data: plainBody(heading, fields, footer), Charset: 'UTF-8' },
          Html: { Data: htmlBody(heading, fields, footer), Charset: 'UTF-8' }
        }
      }
    }
  };
}

function owners() {
  return (process.env.OWNER || '').split(',').map((address) => address.trim()).filter((address) => address !== '');
}

// Writes what became of the mail; the claim stays, so that nobody else writes over it
async function writeState(keys, token, entry, more, condition, values, names) {
  const { Attributes: item } = await table.send(new UpdateItemCommand({
    TableName: process.env.TABLE,
    Key: keys,
    UpdateExpression: `SET mail = :mail${more}`,
    ConditionExpression: condition,
    ReturnValues: 'ALL_NEW',
    ExpressionAttributeNames: names,
    ExpressionAttributeValues: {
      ':mail': { M: { ...entry, ...token, time: { S: new Date().toISOString() } } }, ':claim': token.claim, ...values
    }
  }));

  return item;
}

// Takes the message for mailing and returns it, or null where it was mailed before, was given up or is gone. What this
// very claim took it may take again, since the answer to the SDK's first try may have been lost
async function claim(keys, token) {
  try {
    return await writeState(keys, token, { state: { S: 'sending' } }, ' ADD tries :one',
      'attribute_exists(pk) AND (attribute_not_exists(mail) OR mail.claim = :claim OR ' +
      '(mail.again < :again AND (mail.#state <> :sending OR mail.#time < :old)) OR ' +
      '(mail.again = :again AND mail.#state = :failed AND attribute_not_exists(mail.givenUp)))', {
        ':again': token.again, ':failed': { S: 'failed' }, ':sending': { S: 'sending' }, ':one': { N: '1' },
        ':old': { S: new Date(Date.now() - STUCK).toISOString() }
      }, { '#state': 'state', '#time': 'time' });
  } catch (error) {
    if (error.name !== 'ConditionalCheckFailedException')
      throw error;
  }

  try {
    await writeState(keys, token, { state: { S: 'failed' }, givenUp: { BOOL: true }, error: { S: UNSURE_TEXT } }, '',
      'mail.#state = :sending AND mail.again = :again AND mail.claim <> :claim',
      { ':again': token.again, ':sending': { S: 'sending' } }, { '#state': 'state' });
    console.error('mail interrupted');
  } catch (error) {
    if (error.name !== 'ConditionalCheckFailedException')
      throw error;
  }

  return null;
}

// What became of a mail is worth another try, but never another mail
async function note(keys, token, state, missing, error, isFinal) {
  const entry = { state: { S: state } };

  if (error)
    entry.error = { S: shorten(oneLine(error), MAX_ERROR) };
  if (isFinal)
    entry.givenUp = { BOOL: true };

  for (let left = 2; left >= 0; left--) {
    try {
      await writeState(keys, token, entry, ', unreached = :unreached', 'mail.claim = :claim',
        { ':unreached': { L: missing.map((one) => ({ S: one })) } });
      return;
    } catch (problem) {
      if (left === 0 || problem.name === 'ConditionalCheckFailedException') {
        console.error(`mail state "${state}" not written: ${problem.name}`);
        return;
      }
    }
  }
}

async function send(image, recipients) {
  let replyTo = validAddress(find(fieldsOf(image), MAIL_FIELDS));

  for (let left = MAX_PAUSES; ; left--) {
    try {
      await mail.send(new SendEmailCommand(toMail(image, recipients, replyTo)));
      return;
    } catch (error) {
      // the visitor's address may be what is wrong: rather a mail without it than none
      if (replyTo && error.name === 'BadRequestException') {
        replyTo = '';
        continue;
      }
      if (left <= 0 || !SLOW.includes(error.name))
        throw error;
    }

    await new Promise((resolve) => setTimeout(resolve, PAUSE));
  }
}

// One mail to all who have not got it yet. Where the sandbox refuses it because of one address, the others still get
// theirs. Returns who does not, and why
async function sendToOwners(image) {
  const left = owners().filter((one) => image.unreached && (image.unreached.L || []).some((other) => other.S === one));
  const all = left.length > 0 ? left : owners();
  const missing = [];
  let reason;

  try {
    await send(image, all);
    return [missing];
  } catch (error) {
    if (error.name !== 'MessageRejected' || all.length < 2)
      return [all, error];
  }

  for (const one of all) {
    try {
      await send(image, [one]);
    } catch (error) {
      missing.push(one);
      reason = error;
    }
  }

  return [missing, reason];
}

// Whether the record is done with
async function handleRecord(record, request) {
  const { Keys: own, NewImage: image, SequenceNumber: number, ApproximateCreationDateTime: time } = record.dynamodb;

  if (record.eventName !== 'INSERT' || !image || !/^form#/.test(textOf(own.pk)))
    return true;

  const again = textOf(own.pk) === 'form#again';
  const keys = again ? { pk: { S: 'form#contact' }, sk: { S: textOf(image.key) || FIRST } } : { pk: own.pk, sk: own.sk };
  const token = { claim: { S: `${request} ${number}` }, again: { S: again ? String(time) : FIRST } };

  if ((!again && image.spam && image.spam.BOOL) || (owners().length === 0 && !image.proof))
    return true;

  const item = await claim(keys, token);

  if (item === null)
    return true;

  if (item.proof && !(item.wantsMail && item.wantsMail.BOOL)) {
    await note(keys, token, 'proven', []);
    return true;
  }

  const [missing, error] = await sendToOwners(item);

  if (!error) {
    await note(keys, token, 'mailed', []);
    return true;
  }

  const unsure = UNSURE.includes(error.name) || UNSURE.includes(error.code);
  const isFinal = unsure || FINAL.includes(error.name) || Number(item.tries.N) % MAX_TRIES === 0;
  const some = missing.length < owners().length;

  console.error(`not mailed: ${error.name}`);
  await note(keys, token, isFinal && some ? 'mailed' : 'failed', missing, (some ? `Not to ${missing.join(', ')}: ` : '') +
    (unsure ? UNSURE_TEXT : `${error.name}: ${error.message}`), isFinal);
  return isFinal;
}

exports.handler = async (event, context) => {
  const failures = [];

  for (const record of event.Records || []) {
    // a record without its number or keys can't be asked for again, nor mailed
    if (!record.dynamodb || !record.dynamodb.SequenceNumber || !record.dynamodb.Keys) {
      console.error('record not readable');
      continue;
    }

    try {
      if (context.getRemainingTimeInMillis() > RECORD_TIME && await handleRecord(record, context.awsRequestId))
        continue;
    } catch (error) {
      console.error(`record not handled: ${error.name}`);
    }

    failures.push({ itemIdentifier: record.dynamodb.SequenceNumber });
  }

  return { batchItemFailures: failures };
};
