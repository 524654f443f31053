import cf from 'cloudfront';

// Copyright 2026 The Porchlight developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Runs at the edge for every request of a site (CloudFront Functions, cloudfront-js-2.0) and turns the address
// that a visitor sees into the object of the release that is live. The language is that runtime's: no
// destructuring, class, spread, for-of, `??`, nor an await among arguments. It must always answer: an exception
// would take the whole site down. The build leaves out comments and indentation; what is left has to be under
// 10 KB with all that EMBEDDED may hold, so every line of code counts here.
//
// The store's keys, with values of at most 1 KB:
//   live            JSON of the live release:
//     ""            its id
//     "photos"      the earlier release that holds the unchanged top-level folder "photos"
//     "?files"      files without an extension, which would be taken for folders: ["LICENSE", "docs/COPYING"]
//     "?to"         the set of redirects to look into for the very address
//     "?splat"      the set with rules for many addresses, and how many lists of them it has: ["<set>", 2]
//     "?app"        true if the release's own redirects ask for single-page mode
//     "?host"       setting: the only host name that pages are shown under
//     "?spa"        setting: single-page mode
//   draft:<token>   the same of a release that only those see who know the token; no settings, but
//     "?until"      when that ends, in seconds since 1970
//   to:<set>:/old   "301 /new", the address decoded and without a slash or index.html at its end
//   to:<set>:*      [["/old/*", "/new/:splat", 301]]; goes on in to:<set>:*2 and so on

// What is in the store, for sites without one: the app writes this line
const EMBEDDED = null;

const DRAFT = 'porchlight-draft';

function own(object, name) {
  return Object.prototype.hasOwnProperty.call(object, name);
}

async function read(key) {
  try {
    let value = null;

    if (!EMBEDDED)
      value = await cf.kvs().get(key);
    else if (own(EMBEDDED, key))
      value = EMBEDDED[key];

    return value;
  } catch (e) {
    return null;
  }
}

async function readJson(key) {
  const value = await read(key);

  try {
    return (typeof value === 'string' ? JSON.parse(value) : value) || {};
  } catch (e) {
    return {};
  }
}

// Only what may stand in a Location header: no line breaks, and no backslash, which browsers read as a slash.
function escapeLocation(text) {
  return text.replace(/[^!-~]+|["<>\\^`{|}]/g, (part) => {
    try {
      return encodeURIComponent(part);
    } catch (e) {
      return '%EF%BF%BD';
    }
  });
}

function answer(request, status, headers, body) {
  const response = { statusCode: status, headers: {} };

  Object.keys(headers).forEach((name) => {
    response.headers[name] = { value: headers[name] };
  });

  if (body && request.method !== 'HEAD')
    response.body = { encoding: 'text', data: body };

  return response;
}

function showPage(request, status, title, text) {
  return answer(request, status, {
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-store',
    'x-robots-tag': 'noindex'
  }, '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>' + title + '</title>' +
    '<meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark"><style>' +
    'body{margin:0;min-height:100vh;display:grid;place-items:center;text-align:center;background:#fbf7f0;color:#3a322a;' +
    'font:1.125rem/1.6 system-ui,sans-serif}main{padding:2rem;max-width:28rem}p{margin:0}a{color:inherit}' +
    'h1{font-size:2rem;line-height:1.2;margin:1.5rem 0 .5rem}' +
    '@media(prefers-color-scheme:dark){body{background:#201c18;color:#efe6da}}</style></head><body><main>' +
    '<svg width="96" height="96" viewBox="0 0 96 96" aria-hidden="true">' +
    '<circle cx="48" cy="54" r="40" fill="#f6b73c" opacity=".18"/>' +
    '<path d="M48 6v14M34 24h28l8 12H26z" fill="#8a6d3b" stroke="#8a6d3b" stroke-width="4" stroke-linejoin="round"/>' +
    '<path d="M30 38h36l-6 40H36z" fill="#f6b73c"/><path d="M32 80h32v8H32z" fill="#8a6d3b"/></svg>' +
    '<h1>' + title + '</h1><p>' + text + '</p></main></body></html>');
}

