// Copyright 2026 The Porchlight developers
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What AWS says of the resources of stacks, from the npm package @aws-cdk/aws-service-spec, as JSON for tests that are not
// written in JavaScript: node spec.mjs TYPE... prints {"resources": {TYPE: ...}, "types": {id: ...}}

import { createRequire } from 'node:module';
import { join } from 'node:path';

const require = createRequire(join(process.env.PORCHLIGHT_NODE_MODULES, '/'));
const database = require('@aws-cdk/aws-service-spec').loadAwsServiceSpecSync();
const types = {};

function note(type) {
  if (type.type === 'ref' && !(type.reference.$ref in types)) {
    const { name, properties } = database.get('typeDefinition', type.reference);

    // known before its members are looked at, since types may hold themselves
    types[type.reference.$ref] = { name };
    types[type.reference.$ref].properties = take(properties);
  } else if (type.type === 'array' || type.type === 'map') {
    note(type.element);
  } else if (type.type === 'union') {
    type.types.forEach(note);
  }

  return type;
}

function take(properties) {
  const taken = {};

  for (const [name, property] of Object.entries(properties)) {
    taken[name] = {
      required: property.required === true,
      replaces: property.causesReplacement === 'yes',
      types: [property.type, ...property.previousTypes ?? []],
    };
  }
  for (const { types: kinds } of Object.values(taken))
    kinds.forEach(note);

  return taken;
}

const resources = Object.fromEntries(process.argv.slice(2).map((kind) => {
  const [found] = database.lookup('resource', 'cloudFormationType', 'equals', kind);

  return [kind, found && { attributes: Object.keys(found.attributes), properties: take(found.properties) }];
}));

process.stdout.write(JSON.stringify({ resources, types }));
