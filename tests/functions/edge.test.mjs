// Copyright 2026 The Porchlight developers
// SPDX-License-Identifier: GPL-3.0-or-later
// The shipped edge function against the table of edge-cases.json, in Node and in njs, the engine it is written for; with
// a store, and with all keys in its own code. tests/practice/test-edge-function.py does it in JavaScriptCore.

import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { data, functions, here } from './support.mjs';

const source = execFileSync('python3', ['-B', join(data, 'stacks', 'assemble.py'), '--edge', functions], { encoding: 'utf8' });
const table = JSON.parse(readFileSync(join(here, 'edge-cases.json'), 'utf8'));
const EMPTY = '\nconst EMBEDDED=null;\n';

// All keys of the store as text, as a case has them
function storeOf(item) {
  const keys = { ...table.keys };
  const live = 'store' in item ? item.store : { ...table.live, ...item.set };
  const store = {};

  if (live !== null)
    keys.live = live;
  for (const [key, value] of Object.entries(keys))
    store[key] = typeof value === 'string' ? value : JSON.stringify(value);

  return store;
}

function eventOf(item) {
  return {
    version: '1.0',
    context: { eventType: 'viewer-request' },
    viewer: { ip: '203.0.113.9' },
    request: {
      method: item.method || 'GET',
      uri: item.ask,
      querystring: item.query || {},
      headers: item.host ? { host: { value: item.host } } : {},
      cookies: item.cookies || {}
    }
  };
}

// Names of two-byte signs, quotes and backslashes as the app writes them
function embed(store) {
  const text = JSON.stringify(store).replace(/[\\']/g, '\\$&').replace(/[^ -~]/g, (c) => '\\u' + c.charCodeAt(0).toString(16).padStart(4, '0'));

  return source.replace(EMPTY, () => `\nconst EMBEDDED=JSON.parse('${text}');\n`);
}

function checkCookie(item, answer) {
  if (!('cookie' in item)) {
    assert.equal(answer.cookies, undefined);
    return;
  }

  const cookie = answer.cookies['porchlight-draft'];
  const age = cookie.attributes.match(/^Path=\/; Secure; HttpOnly; SameSite=Lax; Max-Age=(\d+)$/);

  assert.deepEqual(Object.keys(answer.cookies), ['porchlight-draft']);
  assert.equal(cookie.value, item.cookie);
  if (item.cookie === '')
    assert.equal(age[1], '0');
  else
    assert.ok(Math.abs(4102444800 - Date.now() / 1000 - Number(age[1])) < 600, 'as long as the draft');
}

function check(item, answer) {
  if (item.uri) {
    assert.equal(answer.statusCode, undefined);
    assert.equal(answer.uri, item.uri);
    assert.deepEqual(answer.querystring, item.query || {});
    assert.deepEqual(answer.cookies, item.cookies || {});
    return;
  }

  assert.equal(answer.statusCode, item.status);
  for (const [name, header] of Object.entries(answer.headers))
    assert.doesNotMatch(header.value, /[^ -~]/, name);
  checkCookie(item, answer);
  if ('location' in item) {
    assert.equal(answer.headers.location.value, item.location);
    assert.equal(answer.headers['cache-control'].value, item.private ? 'no-store' : 'public, max-age=300');
    assert.equal(answer.headers['x-robots-tag']?.value, item.private ? 'noindex, nofollow' : undefined);
    assert.equal(answer.headers['referrer-policy']?.value, item.private ? 'no-referrer' : undefined);
    assert.equal(answer.body, undefined);
  } else {
    assert.equal(answer.headers['cache-control'].value, 'no-store');
    assert.ok(answer.headers['content-type'].value.startsWith(item.type || 'text/html; charset=utf-8'));
    assert.equal(answer.headers['x-robots-tag'].value, 'noindex');
    assert.equal(answer.headers['retry-after']?.value, item.status === 503 ? '60' : undefined);
    if (item.method === 'HEAD') {
      assert.equal(answer.body, undefined);
    } else {
      assert.equal(answer.body.encoding, 'text');
      if (!item.type)
        assert.match(answer.body.data, /^<!DOCTYPE html>.*<h1>[^<]+<\/h1>.*<\/html>$/s);
      assert.ok(answer.body.data.includes(item.body || (item.status === 410 ? 'no longer here' : 'Nothing here yet')));
    }
  }
}

let handler = null;
let folder = null;
let fromNjs = null;
let fromNjsCode = null;

before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'porchlight-edge-'));
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));

  const stand = join(folder, 'node_modules', 'cloudfront');

  mkdirSync(stand, { recursive: true });
  writeFileSync(join(stand, 'package.json'), '{"type":"module","exports":"./index.js"}');
  writeFileSync(join(stand, 'index.js'), 'export default { kvs: () => globalThis.testStore() };');
  handler = await loadInNode('edge', source);
  fromNjs = runInNjs();
  fromNjsCode = runCodeInNjs();
});

