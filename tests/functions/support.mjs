// Copyright 2026 The Porchlight developers
// SPDX-License-Identifier: GPL-3.0-or-later
// What the tests of the functions share: where they are, how one is loaded, events as AWS sends them, and the packages
// and servers that others wrote.

import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import vm from 'node:vm';
import { FORM_TYPE } from './contact-cases.mjs';

export const here = dirname(fileURLToPath(import.meta.url));
export const data = join(here, '..', '..', 'data');
export const functions = join(data, 'functions');
export const SECRET = 's'.repeat(43);

let template = null;

// A function as it is shipped: from the template that the app sends
export function readShipped(name) {
  if (template === null) {
    const folder = mkdtempSync(join(tmpdir(), 'porchlight-stack-'));
    const made = spawnSync('python3', [join(data, 'stacks', 'assemble.py'), join(data, 'stacks', 'site.json'), functions, join(folder, 'site.json')],
      { stdio: 'inherit' });

    if (made.status !== 0)
      throw new Error('The template can’t be made');
    template = JSON.parse(readFileSync(join(folder, 'site.json'), 'utf8'));
    rmSync(folder, { recursive: true });
  }

  return template.Resources[name[0].toUpperCase() + name.slice(1, -3)].Properties.Code.ZipFile;
}

// A Lambda function's exports, loaded anew; `modules` stands in for what its require() finds. Without `source` it is the
// code that is shipped.
export function loadFunction(name, { env = {}, modules = {}, log = () => {}, source = false } = {}) {
  const path = join(functions, name);
  const real = createRequire(path);
  const module = { exports: {} };
  const require = (id) => (id in modules ? modules[id] : real(id));
  const console = { log, info: log, warn: log, error: log };
  const wrapper = vm.runInThisContext(
    `(function (exports, require, module, process, console) {${source ? readFileSync(path, 'utf8') : readShipped(name)}\n})`, { filename: path });

  wrapper(module.exports, require, module, { env }, console);
  return module.exports;
}

export const context = { awsRequestId: 'a3c5a6f2-0000-4000-8000-000000000001', getRemainingTimeInMillis: () => 60000 };

// A request as an HTTP API hands it to a function (payload format 2.0), with the distribution before it: what a visitor
// at `visitor` sends arrives from an address of the distribution
export function eventOf({ body = '', type = FORM_TYPE, accept = 'text/html,*/*;q=0.8', headers = {}, method = 'POST',
  path = '/_porchlight/contact', query = '', visitor = '203.0.113.7', secret = SECRET, base64 }) {
  const bytes = Buffer.from(body);
  const text = /^(text\/|application\/(json|xml|javascript))/i.test(type) && bytes.equals(Buffer.from(bytes.toString('utf8')));
  const encoded = base64 === undefined ? !text : base64;
  const parameters = Object.fromEntries(new URLSearchParams(query));
  const all = {
    accept, 'accept-encoding': 'gzip, deflate, br', 'content-length': String(bytes.length), host: 'a1b2c3d4e5.execute-api.eu-central-1.amazonaws.com',
    'user-agent': 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0', via: '2.0 0123456789abcdef.cloudfront.net (CloudFront)',
    'x-amz-cf-id': 'id', 'x-forwarded-for': `${visitor}, 130.176.0.1`, 'x-forwarded-port': '443', 'x-forwarded-proto': 'https',
    'x-porchlight-secret': secret, ...(type ? { 'content-type': type } : {}), ...headers
  };

  return {
    version: '2.0', routeKey: `ANY ${path}`, rawPath: path, rawQueryString: query,
    headers: Object.fromEntries(Object.entries(all).filter((entry) => entry[1] !== undefined)),
    ...(query ? { queryStringParameters: parameters } : {}),
    requestContext: {
      accountId: '123456789012', apiId: 'a1b2c3d4e5', domainName: all.host, domainPrefix: 'a1b2c3d4e5',
      http: { method, path, protocol: 'HTTP/1.1', sourceIp: '130.176.0.1', userAgent: all['user-agent'] },
      requestId: 'id', routeKey: `ANY ${path}`, stage: '$default', time: '12/Mar/2026:19:03:58 +0000', timeEpoch: 1773342238000
    },
    ...(bytes.length > 0 ? { body: bytes.toString(encoded ? 'base64' : 'utf8') } : {}),
    isBase64Encoded: bytes.length > 0 && encoded
  };
}

