/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* A template of CloudFormation, JSON only: YAML is not well-formed JSON and is refused as such. Errors are
 * PRACTICE_FAULT_VALIDATION_ERROR with the sentences of AWS. */
typedef struct
{
  guint       uses;
  char       *text;
  JsonObject *root;
  JsonObject *parameters;     /* these are never NULL */
  JsonObject *mappings;
  JsonObject *conditions;
  JsonObject *resources;
  JsonObject *outputs;
} PracticeTemplate;

/* What the functions of a template stand for at one moment. */
typedef struct _PracticeResolver PracticeResolver;

/* @attribute is NULL for Ref. Returns: (transfer full): NULL with an error when the resource is not there */
typedef JsonNode *(*PracticeTemplateLookup) (PracticeResolver  *resolver,
                                             const char        *logical_id,
                                             const char        *attribute,
                                             GError           **error);

struct _PracticeResolver
{
  PracticeTemplate       *template;
  const char             *account;
  const char             *region;
  const char             *stack_name;
  const char             *stack_arn;
  JsonObject             *values;       /* of parameters: text each */
  JsonObject             *decided;      /* conditions that were evaluated */
  PracticeTemplateLookup  lookup;
  gpointer                data;
};

PracticeTemplate *practice_template_new             (const char        *text,
                                                     GError           **error);
void              practice_template_free            (PracticeTemplate  *self);
gboolean          practice_template_needs_iam       (PracticeTemplate  *self,
                                                     gboolean          *named);
JsonObject       *practice_template_bind            (PracticeTemplate  *self,
                                                     JsonObject        *given,
                                                     JsonObject        *previous,
                                                     GError           **error);
GPtrArray        *practice_template_get_order       (PracticeResolver  *resolver,
                                                     GError           **error);
GHashTable       *practice_template_get_dependencies (PracticeResolver *resolver,
                                                     const char        *logical_id);
gboolean          practice_template_is_no_echo      (PracticeTemplate  *self,
                                                     const char        *parameter);

gboolean          practice_resolver_decide          (PracticeResolver  *resolver,
                                                     GError           **error);
gboolean          practice_resolver_is_included     (PracticeResolver  *resolver,
                                                     JsonObject        *entry);
JsonNode         *practice_resolver_resolve         (PracticeResolver  *resolver,
                                                     JsonNode          *node,
                                                     GError           **error);
JsonNode         *practice_resolver_choose          (PracticeResolver  *resolver,
                                                     JsonNode          *node);

/* Names inside the text of Fn::Sub, one after another: NULL at the end. @literal is the text before it. */
char             *practice_sub_next                 (const char       **text,
                                                     char             **literal);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PracticeTemplate, practice_template_free)

G_END_DECLS
