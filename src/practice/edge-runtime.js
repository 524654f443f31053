// Copyright 2026 The Porchlight developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The world of an edge function in the practice cloud: what cloudfront-js-2.0 has and this engine lacks, and none of
// what this engine has and cloudfront-js-2.0 lacks. Evaluates to a function (host, code, options) -> {call, poll}.

(function (host, code, options) {
  'use strict';

  const settings = JSON.parse(options);
  const missing = [
    'eval', 'Function', 'WebAssembly', 'SharedArrayBuffer', 'Atomics', 'Intl', 'Proxy', 'Reflect', 'WeakRef',
    'FinalizationRegistry', 'BigInt', 'BigInt64Array', 'BigUint64Array', 'AsyncIterator', 'Iterator', 'console'
  ];
  const stringify = JSON.stringify;
  const parse = JSON.parse;
  let state = null;

  function print(args) {
    host('log', args.map((value) => (typeof value === 'string' ? value : stringify(value))).join(' '));
  }

  function log() {
    print(Array.prototype.slice.call(arguments));
  }

  function read(key, format) {
    const text = host('kvs', stringify([settings.store, String(key)]));

    if (text === undefined || text === null)
      throw new Error('KvsKeyNotFound: the key was not found in the key value store');
    if (format === 'json')
      return parse(text);

    return format === 'bytes' ? new TextEncoder().encode(text) : text;
  }

  class TextEncoder {
    encode(text) {
      const bytes = unescape(encodeURIComponent(text === undefined ? '' : text));

      return Uint8Array.from(bytes, (sign) => sign.charCodeAt(0));
    }
  }

  const cloudfront = {
    kvs(id) {
      if (!settings.store)
        throw new Error('KvsNotAssociated: no key value store is associated with the function');

      return {
        get: async (key, request) => read(key, request && request.format),
        exists: async (key) => typeof host('kvs', stringify([settings.store, String(key)])) === 'string',
        meta: async () => parse(host('kvs-meta', settings.store)),
        count: async () => parse(host('kvs-meta', settings.store)).keyCount
      };
    },
    edgeLocation: { name: 'practice', serverIp: '127.0.0.1', region: settings.region }
  };

  function load(name) {
    if (name !== 'cloudfront')
      throw new SyntaxError(`Cannot find module "${name}"`);

    return cloudfront;
  }

  for (const name of missing)
    delete globalThis[name];

  globalThis.TextEncoder = TextEncoder;

  const handler = code(load, { log, error: log, warn: log, info: log, debug: log });

  if (typeof handler !== 'function')
    throw new TypeError('The function has no handler');

  // Query strings as sent, which the JSON of an event can't carry as a function
  function complete(event) {
    const raw = event.request.rawQueryString;

    delete event.request.rawQueryString;
    Object.defineProperty(event.request, 'rawQueryString', { value: () => raw, enumerable: false });

    return event;
  }

  return {
    call(text) {
      state = 'never';
      new Promise((resolve) => resolve(handler(complete(parse(text))))).then(
        (value) => { state = '=' + (value === undefined ? 'null' : stringify(value)); },
        (error) => { state = '!' + (error && error.stack !== undefined ? `${error.name}: ${error.message}` : String(error)); });
    },
    poll: () => state
  };
})
