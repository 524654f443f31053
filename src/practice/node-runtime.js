// Copyright 2026 The Porchlight developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The world of a Lambda function in the practice cloud: the part of Node.js and of the AWS SDK that functions of a
// site use. Evaluates to a function (host, code, options) -> {call, poll}.

(function (host, code, options) {
  'use strict';

  const settings = JSON.parse(options);
  const latin1 = (bytes) => {
    let text = '';

    for (let at = 0; at < bytes.length; at += 8192)
      text += String.fromCharCode.apply(null, bytes.subarray(at, at + 8192));

    return text;
  };
  const fromLatin1 = (text) => Uint8Array.from(text, (sign) => sign.charCodeAt(0) & 255);

  // ---- text and bytes ----

  function encodeUtf8(text) {
    const bytes = [];

    for (const sign of String(text)) {
      let point = sign.codePointAt(0);

      if (point >= 0xd800 && point <= 0xdfff)
        point = 0xfffd;
      if (point < 0x80)
        bytes.push(point);
      else if (point < 0x800)
        bytes.push(0xc0 | point >> 6, 0x80 | point & 63);
      else if (point < 0x10000)
        bytes.push(0xe0 | point >> 12, 0x80 | point >> 6 & 63, 0x80 | point & 63);
      else
        bytes.push(0xf0 | point >> 18, 0x80 | point >> 12 & 63, 0x80 | point >> 6 & 63, 0x80 | point & 63);
    }

    return Uint8Array.from(bytes);
  }

  // As the Encoding Standard has it: each maximal wrong part becomes one U+FFFD
  function decodeUtf8(bytes, fatal) {
    const parts = [];
    let at = 0;

    while (at < bytes.length) {
      const first = bytes[at++];
      let left = first < 0x80 ? 0 : first >= 0xc2 && first <= 0xdf ? 1 : first >= 0xe0 && first <= 0xef ? 2
        : first >= 0xf0 && first <= 0xf4 ? 3 : -1;
      let low = first === 0xe0 ? 0xa0 : first === 0xf0 ? 0x90 : 0x80;
      let high = first === 0xed ? 0x9f : first === 0xf4 ? 0x8f : 0xbf;
      let point = left === 0 ? first : first & (left === 1 ? 31 : left === 2 ? 15 : 7);

      for (; left > 0; left--) {
        if (at >= bytes.length || bytes[at] < low || bytes[at] > high)
          break;
        point = point << 6 | bytes[at++] & 63;
        low = 0x80;
        high = 0xbf;
      }
      if (left !== 0 && fatal)
        throw Object.assign(new TypeError('The encoded data was not valid for encoding utf-8'), { code: 'ERR_ENCODING_INVALID_ENCODED_DATA' });
      parts.push(left === 0 ? String.fromCodePoint(point) : '\ufffd');
    }

    return parts.join('');
  }

  const BASE64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

  function encodeBase64(bytes) {
    let text = '';

    for (let at = 0; at < bytes.length; at += 3) {
      const group = bytes[at] << 16 | (bytes[at + 1] || 0) << 8 | (bytes[at + 2] || 0);

      text += BASE64[group >> 18] + BASE64[group >> 12 & 63] +
        (at + 1 < bytes.length ? BASE64[group >> 6 & 63] : '=') + (at + 2 < bytes.length ? BASE64[group & 63] : '=');
    }

    return text;
  }

  function decodeBase64(text) {
    const bytes = [];
    let group = 0;
    let bits = 0;

    for (const sign of text.replace(/-/g, '+').replace(/_/g, '/')) {
      const value = BASE64.indexOf(sign);

      if (sign === '=')
        break;
      if (value < 0)
        continue;
      group = group << 6 | value;
      bits += 6;
      if (bits >= 8) {
        bits -= 8;
        bytes.push(group >> bits & 255);
        group &= (1 << bits) - 1;
      }
    }

    return Uint8Array.from(bytes);
  }

  function toBytes(text, encoding) {
    switch (String(encoding || 'utf8').toLowerCase()) {
      case 'utf8':
      case 'utf-8':
        return encodeUtf8(text);
      case 'base64':
      case 'base64url':
        return decodeBase64(text);
      case 'hex':
        return Uint8Array.from((text.match(/^(?:[0-9a-f]{2})*/i)[0].match(/../g) || []), (pair) => parseInt(pair, 16));
      case 'latin1':
      case 'binary':
      case 'ascii':
        return fromLatin1(text);
      default:
        throw Object.assign(new TypeError(`Unknown encoding: ${encoding}`), { code: 'ERR_UNKNOWN_ENCODING' });
    }
  }

  class Buffer extends Uint8Array {
    static from(value, encoding) {
      const bytes = typeof value === 'string' ? toBytes(value, encoding)
        : value instanceof ArrayBuffer ? new Uint8Array(value) : Uint8Array.from(value);

      return new Buffer(bytes.buffer, bytes.byteOffset, bytes.length);
    }

    static alloc(size, fill) {
      return new Buffer(size).fill(fill || 0);
    }

    static concat(list) {
      const result = new Buffer(list.reduce((sum, part) => sum + part.length, 0));

      list.reduce((at, part) => (result.set(part, at), at + part.length), 0);
      return result;
    }

    static byteLength(value, encoding) {
      return typeof value === 'string' ? toBytes(value, encoding).length : value.byteLength;
    }

    static isBuffer(value) {
      return value instanceof Buffer;
    }

    toString(encoding, start, end) {
      const bytes = this.subarray(start || 0, end === undefined ? this.length : end);

      switch (String(encoding || 'utf8').toLowerCase()) {
        case 'utf8':
        case 'utf-8':
          return decodeUtf8(bytes, false);
        case 'base64':
          return encodeBase64(bytes);
        case 'base64url':
          return encodeBase64(bytes).replace(/\+/g, '-').replace(/\//g, '_').replace(/=/g, '');
        case 'hex':
          return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
        case 'latin1':
        case 'binary':
          return latin1(bytes);
        case 'ascii':
          return latin1(bytes.map((byte) => byte & 127));
        default:
          throw Object.assign(new TypeError(`Unknown encoding: ${encoding}`), { code: 'ERR_UNKNOWN_ENCODING' });
      }
    }

    equals(other) {
      return this.length === other.length && this.every((byte, at) => byte === other[at]);
    }

    toJSON() {
      return { type: 'Buffer', data: Array.from(this) };
    }
  }

  class TextEncoder {
    get encoding() {
      return 'utf-8';
    }

    encode(text) {
      return encodeUtf8(text === undefined ? '' : text);
    }
  }

  // 0x80 to 0x9f of windows-1252
  const WINDOWS_1252 = '\u20ac\x81\u201a\u0192\u201e\u2026\u2020\u2021\u02c6\u2030\u0160\u2039\u0152\x8d\u017d\x8f' +
    '\x90\u2018\u2019\u201c\u201d\u2022\u2013\u2014\u02dc\u2122\u0161\u203a\u0153\x9d\u017e\u0178';

  // The labels of the Encoding Standard for the two encodings that forms of old and new pages come in
  const ENCODINGS = {
    'utf-8': ['unicode-1-1-utf-8', 'unicode11utf8', 'unicode20utf8', 'utf-8', 'utf8', 'x-unicode20utf8'],
    'windows-1252': [
      'ansi_x3.4-1968', 'ascii', 'cp1252', 'cp819', 'csisolatin1', 'ibm819', 'iso-8859-1', 'iso-ir-100', 'iso8859-1', 'iso88591',
      'iso_8859-1', 'iso_8859-1:1987', 'l1', 'latin1', 'us-ascii', 'windows-1252', 'x-cp1252'
    ]
  };

  class TextDecoder {
    constructor(label, request) {
      const name = String(label === undefined ? 'utf-8' : label).trim().toLowerCase();

      this.encoding = Object.keys(ENCODINGS).find((one) => ENCODINGS[one].includes(name));
      if (this.encoding === undefined)
        throw Object.assign(new RangeError(`The "${label}" encoding is not supported`), { code: 'ERR_ENCODING_NOT_SUPPORTED' });
      this.fatal = Boolean(request && request.fatal);
      this.ignoreBOM = Boolean(request && request.ignoreBOM);
    }

    decode(value) {
      const bytes = value === undefined ? new Uint8Array(0) : value instanceof ArrayBuffer ? new Uint8Array(value)
        : new Uint8Array(value.buffer, value.byteOffset, value.byteLength);

      if (this.encoding === 'windows-1252')
        return latin1(bytes).replace(/[\x80-\x9f]/g, (sign) => WINDOWS_1252[sign.charCodeAt(0) - 0x80]);

      const text = decodeUtf8(bytes, this.fatal);

      return text.charCodeAt(0) === 0xfeff && !this.ignoreBOM ? text.slice(1) : text;
    }
  }

  // ---- addresses ----

  class URLSearchParams {
    constructor(source) {
      this.list = [];
      if (typeof source === 'string')
        for (const pair of source.replace(/^\?/, '').split('&').filter((part) => part !== '')) {
          const at = pair.indexOf('=');
          const decode = (part) => decodeUtf8(fromLatin1(latin1(encodeUtf8(part.replace(/\+/g, ' ')))
            .replace(/%([0-9a-f]{2})/gi, (_, hex) => String.fromCharCode(parseInt(hex, 16)))), false);

          this.list.push(at < 0 ? [decode(pair), ''] : [decode(pair.slice(0, at)), decode(pair.slice(at + 1))]);
        }
      else if (source && typeof source[Symbol.iterator] === 'function')
        for (const [name, value] of source)
          this.list.push([String(name), String(value)]);
      else if (source)
        for (const name of Object.keys(source))
          this.list.push([name, String(source[name])]);
    }

    get size() {
      return this.list.length;
    }

    append(name, value) {
      this.list.push([String(name), String(value)]);
    }

    delete(name) {
      this.list = this.list.filter((pair) => pair[0] !== name);
    }

    get(name) {
      const pair = this.list.find((item) => item[0] === name);

      return pair ? pair[1] : null;
    }

    getAll(name) {
      return this.list.filter((pair) => pair[0] === name).map((pair) => pair[1]);
    }

    has(name) {
      return this.list.some((pair) => pair[0] === name);
    }

    set(name, value) {
      const at = this.list.findIndex((pair) => pair[0] === name);

      this.list = this.list.filter((pair, index) => pair[0] !== name || index === at);
      if (at < 0)
        this.append(name, value);
      else
        this.list[this.list.findIndex((pair) => pair[0] === name)] = [String(name), String(value)];
    }

    forEach(visit) {
      this.list.forEach(([name, value]) => visit(value, name, this));
    }

    keys() {
      return this.list.map((pair) => pair[0])[Symbol.iterator]();
    }

    values() {
      return this.list.map((pair) => pair[1])[Symbol.iterator]();
    }

    entries() {
      return this.list.map((pair) => pair.slice())[Symbol.iterator]();
    }

    [Symbol.iterator]() {
      return this.entries();
    }

    toString() {
      const encode = (text) => encodeURIComponent(text).replace(/%20/g, '+')
        .replace(/[!'()~]/g, (sign) => '%' + sign.charCodeAt(0).toString(16).toUpperCase());

      return this.list.map(([name, value]) => `${encode(name)}=${encode(value)}`).join('&');
    }
  }

  // Absolute http and https addresses, and paths against one; all that functions of a site have been seen to need
  class URL {
    constructor(text, base) {
      const form = /^(https?:)\/\/(?:[^/?#@]*@)?([^/?#:]+)(?::(\d+))?([^?#]*)(\?[^#]*)?(#.*)?$/i;
      let match = form.exec(String(text).trim());

      if (!match && base !== undefined) {
        const root = new URL(base);
        const folder = root.pathname.slice(0, root.pathname.lastIndexOf('/') + 1);

        match = form.exec(/^\/\//.test(text) ? root.protocol + text : root.origin + (/^\//.test(text) ? text : folder + text));
      }
      if (!match)
        throw Object.assign(new TypeError('Invalid URL'), { code: 'ERR_INVALID_URL', input: String(text) });

      const fallback = match[1].toLowerCase() === 'https:' ? '443' : '80';
      const path = [];

      for (const part of (match[4] || '/').slice(1).split('/')) {
        if (part === '..')
          path.pop();
        else if (part !== '.')
          path.push(part);
      }
      this.protocol = match[1].toLowerCase();
      this.hostname = match[2].toLowerCase();
      this.port = match[3] && match[3] !== fallback ? match[3] : '';
      this.pathname = encodeURI('/' + path.join('/')).replace(/%25/g, '%');
      this.search = match[5] && match[5] !== '?' ? match[5] : '';
      this.hash = match[6] && match[6] !== '#' ? match[6] : '';
      this.searchParams = new URLSearchParams(this.search);
    }

    get host() {
      return this.port ? `${this.hostname}:${this.port}` : this.hostname;
    }

    get origin() {
      return `${this.protocol}//${this.host}`;
    }

    get href() {
      return this.origin + this.pathname + this.search + this.hash;
    }

    toString() {
      return this.href;
    }

    toJSON() {
      return this.href;
    }
  }

  // ---- node:crypto ----

  const ask = (name, value) => JSON.parse(host(name, JSON.stringify(value)));
  const asBytes = (value, encoding) => (typeof value === 'string' ? toBytes(value, encoding) : value);

  class Digest {
    constructor(algorithm, key) {
      this.algorithm = String(algorithm).toLowerCase().replace('-', '');
      this.key = key;
      this.parts = [];
      if (!['md5', 'sha1', 'sha256', 'sha384', 'sha512'].includes(this.algorithm))
        throw Object.assign(new Error('Digest method not supported'), { code: 'ERR_CRYPTO_INVALID_DIGEST' });
    }

    update(value, encoding) {
      this.parts.push(asBytes(value, encoding));
      return this;
    }

    digest(encoding) {
      const request = { algorithm: this.algorithm, data: encodeBase64(Buffer.concat(this.parts)) };

      if (this.key !== undefined)
        request.key = encodeBase64(this.key);

      const bytes = Buffer.from(ask('digest', request), 'base64');

      return encoding ? bytes.toString(encoding) : bytes;
    }
  }

  const crypto = {
    createHash: (algorithm) => new Digest(algorithm),
    createHmac: (algorithm, key) => new Digest(algorithm, asBytes(key)),
    randomBytes: (size) => Buffer.from(ask('random', size), 'base64'),
    randomUUID: () => ask('uuid', null),
    timingSafeEqual(a, b) {
      if (a.byteLength !== b.byteLength)
        throw Object.assign(new RangeError('Input buffers must have the same byte length'), { code: 'ERR_CRYPTO_TIMING_SAFE_EQUAL_LENGTH' });

      return a.reduce((difference, byte, at) => difference | (byte ^ b[at]), 0) === 0;
    }
  };

  // ---- the AWS SDK ----

  // Bytes travel as base64, in both directions only where an attribute value says B or BS
  function toWire(value) {
    if (value instanceof Uint8Array)
      return encodeBase64(value);
    if (Array.isArray(value))
      return value.map(toWire);
    if (value && typeof value === 'object')
      return Object.fromEntries(Object.entries(value).filter((entry) => entry[1] !== undefined)
        .map(([name, inner]) => [name, toWire(inner)]));

    return value;
  }

  function fromWire(value) {
    if (Array.isArray(value))
      return value.map(fromWire);
    if (value && typeof value === 'object')
      return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name,
        name === 'B' && typeof inner === 'string' ? decodeBase64(inner)
          : name === 'BS' && Array.isArray(inner) ? inner.map(decodeBase64) : fromWire(inner)]));

    return value;
  }

  function sdk(service, client, base, operations) {
    const exported = {};

    exported[client] = class {
      constructor(config) {
        this.config = Object.assign({ region: settings.region }, config);
      }

      async send(command) {
        const answer = ask('aws', { service, operation: command.operation, input: toWire(command.input) });
        const metadata = { httpStatusCode: answer.status, requestId: answer.requestId, attempts: 1, totalRetryDelay: 0 };

        if (answer.cut)
          throw Object.assign(new Error('socket hang up'), { code: 'ECONNRESET', $metadata: { attempts: 1, totalRetryDelay: 0 } });
        if (answer.error)
          throw Object.assign(new exported[base](answer.error.message), fromWire(answer.error.details || {}),
            { name: answer.error.code, $fault: answer.status < 500 ? 'client' : 'server', $service: service, $metadata: metadata });

        return Object.assign({ $metadata: metadata }, fromWire(answer.output));
      }

      destroy() {
      }
    };
    exported[base] = class extends Error {
    };

    for (const operation of operations)
      exported[operation + 'Command'] = class {
        constructor(input) {
          this.operation = operation;
          this.input = input || {};
        }
      };

    return exported;
  }

  const modules = {
    'crypto': crypto,
    'buffer': { Buffer },
    'url': { URL, URLSearchParams },
    'util': { TextEncoder, TextDecoder },
    '@aws-sdk/client-dynamodb': sdk('DynamoDB', 'DynamoDBClient', 'DynamoDBServiceException', [
      'PutItem', 'GetItem', 'UpdateItem', 'DeleteItem', 'Query', 'Scan', 'BatchWriteItem', 'BatchGetItem', 'DescribeTable'
    ]),
    '@aws-sdk/client-sesv2': sdk('SESv2', 'SESv2Client', 'SESv2ServiceException', [
      'SendEmail', 'GetEmailIdentity', 'CreateEmailIdentity', 'GetAccount'
    ])
  };

  const loaded = new Map();

  function missing(name) {
    return Object.assign(new Error(`Cannot find module '${name}'\nRequire stack:\n- /var/task/${settings.main}\n- /var/runtime/index.mjs`),
      { code: 'MODULE_NOT_FOUND', requireStack: [`/var/task/${settings.main}`, '/var/runtime/index.mjs'] });
  }

  // The path of a file of the archive, or undefined
  function findFile(folder, name) {
    const parts = [];

    for (const part of `${folder}/${name}`.split('/')) {
      if (part === '..')
        parts.pop();
      else if (part !== '.' && part !== '')
        parts.push(part);
    }

    const path = parts.join('/');

    return [path, `${path}.js`, `${path}.cjs`, `${path}.json`, `${path}/index.js`].find((each) => Object.prototype.hasOwnProperty.call(settings.files, each));
  }

  function loadFile(path) {
    const unit = { exports: {} };
    const folder = path.split('/').slice(0, -1).join('/');

    if (loaded.has(path))
      return loaded.get(path).exports;

    loaded.set(path, unit);
    if (path.endsWith('.json'))
      unit.exports = JSON.parse(settings.files[path]);
    else
      new Function('exports', 'require', 'module', '__filename', '__dirname', settings.files[path])(
        unit.exports, requireFrom(folder), unit, `/var/task/${path}`, `/var/task/${folder}`);

    return unit.exports;
  }

  function requireFrom(folder) {
    return function require(name) {
      const plain = String(name).replace(/^node:/, '');

      if (/^\.\.?(\/|$)/.test(name)) {
        const path = findFile(folder, name);

        if (path === undefined)
          throw missing(name);
        return loadFile(path);
      }
      if (!Object.prototype.hasOwnProperty.call(modules, plain) || (plain !== name && plain.startsWith('@')))
        throw missing(name);

      return modules[plain];
    };
  }

  // ---- globals ----

  const show = (value) => (typeof value === 'string' ? value
    : value instanceof Error ? `${value.name}: ${value.message}` : JSON.stringify(value));
  const print = (level) => (...values) => host('log', `${level}\t${values.map(show).join(' ')}`);
  let timers = [];
  let last = 0;

  function setTimeout(callback, delay, ...values) {
    timers.push({ id: ++last, at: Math.max(Number(delay) || 0, 0), run: () => callback(...values) });
    timers.sort((a, b) => a.at - b.at || a.id - b.id);
    return last;
  }

  function clearTimeout(id) {
    timers = timers.filter((timer) => timer.id !== id);
  }

  const globals = {
    Buffer, TextEncoder, TextDecoder, URL, URLSearchParams, setTimeout, clearTimeout, crypto,
    setImmediate: (callback, ...values) => setTimeout(callback, 0, ...values),
    queueMicrotask: (callback) => { Promise.resolve().then(callback); },
    structuredClone: (value) => JSON.parse(JSON.stringify(value)),
    atob: (text) => latin1(decodeBase64(text)),
    btoa: (text) => encodeBase64(fromLatin1(text)),
    console: { log: print('INFO'), info: print('INFO'), warn: print('WARN'), error: print('ERROR'), debug: print('DEBUG') },
    process: { env: Object.assign({}, settings.environment), version: 'v24.0.0', platform: 'linux', nextTick: (callback, ...values) => { Promise.resolve().then(() => callback(...values)); } }
  };

  Object.assign(globalThis, globals);
  globalThis.global = globalThis;

  // ---- the function ----

  const module = { exports: {} };
  let state = null;

  const home = settings.main.split('/').slice(0, -1);

  code(module.exports, requireFrom(home.join('/')), module, `/var/task/${settings.main}`, ['/var/task', ...home].join('/'));

  const handler = settings.handler.split('/').pop().split('.').slice(1).reduce((value, name) => (value || {})[name], module.exports);

  if (typeof handler !== 'function')
    throw new Error(`Runtime.HandlerNotFound: ${settings.handler} is undefined or not exported`);

  const describe = (error) => (error instanceof Error
    ? { errorType: error.name, errorMessage: error.message, trace: String(error.stack || '').split('\n') }
    : { errorType: typeof error, errorMessage: show(error), trace: [] });

  return {
    call(text) {
      const { event, context } = JSON.parse(text);
      const end = Date.now() + settings.timeout * 1000;

      timers = [];
      state = null;
      context.getRemainingTimeInMillis = () => Math.max(end - Date.now(), 0);
      new Promise((resolve) => resolve(handler(event, context))).then(
        (value) => { state = '=' + (value === undefined ? 'null' : JSON.stringify(value)); },
        (error) => { state = '!' + JSON.stringify(describe(error)); });
    },
    poll() {
      if (state === null && timers.length > 0) {
        timers.shift().run();
        return 'wait';
      }

      return state;
    }
  };
})
