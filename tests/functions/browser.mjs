// Copyright 2026 The Porchlight developers
// SPDX-License-Identifier: GPL-3.0-or-later
// Fills in and sends forms of a site with a headless Chromium: browser.mjs ADDRESS. Prints a line of JSON for each:
// {"name", "path", "text"}: where the browser ended and what it shows. tests/practice/test-browser.py has made the site and
// looks at what became of it. With --templates it sends the forms of the templates, with --made those that the app makes.
// With --axe FILE it opens each page of the file (JSON, name to page) and prints what axe-core finds, in light and in dark.

import { readFileSync } from 'node:fs';
import { requirePackage } from './support.mjs';

const LONG = 'Zeile eins 👩‍👩‍👧‍👦\nשלום עולם، مرحبا بالعالم\n' + '这是一个很长的消息 🐈 '.repeat(400);
const AGENT = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36';

const puppeteer = requirePackage('puppeteer-core');
const browser = await puppeteer.launch({
  executablePath: '/usr/bin/chromium', headless: true, args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--no-proxy-server']
});

// What axe-core finds in a page as it is
async function findFaults(page) {
  await page.evaluate(requirePackage('axe-core').source);
  const { violations } = await page.evaluate(() => globalThis.axe.run());

  return violations.map((one) => `${one.id}: ${one.nodes[0].html}`);
}

// Languages differ in nothing but words: of all but two one page is enough
async function checkPages(file) {
  const page = await browser.newPage();
  const pages = Object.entries(JSON.parse(readFileSync(file, 'utf8'))).filter(([name]) => /^(en|ar|direct|.. thanks)\b/.test(name));

  for (const scheme of ['light', 'dark']) {
    await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }]);
    for (const [name, html] of pages.filter(([one]) => scheme === 'light' || /^(en|ar|direct)\b/.test(one))) {
      await page.setContent(html);
      process.stdout.write(JSON.stringify({ name: `${name}, ${scheme}`, found: await findFaults(page) }) + '\n');
    }
  }
}

async function open(address, { script = true } = {}) {
  const page = await browser.newPage();

  await page.setUserAgent({ userAgent: AGENT });
  await page.setJavaScriptEnabled(script);
  await page.setExtraHTTPHeaders({ 'accept-language': 'en' });
  await page.goto(address, { waitUntil: 'load' });
  return page;
}

async function fill(page, values) {
  for (const [name, value] of Object.entries(values))
    await page.$eval(`[name="${name}"]`, (field, text) => { field.value = text; }, value);
}

async function tell(name, page, more = {}) {
  const address = new URL(page.url());

  process.stdout.write(JSON.stringify({ name, path: address.pathname + address.search, text: await page.$eval('body', (body) => body.innerText), ...more }) + '\n');
}

async function submit(page) {
  await Promise.all([page.waitForNavigation({ waitUntil: 'load' }), page.$eval('form', (form) => form.requestSubmit())]);
}

async function send(name, address, values, options) {
  const page = await open(address, options);

  await fill(page, values);
  await submit(page);
  await tell(name, page);
  return page;
}

async function sendForms(site) {
  for (const template of ['business', 'coming-soon', 'personal']) {
    const page = await open(`${site}/${template}/`);

    // only the fields that the template's form has
    for (const [name, value] of Object.entries({ name: 'Ada', email: 'ada@example.org', message: `From ${template}` }))
      if (await page.$(`form [name="${name}"]`))
        await fill(page, { [name]: value });
    await submit(page);
    await tell(template, page);
    await page.close();
  }
}

async function sendOthers(site) {
  const form = `${site}/form/`;
  const values = { name: 'Ada', email: 'ada@example.org' };

  await (await send('plain', form, { ...values, message: 'plain' })).close();
  await (await send('without script', form, { ...values, message: 'without script' }, { script: false })).close();
  await (await send('honeypot', form, { ...values, message: 'honeypot', _gotcha: 'x' })).close();
  await (await send('long', form, { ...values, message: LONG })).close();
  await (await send('multipart', `${form}?multipart`, { ...values, message: 'multipart' })).close();
  await (await send('empty', form, {})).close();

  // by a script, as the form's own page would
  const page = await open(form);
  const answer = await page.evaluate(async () => {
    const data = new FormData(document.querySelector('form'));

    data.set('message', 'by fetch');
    const response = await fetch('/_porchlight/contact', { method: 'POST', body: data });

    return { status: response.status, type: response.headers.get('content-type'), body: await response.json() };
  });
  await tell('fetch', page, { answer });
  await page.close();

  // twice: back and send again, then a reload of the page after it
  const again = await send('first', form, { ...values, message: 'twice' });

  await again.goBack({ waitUntil: 'load' });
  await fill(again, { ...values, message: 'twice' });
  await submit(again);
  await tell('resent', again);
  await again.reload({ waitUntil: 'load' });
  await tell('reloaded', again);
  await again.close();
}

// The form to be pasted, and one of the owner's pages that was sent elsewhere before
async function sendMade(site) {
  const values = { name: 'Ada', email: 'ada@example.org', phone: '+49 30 1234', subject: 'A question' };

  for (const scheme of ['light', 'dark'])
    for (const path of ['/snippet/', '/thanked/', '/connected/']) {
      const page = await open(site + path);

      await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }]);
      await tell(`${path} ${scheme}`, page, { found: await findFaults(page) });
      await page.close();
    }

  // without leaving the page
  const page = await open(`${site}/snippet/`);

  await page.$eval('form', (form) => form.requestSubmit());
  await tell('snippet, nothing filled in', page, { invalid: await page.$$eval(':invalid:not(form)', (list) => list.map((one) => one.name)) });
  await fill(page, { ...values, message: 'snippet' });
  await page.$eval('form', (form) => form.requestSubmit());
  await page.waitForFunction(() => /[0-9a-f]{12}/.test(document.querySelector('[role=status]').textContent));
  await tell('snippet', page, { said: await page.$eval('[role=status]', (one) => one.textContent), left: await page.$eval('textarea', (one) => one.value) });
  await page.close();

  await (await send('snippet, without script', `${site}/snippet/`, { ...values, message: 'snippet, without script' }, { script: false })).close();
  await (await send('snippet, thanked', `${site}/thanked/`, { ...values, message: 'snippet, thanked' })).close();

  for (const [name, options] of [['connected', {}], ['connected, without script', { script: false }]]) {
    const last = await send(name, `${site}/connected/`, { name: 'Ada', email: 'ada@example.org', message: `${name} \u0645\u0631\u062d\u0628\u0627` }, options);

    if (name === 'connected')
      await tell('right to left', last, { direction: await last.$eval('h1', (one) => getComputedStyle(one).direction) });
    await last.close();
  }
}

try {
  if (process.argv[2] === '--axe')
    await checkPages(process.argv[3]);
  else if (process.argv[2] === '--templates')
    await sendForms(process.argv[3]);
  else if (process.argv[2] === '--made')
    await sendMade(process.argv[3]);
  else
    await sendOthers(process.argv[2]);
} finally {
  await browser.close();
}