async function loadInNode(name, code) {
  const file = join(folder, `${name}.mjs`);

  writeFileSync(file, code + '\nexport { handler };\n');

  return (await import(pathToFileURL(file).href)).handler;
}

const NJS_STORE = `
  let keys = {};
  export default {
    set: (value) => { keys = value; },
    kvs: () => ({
      get: async (key) => {
        if (!Object.prototype.hasOwnProperty.call(keys, key))
          throw new Error('KeyNotFound');
        return keys[key];
      }
    })
  };`;

function callNjs(code, input) {
  const file = join(folder, 'main.js');

  writeFileSync(join(folder, 'cloudfront'), NJS_STORE);
  writeFileSync(file, `${code}
    async function main() {
      const cases = JSON.parse(${JSON.stringify(JSON.stringify(input))});
      for (let i = 0; i < cases.length; i++) {
        const item = cases[i];
        if (item.raw !== undefined)
          item.event.request.rawQueryString = () => item.raw;
        cf.set(item.store);
        const answer = await handler(item.event);
        console.log(JSON.stringify(answer));
      }
    }
    main();`);

  return execFileSync('njs', ['-p', folder, file], { encoding: 'utf8' })
    .split('\n').filter((line) => line.includes('{')).map((line) => JSON.parse(line.replace(/^'|'$/g, '')));
}

// The answers to the whole table, or null where njs is not installed
function runInNjs() {
  if (spawnSync('njs', ['-v']).error)
    return null;

  return callNjs(source, table.cases.map((item) => ({ store: storeOf(item), raw: item.raw, event: eventOf(item) })));
}

// The same without a store; one run for all cases with the same keys
function runCodeInNjs() {
  const answers = [];
  const groups = new Map();

  if (fromNjs === null)
    return null;

  for (const [index, item] of table.cases.entries()) {
    const code = embed(storeOf(item));

    groups.set(code, [...groups.get(code) || [], index]);
  }

  for (const [code, indices] of groups) {
    const found = callNjs(code, indices.map((index) => ({ store: {}, raw: table.cases[index].raw, event: eventOf(table.cases[index]) })));

    assert.equal(found.length, indices.length);
    indices.forEach((index, i) => { answers[index] = found[i]; });
  }

  return answers;
}

