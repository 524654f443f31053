/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What operations take and answer, as tables. Values themselves are JSON objects whatever the protocol (see
 * aws-operation.h); a shape says how each member looks on the wire.
 */
typedef enum
{
  AWS_SHAPE_STRING,
  AWS_SHAPE_INTEGER,     /* all sizes */
  AWS_SHAPE_DOUBLE,      /* a number, or the strings NaN, Infinity, -Infinity */
  AWS_SHAPE_BOOLEAN,
  AWS_SHAPE_TIMESTAMP,   /* seconds since 1970, possibly fractional */
  AWS_SHAPE_BLOB,        /* Base64 */
  AWS_SHAPE_DOCUMENT,    /* any JSON, passed on as it is */
  AWS_SHAPE_STRUCTURE,
  AWS_SHAPE_LIST,
  AWS_SHAPE_MAP,
} AwsShapeType;

/* Where a member of an input or an output goes. */
typedef enum
{
  AWS_PLACE_BODY,
  AWS_PLACE_PAYLOAD,     /* is the whole body */
  AWS_PLACE_URI,
  AWS_PLACE_QUERY,
  AWS_PLACE_HEADER,
  AWS_PLACE_HEADERS,     /* a map; wire_name is what the names begin with */
  AWS_PLACE_STATUS,
} AwsPlace;

typedef enum
{
  AWS_SHAPE_REQUIRED      = 1 << 0,
  AWS_SHAPE_FLATTENED     = 1 << 1,   /* lists and maps without an element around them */
  AWS_SHAPE_XML_ATTRIBUTE = 1 << 2,
  AWS_SHAPE_TOKEN         = 1 << 3,   /* an idempotency token: a random one is sent if there is none */
  AWS_SHAPE_JSON_VALUE    = 1 << 4,   /* a string that is JSON; Base64 of it in a header */
  AWS_SHAPE_UNION         = 1 << 5,   /* a structure of which one member is there */
} AwsShapeFlags;

typedef enum
{
  AWS_TIME_DEFAULT,      /* what the protocol and the place say */
  AWS_TIME_EPOCH,
  AWS_TIME_ISO_8601,
  AWS_TIME_RFC_822,
} AwsTimeFormat;

typedef struct _AwsShape AwsShape;

struct _AwsShape
{
  const char     *name;           /* of the member; NULL ends the members of a structure */
  AwsShapeType    type;
  AwsShapeFlags   flags;
  AwsPlace        place;
  const char     *wire_name;      /* if it is not the name */
  AwsTimeFormat   time_format;
  const char     *xml_namespace;
  const char     *xml_prefix;
  const AwsShape *members;        /* of a structure */
  const AwsShape *item;           /* of a list; the values of a map */
  const AwsShape *key;            /* of a map; NULL for strings called "key" */
};

/* The parts of a table:
 *
 *   static const AwsShape record[] = {
 *     { "Name", AWS_SHAPE_STRING, AWS_SHAPE_REQUIRED },
 *     { "Values", AWS_LIST_OF ({ "Value" }) },
 *     { NULL }
 *   };
 *   static const AwsShape input[] = {
 *     { "Id", .place = AWS_PLACE_URI },
 *     { "Records", AWS_LIST_OF ({ "Record", AWS_STRUCTURE (record) }) },
 *     { "Owner", AWS_STRUCTURE (owner), .flags = AWS_SHAPE_REQUIRED },
 *     { NULL }
 *   };
 *
 * After AWS_STRUCTURE(), AWS_LIST_OF() and AWS_MAP_OF() all further fields are given by name: .flags = AWS_SHAPE_REQUIRED.
 */
#define AWS_STRUCTURE(table) .type = AWS_SHAPE_STRUCTURE, .members = (table)
#define AWS_LIST_OF(...)     .type = AWS_SHAPE_LIST, .item = &(const AwsShape) __VA_ARGS__
#define AWS_MAP_OF(...)      .type = AWS_SHAPE_MAP, .item = &(const AwsShape) __VA_ARGS__

G_END_DECLS
