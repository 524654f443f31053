// Copyright 2026 The Porchlight developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Counts the visits of the site (API Gateway HTTP API, payload 2.0): POST adds one and tells the number, GET only tells
// it, and with ?days all days one by one. Each month is one item, so that a visit is one write that holds or doesn't.
// There is no cookie, and no address is stored: a visitor is known for half an hour by a hash whose key is derived from
// the secret that the distribution sends and is another one every day. 403 and 404 are never answered, the distribution
// would put the site's own error page in their place.

'use strict';

const { DynamoDBClient, PutItemCommand, QueryCommand, UpdateItemCommand } = require('@aws-sdk/client-dynamodb');
const { createHash, createHmac, timingSafeEqual } = require('node:crypto');

// So long a visitor who comes again is the same visit
const PAUSE = 1800000;

// What calls itself a robot, or looks at pages for somebody who doesn't see them yet
const ROBOTS = new RegExp('bot\\b|crawl|spider|slurp|https?:|@|headless|lighthouse|preview|monitor|scan|fetch|curl|wget|' +
  'python|perl|ruby|php|java/|okhttp|go-http|axios|node', 'i');

const client = new DynamoDBClient({});

function header(event, name) {
  const value = event && event.headers && event.headers[name];

  return typeof value === 'string' ? value : '';
}

function isFromSite(event) {
  const digest = (text) => createHash('sha256').update(text).digest();
  const secret = process.env.SECRET || '';

  return secret !== '' && timingSafeEqual(digest(header(event, 'x-porchlight-secret')), digest(secret));
}

// The visitor's address as the distribution saw it: it writes it behind whatever the visitor claims, and the API writes
// its own caller behind that
function visitorOf(event) {
  const source = event.requestContext.http.sourceIp;
  const list = header(event, 'x-forwarded-for').split(',').map((part) => part.trim()).filter(Boolean);

  if (list.length > 1 && list[list.length - 1] === source)
    list.pop();

  return list.pop() || source;
}

// Only people on a page of the site itself count, and not before they look at it
function isVisit(event) {
  const agent = header(event, 'user-agent');

  return agent !== '' && !ROBOTS.test(agent) && !/prefetch|prerender/i.test(header(event, 'sec-purpose')) &&
    ['', 'same-origin', 'none'].includes(header(event, 'sec-fetch-site'));
}

// Whether the visitor was not here a moment ago
async function isNew(event, now) {
  const key = `${process.env.SECRET} visits ${new Date(now).toISOString().slice(0, 10)}`;
  const hash = createHmac('sha256', key).update(`${visitorOf(event)} ${header(event, 'user-agent')}`).digest('hex');

  try {
    await client.send(new PutItemCommand({
      TableName: process.env.TABLE,
      Item: { pk: { S: 'seen' }, sk: { S: hash.slice(0, 40) }, expires: { N: String(Math.ceil((now + PAUSE) / 1000)) } },
      // expired items stay for a while
      ConditionExpression: 'attribute_not_exists(pk) OR expires <= :now',
      ExpressionAttributeValues: { ':now': { N: String(Math.floor(now / 1000)) } }
    }));
    return true;
  } catch (error) {
    if (error.name === 'ConditionalCheckFailedException')
      return false;
    throw error;
  }
}

// The item of 2026-11 has the whole month as "n" and the 21st as "d21"
async function add(now) {
  const day = new Date(now).toISOString();

  await client.send(new UpdateItemCommand({
    TableName: process.env.TABLE, Key: { pk: { S: 'visits' }, sk: { S: day.slice(0, 7) } },
    UpdateExpression: 'ADD #n :one, #day :one',
    ExpressionAttributeNames: { '#n': 'n', '#day': `d${day.slice(8, 10)}` },
    ExpressionAttributeValues: { ':one': { N: '1' } }
  }));
}

async function read() {
  const months = [];
  let from;

  do {
    const page = await client.send(new QueryCommand({
      TableName: process.env.TABLE, KeyConditionExpression: 'pk = :pk', ConsistentRead: true,
      ExpressionAttributeValues: { ':pk': { S: 'visits' } }, ExclusiveStartKey: from
    }));

    months.push(...page.Items);
    from = page.LastEvaluatedKey;
  } while (from);

  return months;
}

function tell(months, now, withDays) {
  const days = Object.fromEntries(months.flatMap((item) => Object.keys(item).filter((name) => /^d\d\d$/.test(name)).sort()
    .map((name) => [`${item.sk.S}-${name.slice(1)}`, Number(item[name].N)])));

  return {
    visits: months.reduce((sum, item) => sum + Number(item.n.N), 0),
    today: days[new Date(now).toISOString().slice(0, 10)] || 0,
    ...(withDays ? { days } : {})
  };
}

function answer(statusCode, value, headers) {
  return {
    statusCode, body: JSON.stringify(value),
    headers: {
      'content-type': 'application/json', 'cache-control': 'no-store', 'cross-origin-resource-policy': 'same-origin',
      'x-content-type-options': 'nosniff', ...headers
    }
  };
}

async function handle(event) {
  const method = event && event.requestContext && event.requestContext.http && event.requestContext.http.method;
  const now = Date.now();

  if (!isFromSite(event))
    return answer(400, { error: 'direct', message: 'This address is not for direct use.' });
  if (!['GET', 'HEAD', 'POST'].includes(method))
    return answer(405, { error: 'method', message: 'GET tells the number, POST adds one.' }, { allow: 'GET, HEAD, POST' });
  if (method === 'POST' && isVisit(event) && await isNew(event, now))
    await add(now);

  const withDays = Object.hasOwn(event.queryStringParameters || {}, 'days');

  return answer(200, tell(await read(), now, withDays), method === 'POST' ? {} : { 'cache-control': 'private, max-age=60' });
}

exports.handler = async (event) => {
  try {
    return await handle(event);
  } catch (error) {
    console.error(`not counted: ${error.name}`);
    return answer(503, { error: 'broken', message: 'The number is not known right now.' }, { 'retry-after': '60' });
  }
};
