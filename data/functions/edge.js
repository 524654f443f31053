import cf from 'cloudfront';

// Copyright 2026 The Porchlight developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Runs at the edge for every request of a site (CloudFront Functions, cloudfront-js-2.0) and turns the address
// that a visitor sees into the object of the release that is live. The language is that runtime's: no
// destructuring, class, spread, for-of, `??`, nor an await among arguments. It must always answer: an exception
// would take the whole site down.
//
// The store's key `live` holds JSON, at most 1 KB:
//   ""        the live release
//   "photos"  the earlier release that holds the unchanged top-level folder "photos"
//   "?files"  files without an extension, which would be taken for folders: ["LICENSE", "docs/COPYING"]

const RELEASE = /^[0-9A-Za-z-]{1,64}$/;

const EMPTY_PAGE = '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Nothing here yet</title>' +
  '<meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark"><style>' +
  'body{margin:0;min-height:100vh;display:grid;place-items:center;text-align:center;background:#fbf7f0;color:#3a322a;' +
  'font:1.125rem/1.6 system-ui,sans-serif}main{padding:2rem;max-width:28rem}p{margin:0}' +
  'h1{font-size:2rem;line-height:1.2;margin:1.5rem 0 .5rem}' +
  '@media(prefers-color-scheme:dark){body{background:#201c18;color:#efe6da}}</style></head><body><main>' +
  '<svg width="96" height="96" viewBox="0 0 96 96" aria-hidden="true">' +
  '<circle cx="48" cy="54" r="40" fill="#f6b73c" opacity=".18"/>' +
  '<path d="M48 6v14M34 24h28l8 12H26z" fill="#8a6d3b" stroke="#8a6d3b" stroke-width="4" stroke-linejoin="round"/>' +
  '<path d="M30 38h36l-6 40H36z" fill="#f6b73c"/><path d="M32 80h32v8H32z" fill="#8a6d3b"/></svg>' +
  '<h1>Nothing here yet</h1><p>The light is on, and the first page is on its way. Please come back in a little while.</p>' +
  '</main></body></html>';

function notPublished(request) {
  const response = {
    statusCode: 503,
    statusDescription: 'Service Unavailable',
    headers: {
      'content-type': { value: 'text/html; charset=utf-8' },
      'cache-control': { value: 'no-store' },
      'retry-after': { value: '60' }
    }
  };

  if (request.method !== 'HEAD')
    response.body = { encoding: 'text', data: EMPTY_PAGE };

  return response;
}

// Only what may stand in a Location header: no line breaks, and no backslash, which browsers read as a slash.
function escapeLocation(text) {
  return text.replace(/[^!-~]+|["<>\\^`{|}]/g, function (part) {
    try {
      return encodeURIComponent(part);
    } catch (e) {
      return '%EF%BF%BD';
    }
  });
}

function queryOf(request) {
  const parts = [];
  const fields = request.querystring || {};

  if (typeof request.rawQueryString === 'function')
    return request.rawQueryString() || '';

  Object.keys(fields).forEach(function (name) {
    const values = fields[name].multiValue || [fields[name]];

    values.forEach(function (item) {
      parts.push(item.value === '' ? name : name + '=' + item.value);
    });
  });

  return parts.join('&');
}

function redirect(path, request) {
  const query = queryOf(request);

  return {
    statusCode: 301,
    statusDescription: 'Moved Permanently',
    headers: {
      'location': { value: escapeLocation(query ? path + '?' + query : path) },
      'cache-control': { value: 'public, max-age=300' }
    }
  };
}

// One spelling for each address: `//`, `.`, `..` and encoded slashes resolved, and nothing above the root.
function normalize(uri) {
  const segments = uri.replace(/%2f/gi, '/').split('/');
  const last = segments.length - 1;
  const path = [];

  segments.forEach(function (segment, index) {
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
  const name = path.slice(path.lastIndexOf('/') + 1);

  return name.indexOf('.') < 0 && path.indexOf('/.') < 0;
}

function releaseFor(live, path) {
  const end = path.indexOf('/', 1);
  const folder = end < 0 ? '' : decode(path.slice(1, end));
  const own = folder.charAt(0) !== '?' && Object.prototype.hasOwnProperty.call(live, folder);

  return own ? live[folder] : live[''];
}

function isRelease(value) {
  return typeof value === 'string' && RELEASE.test(value);
}

async function readLive() {
  try {
    const text = await cf.kvs().get('live');
    const live = JSON.parse(text);

    return live !== null && isRelease(live['']) ? live : null;
  } catch (e) {
    return null;
  }
}

async function handler(event) {
  const request = event.request;
  const asked = request.uri.replace(/%(?![0-9a-f]{2})/gi, '%25');
  let path = normalize(asked);

  // the distribution fetches its error page here by itself
  if (path === asked && path.indexOf('/system/') === 0)
    return request;

  const live = await readLive();

  if (live === null)
    return notPublished(request);

  if (path.charAt(path.length - 1) !== '/' && isFolder(path) &&
      !(Array.isArray(live['?files']) && live['?files'].indexOf(decode(path.slice(1))) >= 0))
    path += '/';

  if (path !== asked)
    return redirect(path, request);

  const release = releaseFor(live, path);

  if (!isRelease(release))
    return notPublished(request);

  if (path.charAt(path.length - 1) === '/')
    path += 'index.html';

  // S3 reads a plus sign in an address as a space
  request.uri = '/releases/' + release + path.replace(/\+/g, '%2B');

  return request;
}
