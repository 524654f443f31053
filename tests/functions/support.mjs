// Copyright 2026 The Porchlight developers
// SPDX-License-Identifier: GPL-3.0-or-later
// What the tests of the functions share: where they are, and how a shipped file is loaded with stand-ins.

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import vm from 'node:vm';

export const here = dirname(fileURLToPath(import.meta.url));
export const functions = join(here, '..', '..', 'data', 'functions');

// A Lambda function's exports, loaded anew; `modules` stands in for what its require() finds.
export function loadFunction(name, { env = {}, modules = {}, log = () => {} } = {}) {
  const path = join(functions, name);
  const real = createRequire(path);
  const module = { exports: {} };
  const require = (id) => (id in modules ? modules[id] : real(id));
  const console = { log, info: log, warn: log, error: log };
  const wrapper = vm.runInThisContext(
    `(function (exports, require, module, process, console) {${readFileSync(path, 'utf8')}\n})`, { filename: path });

  wrapper(module.exports, require, module, { env }, console);
  return module.exports;
}
