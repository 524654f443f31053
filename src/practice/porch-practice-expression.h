/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

typedef enum
{
  PRACTICE_EXPRESSION_CONDITION,
  PRACTICE_EXPRESSION_FILTER,
  PRACTICE_EXPRESSION_KEY_CONDITION,
  PRACTICE_EXPRESSION_UPDATE,
  PRACTICE_EXPRESSION_PROJECTION,
} PracticeExpressionKind;

typedef enum
{
  PRACTICE_KEY_EQUAL,
  PRACTICE_KEY_LESS,
  PRACTICE_KEY_LESS_OR_EQUAL,
  PRACTICE_KEY_GREATER,
  PRACTICE_KEY_GREATER_OR_EQUAL,
  PRACTICE_KEY_BETWEEN,
  PRACTICE_KEY_BEGINS_WITH,
} PracticeKeyOperator;

/* One part of a key condition; everything belongs to the expression. */
typedef struct
{
  const char          *attribute;
  PracticeKeyOperator  operator;
  JsonNode            *first;
  JsonNode            *second;
} PracticeKeyCondition;

typedef struct _PracticeExpressionScope PracticeExpressionScope;
typedef struct _PracticeExpression PracticeExpression;

PracticeExpressionScope *practice_expression_scope_new          (JsonObject               *request,
                                                                 GError                  **error);
void                     practice_expression_scope_free         (PracticeExpressionScope  *scope);
gboolean                 practice_expression_scope_check_unused (PracticeExpressionScope  *scope,
                                                                 GError                  **error);

PracticeExpression      *practice_expression_new                (PracticeExpressionKind    kind,
                                                                 const char               *text,
                                                                 PracticeExpressionScope  *scope,
                                                                 GError                  **error);
void                     practice_expression_free               (PracticeExpression       *self);
gboolean                 practice_expression_matches            (PracticeExpression       *self,
                                                                 JsonObject               *item);
gboolean                 practice_expression_get_key_conditions (PracticeExpression       *self,
                                                                 GArray                   *conditions,
                                                                 GError                  **error);
JsonObject              *practice_expression_project            (PracticeExpression       *self,
                                                                 JsonObject               *item);
gboolean                 practice_expression_changes            (PracticeExpression       *self,
                                                                 const char               *attribute);
gboolean                 practice_expression_update             (PracticeExpression       *self,
                                                                 JsonObject               *item,
                                                                 GError                  **error);
JsonObject              *practice_expression_pick_changed       (PracticeExpression       *self,
                                                                 JsonObject               *item);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PracticeExpressionScope, practice_expression_scope_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PracticeExpression, practice_expression_free)

G_END_DECLS
