/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "aws-cloudformation.h"

G_BEGIN_DECLS

typedef struct
{
  char *key;
  char *value;      /* NULL to keep the value that it has */
} AwsStackEntry;

struct _AwsStackSpec
{
  char      *name;
  char      *template_body;
  GArray    *parameters;
  GArray    *tags;
  GPtrArray *capabilities;
  char      *client_token;
  char      *on_failure;
};

struct _AwsStack
{
  char       *id;
  char       *name;
  char       *status;
  char       *status_reason;
  GDateTime  *created;
  GDateTime  *updated;
  GHashTable *outputs;
  GHashTable *parameters;
  GHashTable *tags;
};

struct _AwsStackEvent
{
  char      *id;
  char      *logical_id;
  char      *physical_id;
  char      *resource_type;
  char      *status;
  char      *reason;
  char      *client_token;
  GDateTime *time;
};

struct _AwsStackResource
{
  char *logical_id;
  char *physical_id;
  char *resource_type;
  char *status;
};

G_END_DECLS
