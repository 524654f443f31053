/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "porch-practice-private.h"

G_BEGIN_DECLS

/* ---- porch-practice-resources.c: what exists, of the types that have no store of their own ---- */

/* Types are the names of CloudFormation; what is global in AWS has the region "". */
typedef struct
{
  char       *type;
  char       *region;
  char       *id;
  JsonObject *properties;    /* as in a template, references resolved */
  JsonObject *attributes;    /* what Fn::GetAtt gives, and what the type keeps for itself in names with a small letter */
  gint64      created;
} PracticeResource;

gboolean          practice_resources_init       (Practice          *practice,
                                                 GError           **error);
gboolean          practice_resource_put         (Practice          *practice,
                                                 const char        *type,
                                                 const char        *region,
                                                 const char        *id,
                                                 JsonObject        *properties,
                                                 JsonObject        *attributes,
                                                 GError           **error);
PracticeResource *practice_resource_lookup      (Practice          *practice,
                                                 const char        *type,
                                                 const char        *region,
                                                 const char        *id);
char             *practice_resource_dup_attribute (Practice        *practice,
                                                 const char        *type,
                                                 const char        *region,
                                                 const char        *id,
                                                 const char        *attribute);
gboolean          practice_resource_remove      (Practice          *practice,
                                                 const char        *type,
                                                 const char        *region,
                                                 const char        *id,
                                                 GError           **error);
GPtrArray        *practice_resource_list        (Practice          *practice,
                                                 const char        *type,
                                                 const char        *region);
void              practice_resource_free        (PracticeResource  *resource);

/* ---- porch-practice-resource-types.c: what properties a type has (resource-types.json) ---- */

gboolean          practice_type_is_known        (const char        *type);
gboolean          practice_type_check           (const char        *type,
                                                 const char        *logical_id,
                                                 JsonObject        *properties,
                                                 GError           **error);
gboolean          practice_type_replaces        (const char        *type,
                                                 JsonObject        *before,
                                                 JsonObject        *after);
gboolean          practice_type_has_attribute   (const char        *type,
                                                 const char        *attribute);

/* ---- what CloudFormation does with a resource ---- */

typedef struct
{
  Practice    *practice;
  const char  *region;
  const char  *stack_name;
  const char  *stack_arn;
  const char  *logical_id;
  JsonArray   *tags;          /* of the stack, may be NULL */
  JsonObject  *properties;    /* resolved and checked against the table of types */
  JsonObject  *previous;      /* of an update: the properties before */

  char        *id;            /* create: set by the handler; else the physical id */
  JsonObject  *attributes;    /* set by create; update may replace it */
} PracticeProvision;

typedef struct
{
  const char *type;
  double      seconds;        /* that AWS needs for it */
  gboolean  (*create) (PracticeProvision *provision, GError **error);
  gboolean  (*update) (PracticeProvision *provision, GError **error);
  gboolean  (*delete) (PracticeProvision *provision, GError **error);
} PracticeResourceHandler;

const PracticeResourceHandler *practice_resource_handler (const char *type);

extern const PracticeResourceHandler practice_storage_handlers[];   /* ended by a NULL type */
extern const PracticeResourceHandler practice_edge_handlers[];
extern const PracticeResourceHandler practice_compute_handlers[];

/* Helpers of the handlers. */
char             *practice_provision_name       (PracticeProvision *provision,
                                                 const char        *property,
                                                 gsize              limit,
                                                 gboolean           lower);
gboolean          practice_provision_refuse     (PracticeProvision *provision,
                                                 GError           **error,
                                                 const char        *service,
                                                 guint              status,
                                                 const char        *format,
                                                 ...) G_GNUC_PRINTF (5, 6);
gboolean          practice_provision_refuse_error (PracticeProvision *provision,
                                                 GError           **error,
                                                 const char        *service,
                                                 guint              status,
                                                 const GError      *cause);
gboolean          practice_provision_save       (PracticeProvision *provision,
                                                 const char        *type,
                                                 gboolean           global,
                                                 GError           **error);
void              practice_provision_set        (PracticeProvision *provision,
                                                 const char        *attribute,
                                                 const char        *value);

/* Reads numbers and truth values that templates may write as text. */
gint64            practice_property_int         (JsonObject        *object,
                                                 const char        *name,
                                                 gint64             fallback);
gboolean          practice_property_bool        (JsonObject        *object,
                                                 const char        *name,
                                                 gboolean           fallback);
const char       *practice_property_string      (JsonObject        *object,
                                                 const char        *name);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PracticeResource, practice_resource_free)

G_END_DECLS