function notPublished(request) {
  const response = showPage(request, 503, 'Nothing here yet',
    'The light is on, and the first page is on its way. Please come back in a little while.');

  response.headers['retry-after'] = { value: '60' };

  return response;
}

function setDraft(response, token, seconds) {
  const cookie = { value: token, attributes: 'Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=' + seconds };

  response.cookies = {};
  response.cookies[DRAFT] = cookie;

  return response;
}

// As the visitor sent it, without the token of a draft unless that is wanted
function queryOf(request, isWhole) {
  const fields = request.querystring || {};
  let parts = [];

  if (typeof request.rawQueryString === 'function')
    parts = (request.rawQueryString() || '').split('&');
  else
    Object.keys(fields).forEach((name) => {
      (fields[name].multiValue || [fields[name]]).forEach((item) => {
        parts.push(item.value === '' ? name : name + '=' + item.value);
      });
    });

  return parts.filter((part) => isWhole || part.split('=')[0] !== DRAFT).join('&');
}

// Private visits leave nothing behind in the browser's cache.
function redirect(request, status, target, isPrivate, isWhole) {
  const end = (target + '#').indexOf('#');
  const query = target.indexOf('?') < 0 ? queryOf(request, isWhole) : '';
  const headers = {
    'location': escapeLocation(query ? target.slice(0, end) + '?' + query + target.slice(end) : target),
    'cache-control': isPrivate ? 'no-store' : 'public, max-age=300'
  };

  if (isPrivate) {
    headers['x-robots-tag'] = 'noindex, nofollow';
    headers['referrer-policy'] = 'no-referrer';
  }

  return answer(request, status, headers);
}

// One spelling for each address: `//`, `.`, `..` and encoded slashes resolved, and nothing above the root.
function normalize(uri) {
  const segments = uri.replace(/%2f/gi, '/').split('/');
  const last = segments.length - 1;
  const path = [];

  segments.forEach((segment, index) => {
    const plain = segment.replace(/%2e/gi, '.');

    if (plain === '..')
      path.pop();
    else if (plain !== '' && plain !== '.')
      path.push(plain);

    if (index === last && (plain === '' || plain === '.' || plain === '..') && path.length > 0)
      path.push('');
  });

  return '/' + path.join('/');
}

function decode(text) {
  try {
    return decodeURIComponent(text);
  } catch (e) {
    return text;
  }
}

function isFolder(path) {
  return path.slice(path.lastIndexOf('/')).indexOf('.') < 0 && path.indexOf('/.') < 0;
}

function isRelease(value) {
  return typeof value === 'string' && /^[0-9A-Za-z-]{1,64}$/.test(value);
}

function releaseFor(shown, path) {
  const folder = decode(path.slice(1, Math.max(path.indexOf('/', 1), 1)));

  return folder.charAt(0) !== '?' && own(shown, folder) ? shown[folder] : shown[''];
}

// The spelling by which redirects are looked up
function keyOf(path) {
  return decode(path).replace(/\/(index\.html)?$/, '') || '/';
}

// What a rule for many addresses makes of this one
function fill(rule, path) {
  const pattern = String(rule[0]).split('/');
  const parts = path.split('/');
  const found = {};
  let i;

  for (i = 1; i < pattern.length && pattern[i] !== '*'; i++) {
    if (!parts[i])
      return null;
    if (pattern[i].charAt(0) === ':')
      found[pattern[i].slice(1)] = parts[i];
    else if (decode(parts[i]) !== pattern[i])
      return null;
  }

  const rest = parts.slice(i).join('/');

  if (i < pattern.length)
    found.splat = rest;
  else if (rest && rest !== 'index.html')
    return null;

  return rule[2] + ' ' + String(rule[1]).replace(/:([a-z]\w*)/gi, (all, name) => own(found, name) ? found[name] : all);
}