let counter = 0;

// A new item as the table's stream hands it to a function
export function recordOf(item, more = {}) {
  counter += 1;

  return {
    eventID: String(counter).padStart(32, '0'), eventName: 'INSERT', eventVersion: '1.1', eventSource: 'aws:dynamodb', awsRegion: 'eu-central-1',
    dynamodb: {
      ApproximateCreationDateTime: 1773342238, Keys: { pk: item.pk, sk: item.sk }, NewImage: item,
      SequenceNumber: String(counter).padStart(21, '0'), SizeBytes: 500, StreamViewType: 'NEW_IMAGE'
    },
    eventSourceARN: 'arn:aws:dynamodb:eu-central-1:123456789012:table/messages/stream/2026-01-01T00:00:00.000', ...more
  };
}

// The stored fields as {name: text or [texts]}
export function fieldsOf(item) {
  return Object.fromEntries(Object.entries(item.fields.M).map(([name, value]) =>
    [name, value.L ? value.L.map((one) => one.S) : value.S]));
}

// ---- the form's table in memory ----

// What the app puts into the table: the built-in pages in other languages
export const WORDS = JSON.parse(readFileSync(join(data, 'pages', 'words.json'), 'utf8'));
export const wordsItem = { pk: { S: 'words' }, sk: { S: '1' }, json: { S: JSON.stringify(WORDS) } };

class Command {
  constructor(input) {
    this.input = input;
  }
}
class GetItemCommand extends Command {}
class PutItemCommand extends Command {}
class UpdateItemCommand extends Command {}

function refuse() {
  throw Object.assign(new Error('The conditional request failed'), { name: 'ConditionalCheckFailedException' });
}

// A table with just the expressions that the form's function uses; `failWith` may throw for a request
export function memoryTable({ failWith, words = true } = {}) {
  const tables = new Map();
  const put = (item) => {
    tables.set(`${item.pk.S} ${item.sk.S}`, item);
    return { Attributes: item };
  };

  // What an update makes of an item
  function change(known, { Key: { pk, sk }, UpdateExpression: expression, ExpressionAttributeValues: values }) {
    if (pk.S === 'proof') {
      if (!known || (known.key && known.key.S !== values[':key'].S))
        refuse();
      return { ...known, key: values[':key'] };
    }
    if (expression.includes('ADD')) {
      if (known && Number(known.hits.N) >= Number(values[':most'].N))
        refuse();
      return { pk, sk, hits: { N: String(Number(known?.hits.N || 0) + 1) }, expires: values[':end'] };
    }

    return known && expression.includes('if_not_exists') ? known : { pk, sk, key: values[':key'], expires: values[':end'] };
  }

  function run(command) {
    const { input } = command;
    const { pk, sk } = input.Item || input.Key;
    const known = tables.get(`${pk.S} ${sk.S}`);

    if (input.TableName !== 'messages')
      throw new Error(`Table ${input.TableName}`);
    failWith?.(input);
    if (command instanceof GetItemCommand)
      return { Item: known };
    if (command instanceof UpdateItemCommand)
      return put(change(known, input));
    if (input.ConditionExpression !== 'attribute_not_exists(pk)')
      throw new Error(input.ConditionExpression);
    return known ? refuse() : put(input.Item);
  }

  if (words)
    put(wordsItem);

  return {
    put,
    items: (kind) => Array.from(tables.values()).filter((item) => item.pk.S === kind),
    modules: {
      '@aws-sdk/client-dynamodb': {
        GetItemCommand, PutItemCommand, UpdateItemCommand, DynamoDBClient: class {
          async send(command) {
            return run(command);
          }
        }
      }
    }
  };
}

// ---- what others wrote ----

