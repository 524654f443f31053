// Copyright 2026 The Porchlight developers
// SPDX-License-Identifier: GPL-3.0-or-later
// The shipped edge function against the table of edge-cases.json, in Node and in njs, the engine it is written for.

import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { functions, here } from './support.mjs';

const source = readFileSync(join(functions, 'edge.js'), 'utf8');
const table = JSON.parse(readFileSync(join(here, 'edge-cases.json'), 'utf8'));

function storeText(item) {
  const value = 'store' in item ? item.store : table.live;

  return value === null || typeof value === 'string' ? value : JSON.stringify(value);
}

function eventOf(item) {
  return {
    version: '1.0',
    context: { eventType: 'viewer-request' },
    viewer: { ip: '203.0.113.9' },
    request: { method: item.method || 'GET', uri: item.ask, querystring: item.query || {}, headers: {}, cookies: {} }
  };
}

function check(item, answer) {
  if (item.uri) {
    assert.equal(answer.uri, item.uri);
    assert.deepEqual(answer.querystring, item.query || {});
    return;
  }

  assert.equal(answer.statusCode, item.status);
  assert.equal(typeof answer.statusDescription, 'string');
  if (item.location) {
    assert.equal(answer.headers.location.value, item.location);
  } else {
    assert.equal(answer.headers['cache-control'].value, 'no-store');
    if (item.method === 'HEAD') {
      assert.equal(answer.body, undefined);
    } else {
      assert.equal(answer.body.encoding, 'text');
      assert.match(answer.body.data, /^<!DOCTYPE html>.*Nothing here yet/s);
    }
  }
}

let handler = null;
let fromNjs = null;

before(async () => {
  const folder = mkdtempSync(join(tmpdir(), 'porchlight-edge-'));

  try {
    handler = await loadInNode(folder);
    fromNjs = runInNjs(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

async function loadInNode(folder) {
  const stand = join(folder, 'node_modules', 'cloudfront');

  mkdirSync(stand, { recursive: true });
  writeFileSync(join(stand, 'package.json'), '{"type":"module","exports":"./index.js"}');
  writeFileSync(join(stand, 'index.js'), 'export default { kvs: () => globalThis.testStore() };');
  writeFileSync(join(folder, 'edge.mjs'), source + '\nexport { handler };\n');

  return (await import(pathToFileURL(join(folder, 'edge.mjs')).href)).handler;
}

// The answers to the whole table, or null where njs is not installed
function runInNjs(folder) {
  const input = table.cases.map((item) => ({ text: storeText(item), raw: item.raw, event: eventOf(item) }));

  if (spawnSync('njs', ['-v']).error)
    return null;

  writeFileSync(join(folder, 'cloudfront'), `
    let text = null;
    export default {
      set: (value) => { text = value; },
      kvs: () => ({
        get: async (key) => {
          if (text === null || key !== 'live')
            throw new Error('KeyNotFound');
          return text;
        }
      })
    };`);
  writeFileSync(join(folder, 'main.js'), `${source}
    async function main() {
      const cases = JSON.parse(${JSON.stringify(JSON.stringify(input))});
      for (let i = 0; i < cases.length; i++) {
        const item = cases[i];
        if (item.raw !== undefined)
          item.event.request.rawQueryString = () => item.raw;
        cf.set(item.text);
        const answer = await handler(item.event);
        console.log(JSON.stringify(answer));
      }
    }
    main();`);

  return execFileSync('njs', ['-p', folder, join(folder, 'main.js')], { encoding: 'utf8' })
    .split('\n').filter((line) => line.includes('{')).map((line) => JSON.parse(line.replace(/^'|'$/g, '')));
}

for (const [index, item] of table.cases.entries()) {
  test(`node: ${item.name}`, async () => {
    const asked = [];
    const text = storeText(item);
    const event = eventOf(item);

    globalThis.testStore = () => ({
      get: async (key) => {
        asked.push(key);
        if (text === null)
          throw new Error('KeyNotFound');
        return text;
      }
    });
    if ('raw' in item)
      event.request.rawQueryString = () => item.raw;

    check(item, await handler(event));
    assert.ok(asked.length <= 1 && asked.every((key) => key === 'live'), 'one read of one key');
  });

  test(`njs: ${item.name}`, (t) => {
    if (fromNjs === null)
      return t.skip('njs is not installed');

    assert.equal(fromNjs.length, table.cases.length);
    check(item, fromNjs[index]);
  });
}

test('a store that is not there at all', async () => {
  globalThis.testStore = () => {
    throw new Error('no store');
  };
  check({ status: 503 }, await handler(eventOf({ ask: '/' })));
});

test('edge keeps to its limits', () => {
  assert.ok(Buffer.byteLength(source) < 10240, 'less than 10 KB');
  assert.equal(source.split('\n')[0], "import cf from 'cloudfront';");
  for (const [what, pattern] of [
    ['destructuring', /\b(const|let|var)\s*[[{]/], ['class', /\bclass\s+\w+\s*[{e]/], ['spread', /\.\.\.\w/],
    ['for-of', /for\s*\([^)]* of /], ['nullish', /\?\?|\?\./], ['await in arguments', /\(\s*await\b/]
  ])
    assert.doesNotMatch(source.replace(/\/\/.*|'[^'\n]*'/g, ''), pattern, what);
});
