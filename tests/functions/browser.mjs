// Copyright 2026 The Porchlight developers
// SPDX-License-Identifier: GPL-3.0-or-later
// Fills in and sends forms of a site with a headless Chromium: browser.mjs ADDRESS. Prints a line of JSON for each:
// {"name", "path", "text"}: where the browser ended and what it shows. tests/practice/test-browser.py has made the site and
// looks at what became of it. With --axe FILE it opens each page of the file (JSON, name to page) and prints what axe-core
// finds, in light and in dark.

import { readFileSync } from 'node:fs';
import { requirePackage } from './support.mjs';

const LONG = 'Zeile eins 👩‍👩‍👧‍👦\nשלום עולם، مرحبا بالعالم\n' + '这是一个很长的消息 🐈 '.repeat(400);
const AGENT = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36';

const puppeteer = requirePackage('puppeteer-core');
const browser = await puppeteer.launch({
  executablePath: '/usr/bin/chromium', headless: true, args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--no-proxy-server']
});

async function checkPages(file) {
  const pages = JSON.parse(readFileSync(file, 'utf8'));
  const axe = requirePackage('axe-core').source;

  for (const scheme of ['light', 'dark'])
    for (const [name, html] of Object.entries(pages)) {
      const page = await browser.newPage();

      await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }]);
      await page.setContent(html);
      await page.evaluate(axe);
      const { violations } = await page.evaluate(() => globalThis.axe.run());
      await page.close();
      process.stdout.write(JSON.stringify({ name: `${name}, ${scheme}`, found: violations.map((one) => `${one.id}: ${one.nodes[0].html}`) }) + '\n');
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

try {
  if (process.argv[2] === '--axe')
    await checkPages(process.argv[3]);
  else if (process.argv[2] === '--templates')
    await sendForms(process.argv[3]);
  else
    await sendOthers(process.argv[2]);
} finally {
  await browser.close();
}