// The folder that build-aux/node-modules filled. Without it there is nothing to run, which must not happen in CI
export const packages = process.env.PORCHLIGHT_NODE_MODULES || '';
if (packages === '' && process.env.CI)
  throw new Error('PORCHLIGHT_NODE_MODULES names no folder: in CI the packages must be there');

export const skip = packages === '' ? 'PORCHLIGHT_NODE_MODULES names no folder (build-aux/node-modules fills one)' : false;

export function requirePackage(name) {
  return createRequire(join(packages, 'index.js'))(name);
}

// Loaded when they are first asked for, since that takes a while
export const sdk = Object.defineProperties({}, Object.fromEntries((skip ? [] : ['@aws-sdk/client-dynamodb', '@aws-sdk/client-sesv2'])
  .map((name) => [name, { enumerable: true, get: () => requirePackage(name) }])));

// The SDK finds its servers and keys in the environment, as in Lambda
export function useServers({ dynamodb, mail }) {
  Object.assign(process.env, {
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true', AWS_REGION: 'eu-central-1', AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE', AWS_SECRET_ACCESS_KEY: 'example', AWS_EC2_METADATA_DISABLED: 'true',
    AWS_ENDPOINT_URL_DYNAMODB: dynamodb, AWS_ENDPOINT_URL_SESV2: mail || dynamodb
  });
}

export function listen(server) {
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve(`http://127.0.0.1:${server.address().port}`));
  });
}

async function startDynalite() {
  const server = requirePackage('dynalite')({ createTableMs: 0 });

  return { endpoint: await listen(server), stop: () => server.close() };
}

async function startMoto() {
  const child = spawn('moto_server', ['-p', '0', '-H', '127.0.0.1'], { stdio: ['ignore', 'ignore', 'pipe'] });
  const endpoint = await new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', () => reject(new Error('moto ended')));
    createInterface(child.stderr).on('line', (line) => {
      const match = /Running on (http:\S+)/.exec(line);

      if (match)
        resolve(match[1]);
    });
  });

  return { endpoint, stop: () => child.kill() };
}

export const starters = { dynalite: startDynalite, moto: startMoto };

export async function createTable(client) {
  const { CreateTableCommand, DescribeTableCommand } = sdk['@aws-sdk/client-dynamodb'];

  await client.send(new CreateTableCommand({
    TableName: 'messages', BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }, { AttributeName: 'sk', AttributeType: 'S' }],
    KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }, { AttributeName: 'sk', KeyType: 'RANGE' }]
  }));
  while ((await client.send(new DescribeTableCommand({ TableName: 'messages' }))).Table.TableStatus !== 'ACTIVE')
    await new Promise((resolve) => setTimeout(resolve, 20));
}

export async function putItem(client, item) {
  await client.send(new (sdk['@aws-sdk/client-dynamodb'].PutItemCommand)({ TableName: 'messages', Item: item }));
}

// The newest items of a kind: as a rule far more than any case stores
export async function itemsOf(client, kind, most = 150) {
  const { QueryCommand } = sdk['@aws-sdk/client-dynamodb'];
  const items = [];
  let from;

  do {
    const page = await client.send(new QueryCommand({
      TableName: 'messages', KeyConditionExpression: 'pk = :pk', ExpressionAttributeValues: { ':pk': { S: kind } },
      ConsistentRead: true, ScanIndexForward: false, ExclusiveStartKey: from, ...(most < Infinity ? { Limit: most } : {})
    }));

    items.push(...page.Items);
    from = page.LastEvaluatedKey;
  } while (from && items.length < most);

  return items;
}

// A function like test() for cases that need a server of others: it is started with the first of them and stopped at the
// end of the file. `prepare` gets it, or null where `name` is none of the servers.
export function testsWith(name, prepare) {
  let ready = null;
  let server = null;

  async function start() {
    server = name in starters ? await starters[name]() : null;
    await prepare(server);
  }

  after(() => server?.stop());

  return (title, run) => test(`${name}: ${title}`, { skip: name in starters ? skip : false, timeout: 120000 }, async () => {
    ready = ready || start();
    await ready;
    await run();
  });
}
