/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "porch-practice-expression.h"

G_BEGIN_DECLS

/* What the parser hands to the two readers of its tree: conditions and updates. */

typedef enum
{
  NODE_OR,
  NODE_AND,
  NODE_NOT,
  NODE_EQUAL,
  NODE_NOT_EQUAL,
  NODE_LESS,
  NODE_LESS_OR_EQUAL,
  NODE_GREATER,
  NODE_GREATER_OR_EQUAL,
  NODE_BETWEEN,
  NODE_IN,
  NODE_ATTRIBUTE_EXISTS,
  NODE_ATTRIBUTE_NOT_EXISTS,
  NODE_ATTRIBUTE_TYPE,
  NODE_BEGINS_WITH,
  NODE_CONTAINS,
  NODE_SIZE,
  NODE_IF_NOT_EXISTS,
  NODE_LIST_APPEND,
  NODE_PLUS,
  NODE_MINUS,
  NODE_PATH,
  NODE_VALUE,
  NODE_SET,
  NODE_REMOVE,
  NODE_ADD,
  NODE_DELETE,
  NODE_LIST,
} NodeKind;

typedef struct
{
  char  *name;
  guint  index;
} Step;

typedef struct
{
  NodeKind   kind;
  gboolean   in_parentheses;
  GPtrArray *children;
  GArray    *path;
  JsonNode  *value;
} Node;

struct _PracticeExpressionScope
{
  JsonObject *names;
  JsonObject *values;
  GHashTable *used_names;
  GHashTable *used_values;
};

struct _PracticeExpression
{
  PracticeExpressionKind  kind;
  Node                   *root;
};

#define node_child(node, i) ((Node *) g_ptr_array_index ((node)->children, (i)))
#define path_step(path, i)  (&g_array_index ((path), Step, (i)))

const char *practice_expression_kind_name (PracticeExpressionKind  kind);
gsize       practice_expression_span      (const char             *text,
                                           gboolean                with_marks);
char       *practice_path_describe        (GArray                 *path);
JsonNode   *practice_path_find            (GArray                 *path,
                                           guint                   length,
                                           JsonObject             *item);

G_END_DECLS