for (const [index, item] of table.cases.entries()) {
  test(`node: ${item.name}`, async () => {
    const asked = [];
    const store = storeOf(item);
    const event = eventOf(item);

    globalThis.testStore = () => ({
      get: async (key) => {
        asked.push(key);
        assert.ok(Buffer.byteLength(key) <= 512, 'a key that a store may have');
        if (!Object.hasOwn(store, key))
          throw new Error('KeyNotFound');
        return store[key];
      }
    });
    if ('raw' in item)
      event.request.rawQueryString = () => item.raw;

    check(item, await handler(event));
    assert.ok(asked.length <= (item.reads ?? 1), `${asked.length} reads: ${asked}`);
    assert.equal(new Set(asked).size, asked.length, 'no key twice');
  });

  test(`node, without a store: ${item.name}`, async () => {
    const event = eventOf(item);

    globalThis.testStore = () => {
      throw new Error('no store');
    };
    if ('raw' in item)
      event.request.rawQueryString = () => item.raw;

    check(item, await (await loadInNode(`code-${index}`, embed(storeOf(item))))(event));
  });

  test(`njs: ${item.name}`, (t) => {
    if (fromNjs === null)
      return t.skip('njs is not installed');

    assert.equal(fromNjs.length, table.cases.length);
    check(item, fromNjs[index]);
  });

  test(`njs, without a store: ${item.name}`, (t) => {
    if (fromNjsCode === null)
      return t.skip('njs is not installed');

    check(item, fromNjsCode[index]);
  });
}

// What the engine makes of files of redirects, and what it says that the edge does with it
const redirects = JSON.parse(readFileSync(join(here, 'redirect-cases.json'), 'utf8')).cases.filter((item) => item.entries);

function redirectStore(item) {
  const names = Object.keys(item.entries);
  const chunks = names.filter((name) => name.startsWith('to:SET:*')).length;
  const live = { '': '20260102-030405-abcdef', ...item.singlePage && { '?app': true } };
  const store = {};

  if (names.length > chunks)
    live['?to'] = 'abcdefghij';
  if (chunks > 0)
    live['?splat'] = ['abcdefghij', chunks];
  for (const name of names)
    store[name.replace('SET', 'abcdefghij')] = item.entries[name];
  store.live = JSON.stringify(live);

  return store;
}

for (const item of redirects) {
  test(`redirects: ${item.name}`, async () => {
    const store = redirectStore(item);

    globalThis.testStore = () => ({
      get: async (key) => {
        if (!Object.hasOwn(store, key))
          throw new Error('KeyNotFound');
        return store[key];
      }
    });
    for (const [ask, status, location] of item.asks) {
      const answer = await handler(eventOf({ ask }));

      if (status === null) {
        assert.ok(answer.uri || answer.headers.location.value === `${ask}/`, ask);
      } else {
        assert.equal(answer.statusCode, status, ask);
        assert.equal(answer.headers.location.value, location, ask);
      }
    }
  });
}

test('a store that is not there at all', async () => {
  globalThis.testStore = () => {
    throw new Error('no store');
  };
  check({ status: 503 }, await handler(eventOf({ ask: '/' })));
});

test('an event that is no good has an answer too', async () => {
  for (const request of [{ method: 'GET' }, { method: 'GET', uri: '/', headers: null }, { method: 'GET', uri: 7, headers: {} }])
    assert.equal((await handler({ request })).statusCode, 503);
});

test('edge keeps to its limits', () => {
  const plain = readFileSync(join(functions, 'edge.js'), 'utf8');

  assert.ok(Buffer.byteLength(source) <= 10240 - 2048, 'room for what is embedded');
  assert.doesNotMatch(source, /[^\n -~]/, 'ASCII');
  assert.equal(source.split('\n')[0], "import cf from 'cloudfront';");
  assert.equal(source.split(EMPTY).length, 2);
  for (const [what, pattern] of [
    ['destructuring', /\b(const|let|var)\s*[[{]/], ['class', /\bclass\s+\w+\s*[{e]/], ['spread', /\.\.\.\w/],
    ['for-of', /for\s*\([^)]* of /], ['nullish', /\?\?|\?\./], ['await in arguments', /\(\s*await\b/]
  ]) {
    assert.doesNotMatch(plain.replace(/\/\/.*|'[^'\n]*'/g, ''), pattern, what);
    assert.doesNotMatch(source.replace(/'[^'\n]*'/g, ''), pattern, what);
  }
});
