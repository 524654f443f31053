// Copyright 2026 The Porchlight developers
// SPDX-License-Identifier: GPL-3.0-or-later
// Uses the pages of the registrar of the practice cloud as an owner does, on a phone: registrar.mjs ENDPOINT [FOLDER].
// Nothing may stick out at the side, every field has a name, and each step shows on the page. Pictures go to FOLDER.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { requirePackage } from '../functions/support.mjs';

const [endpoint, folder] = process.argv.slice(2);
const puppeteer = requirePackage('puppeteer-core');
const axe = requirePackage('axe-core').source;
const browser = await puppeteer.launch({
  executablePath: '/usr/bin/chromium', headless: true, args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--no-proxy-server']
});
const page = await browser.newPage();

await page.setViewport({ width: 360, height: 740, isMobile: true, hasTouch: true });

async function look(name) {
  const wide = await page.evaluate(() => document.documentElement.scrollWidth);

  assert.ok(wide <= 360, `${name} is ${wide} pixels wide`);
  for (const scheme of ['light', 'dark']) {
    await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }]);
    if (folder)
      await page.screenshot({ path: join(folder, `registrar-${name}-${scheme}.png`), fullPage: true });
    await page.evaluate(axe);
    const { violations } = await page.evaluate(() => globalThis.axe.run());
    assert.deepEqual(violations.map((one) => `${one.id}: ${one.nodes[0].html}`), [], `${name}, ${scheme}`);
  }
}

async function press(selector) {
  await Promise.all([page.waitForNavigation({ waitUntil: 'load' }), page.click(selector)]);
}

async function enter(selector, text) {
  await page.$eval(selector, (field) => { field.value = ''; });
  await page.type(selector, text);
}

const shown = () => page.$eval('body', (body) => body.innerText);

await page.goto(`${endpoint}/registrar`, { waitUntil: 'load' });
await look('start');
await enter('[name=domain]', 'Phone.localhost');
await press('#add-domain');
await look('domain');
assert.match(await shown(), /mail\.pretended-names\.localhost/);

await enter('#add-record-form [name=name]', '_mark.www');
await page.select('#add-record-form [name=type]', 'CNAME');
await enter('#add-record-form [name=value]', '_a-very-long-name-as-certificates-have-them-0123456789abcdef.zfyfvmchrl.acm-validations.aws.');
await press('#add-record');
assert.match(await shown(), /CNAME _mark\.www\.phone\.localhost/);
await look('record');
await press('[aria-label="Remove CNAME _mark.www.phone.localhost"]');
assert.doesNotMatch(await shown(), /_mark/);

await enter('[name=servers]', 'ns-1.awsdns-01.com\nns-2.awsdns-02.net');
await press('#servers');
assert.equal(await page.$eval('[name=servers]', (field) => field.value), 'ns-1.awsdns-01.com\nns-2.awsdns-02.net');
await press('#signing');
assert.match(await shown(), /They are on\./);
await press('[name=time][value="1h"]');
assert.match(page.url(), /domain=phone\.localhost/);

await enter('#add-record-form [name=name]', '@');
await enter('#add-record-form [name=value]', 'other.example.org');
await press('#add-record');
assert.match(await shown(), /Not Changed/);
await look('refused');
await press('a');
assert.match(await shown(), /phone\.localhost/);

await browser.close();