// A page is shown rather than that its visitor is sent in a circle.
function takeRule(text, path, host) {
  const rule = /^(30[12378]) (\/(?![\/\\])\S*|https?:\/\/[^\/\\\s]\S*)$/.exec(text);

  if (!rule)
    return null;

  const target = rule[2].replace(/[?#].*/, '').replace(/^https?:\/\/([^\/]*)/i, (all, name) => name.toLowerCase() === host ? '' : all);

  return keyOf(target) === keyOf(path) ? null : rule;
}

async function findRule(shown, path, host) {
  const list = shown['?splat'];
  let rule = null;

  if (shown['?to']) {
    const text = await read('to:' + shown['?to'] + ':' + keyOf(path));
    rule = takeRule(text, path, host);
  }

  for (let n = 1; !rule && Array.isArray(list) && n <= list[1] && n < 5; n++) {
    const rules = await readJson('to:' + list[0] + ':*' + (n > 1 ? n : ''));

    for (let i = 0; !rule && i < rules.length; i++)
      rule = takeRule(fill(rules[i] || '', path), path, host);
  }

  return rule;
}

async function route(request) {
  const asked = request.uri.replace(/%(?![0-9a-f]{2})/gi, '%25');
  let path = normalize(asked);

  // the distribution fetches its error page here by itself
  if (path === asked && path.indexOf('/system/') === 0)
    return request;

  const live = await readJson('live');
  const host = request.headers.host ? request.headers.host.value.toLowerCase().replace(/\.?(:\d*)?$/, '') : '';
  const field = (request.querystring || {})[DRAFT];
  const cookie = field || (request.cookies || {})[DRAFT];
  let shown = live;

  if (live['?host'] && host !== live['?host'])
    return redirect(request, 301, 'https://' + live['?host'] + asked, cookie, true);

  if (cookie) {
    const token = cookie.value;
    const now = Math.floor(Date.now() / 1000);

    if (field && token === 'off')
      return setDraft(redirect(request, 302, path, true), '', 0);

    shown = /^[a-z2-7]{26}$/.test(token) ? await readJson('draft:' + token) : {};

    if (!(shown['?until'] > now))
      return setDraft(showPage(request, 410, 'This draft is no longer here',
        'Its link has run out. <a href="/">See the site as it is</a>.'), '', 0);

    if (field)
      return setDraft(redirect(request, 302, path, true), token, shown['?until'] - now);

    if (path === '/robots.txt')
      return answer(request, 200, { 'content-type': 'text/plain', 'cache-control': 'no-store', 'x-robots-tag': 'noindex' },
        'User-agent: *\nDisallow: /\n');
  }

  if (!isRelease(shown['']))
    return notPublished(request);

  const rule = await findRule(shown, path, host);

  if (rule)
    return redirect(request, Number(rule[1]), rule[2], cookie);

  let file = path;

  if (isFolder(path) && !(Array.isArray(shown['?files']) && shown['?files'].indexOf(decode(path.slice(1))) >= 0)) {
    if (live['?spa'] || shown['?app'])
      file = '/index.html';
    else if (path.charAt(path.length - 1) !== '/')
      path = file = path + '/';
  }

  if (path !== asked)
    return redirect(request, 301, path, cookie);

  const release = releaseFor(shown, file);

  if (!isRelease(release))
    return notPublished(request);

  if (file.charAt(file.length - 1) === '/')
    file += 'index.html';

  // S3 reads a plus sign in an address as a space
  request.uri = '/releases/' + release + file.replace(/\+/g, '%2B');

  return request;
}

async function handler(event) {
  try {
    const result = await route(event.request);

    return result;
  } catch (e) {
    return notPublished(event.request);
  }
}
