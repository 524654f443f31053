// Copyright 2026 The Porchlight developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Mails each new message of the table (DynamoDB stream) to the site's owner and writes on the message what became
// of the mail. After a failed record the stream hands over that one and all after it again: a message is therefore
// claimed before it is mailed, and one that was mailed is never mailed twice. Nothing a visitor wrote is logged.

'use strict';

const { DynamoDBClient, UpdateItemCommand } = require('@aws-sdk/client-dynamodb');
const { SESv2Client, SendEmailCommand } = require('@aws-sdk/client-sesv2');

// Errors that another try can't cure; all others are tried again with the stream's next attempt
const FINAL = [
  'MessageRejected', 'MailFromDomainNotVerifiedException', 'AccountSuspendedException', 'SendingPausedException',
  'BadRequestException', 'NotFoundException', 'ValidationException'
];

const MAX_SUBJECT = 120;
const MAX_ERROR = 500;

const MAIL_FIELDS = ['email', 'e_mail', 'mail', 'email_address', 'your_email'];
const NAME_FIELDS = ['name', 'full_name', 'your_name'];

const ATOM = "[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]{1,64}";
const LABEL = '[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?';
const ADDRESS = new RegExp(`^${ATOM}(?:\\.${ATOM})*@(?:${LABEL}\\.)+(?!\\d+$)${LABEL}$`);

const LABELS = {
  given_name: 'Given name', family_name: 'Family name', company_size: 'Company size', email: 'E-mail',
  phone_number_home: 'Phone (home)', phone_number_mobile: 'Phone (mobile)', phone_number_work: 'Phone (work)',
  phone_number_work_ext: 'Phone (work), extension', address_1: 'Address', address_2: 'Address, second line',
  zip_code: 'ZIP code'
};

const table = new DynamoDBClient({});
const mail = new SESv2Client({});

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

  return characters.length > limit ? characters.slice(0, limit - 1).join('').trimEnd() + '…' : text;
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

function plainBody(site, fields, footer) {
  const rows = fields.map(({ name, text }) =>
    text.includes('\n') || text.length > 60 ? `${labelOf(name)}:\n\n${text}\n` : `${labelOf(name)}: ${text}`);

  return `New message from ${site}\n\n${rows.join('\n')}\n\n-- \n${footer}\n`;
}

function htmlBody(site, fields, footer) {
  const rows = fields.map(({ name, text }) =>
    `<p style="margin:0 0 16px"><b style="display:block;font-size:13px;opacity:.7">${escapeHtml(labelOf(name))}</b>` +
    `<span dir="auto">${escapeHtml(text).replace(/\n/g, '<br>')}</span></p>`);

  return '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><meta name="color-scheme" content="light dark">' +
    '<title>New message</title></head>' +
    '<body style="font:16px/1.5 system-ui,sans-serif;max-width:600px;margin:0;padding:16px">' +
    `<h1 style="font-size:20px;margin:0 0 24px">New message from ${escapeHtml(site)}</h1>${rows.join('')}` +
    `<p style="margin:32px 0 0;font-size:13px;opacity:.7">${escapeHtml(footer)}</p></body></html>`;
}

function toMail(image) {
  const fields = fieldsOf(image);
  const site = oneLine(process.env.SITE || '') || 'your website';
  const subject = oneLine(find(fields, ['subject']));
  const replyTo = validAddress(find(fields, MAIL_FIELDS));
  const page = textOf(image.page);
  const footer = (replyTo ? 'Reply to this mail to answer the sender.' : 'The sender left no mail address to answer to.') +
    (page ? ` Sent from the page ${oneLine(page)}` : '') + ` · Receipt ${textOf(image.id)}`;
  const headline = `${site}: ${subject || `message from ${senderOf(fields)}`}`;

  return {
    FromEmailAddress: process.env.SENDER,
    Destination: { ToAddresses: owners() },
    ...(replyTo ? { ReplyToAddresses: [replyTo] } : {}),
    Content: {
      Simple: {
        Subject: { Data: shorten(headline, MAX_SUBJECT), Charset: 'UTF-8' },
        Body: {
          Text: { Data: plainBody(site, fields, footer), Charset: 'UTF-8' },
          Html: { Data: htmlBody(site, fields, footer), Charset: 'UTF-8' }
        }
      }
    }
  };
}

function owners() {
  return (process.env.OWNER || '').split(',').map((address) => address.trim()).filter((address) => address !== '');
}

async function writeState(keys, state, error) {
  const entry = { state: { S: state }, time: { S: new Date().toISOString() } };

  if (error)
    entry.error = { S: shorten(oneLine(error), MAX_ERROR) };

  await table.send(new UpdateItemCommand({
    TableName: process.env.TABLE,
    Key: { pk: keys.pk, sk: keys.sk },
    UpdateExpression: 'SET mail = :mail',
    ConditionExpression: 'attribute_exists(pk) AND (attribute_not_exists(mail) OR mail.#state <> :mailed)',
    ExpressionAttributeNames: { '#state': 'state' },
    ExpressionAttributeValues: { ':mail': { M: entry }, ':mailed': { S: 'mailed' } }
  }));
}

// False where the message was mailed before or is gone
async function claim(keys) {
  try {
    await writeState(keys, 'sending');
    return true;
  } catch (error) {
    if (error.name === 'ConditionalCheckFailedException')
      return false;
    throw error;
  }
}

// What became of a mail is worth a second try, but never a second mail
async function note(keys, state, error) {
  for (let left = 2; left >= 0; left--) {
    try {
      await writeState(keys, state, error);
      return;
    } catch (problem) {
      if (left === 0 || problem.name === 'ConditionalCheckFailedException') {
        console.error(`mail state "${state}" not written: ${problem.name}`);
        return;
      }
    }
  }
}

// Whether the record is done with
async function handleRecord(record) {
  const { Keys: keys, NewImage: image } = record.dynamodb;

  if (record.eventName !== 'INSERT' || !image || !/^form#/.test(textOf(keys.pk)))
    return true;
  if ((image.spam && image.spam.BOOL) || owners().length === 0 || !(await claim(keys)))
    return true;

  try {
    await mail.send(new SendEmailCommand(toMail(image)));
  } catch (error) {
    console.error(`not mailed: ${error.name}`);
    await note(keys, 'failed', `${error.name}: ${error.message}`);
    return FINAL.includes(error.name);
  }

  await note(keys, 'mailed');
  return true;
}

exports.handler = async (event) => {
  const failures = [];

  for (const record of event.Records || []) {
    try {
      if (await handleRecord(record))
        continue;
    } catch (error) {
      console.error(`record not handled: ${error.name}`);
    }

    failures.push({ itemIdentifier: record.dynamodb && record.dynamodb.SequenceNumber });
  }

  return { batchItemFailures: failures };
};
