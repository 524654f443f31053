/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "porch-practice-resources.h"
#include "porch-practice-template.h"

G_BEGIN_DECLS

/* A stack as it stands in the database. What is under way is told by its status, by those of its resources and by
 * @work, all written in one transaction with the thing done: a process that is killed goes on where it was. */
typedef struct
{
  Practice   *practice;
  char       *arn;
  char       *region;
  char       *name;
  char       *status;
  char       *reason;
  gint64      created;
  gint64      updated;            /* 0: never */
  gint64      deleted;            /* 0: not */
  char       *template;
  JsonObject *values;             /* of the parameters */
  JsonArray  *tags;               /* {"Key", "Value"} */
  JsonArray  *capabilities;
  JsonObject *outputs;
  char       *on_failure;         /* ROLLBACK, DELETE, DO_NOTHING */
  char       *token;              /* of the operation under way or done last */
  char       *creation_token;
  gboolean    is_protected;
  gboolean    retain_except_on_create;
  JsonObject *work;               /* what an update or a delete has to remember, see porch-practice-stack-run.c */
} PracticeStack;

typedef struct
{
  char       *logical_id;
  char       *physical_id;        /* NULL until it is made */
  char       *type;
  char       *status;
  char       *reason;
  char       *policy;             /* DeletionPolicy */
  JsonObject *properties;
  JsonObject *attributes;
  gint64      position;           /* order of making */
  gint64      updated;
} PracticeStackResource;

/* ---- porch-practice-stack.c ---- */

gboolean               practice_stacks_init            (Practice               *practice,
                                                        GError                **error);
PracticeStack         *practice_stack_new              (Practice               *practice,
                                                        const char             *region,
                                                        const char             *name);
PracticeStack         *practice_stack_lookup           (Practice               *practice,
                                                        const char             *region,
                                                        const char             *name_or_arn);
GPtrArray             *practice_stack_list             (Practice               *practice,
                                                        const char             *region,
                                                        gboolean                with_deleted);
gboolean               practice_stack_save             (PracticeStack          *stack,
                                                        GError                **error);
void                   practice_stack_free             (PracticeStack          *stack);
void                   practice_stack_set_status       (PracticeStack          *stack,
                                                        const char             *status,
                                                        const char             *reason);
gboolean               practice_stack_is_busy          (PracticeStack          *stack);
char                  *practice_stack_begin_operation  (PracticeStack          *stack,
                                                        const char             *type);
void                   practice_stack_add_event        (PracticeStack          *stack,
                                                        const char             *logical_id,
                                                        const char             *physical_id,
                                                        const char             *type,
                                                        const char             *status,
                                                        const char             *reason);

GPtrArray             *practice_stack_get_resources    (PracticeStack          *stack);
PracticeStackResource *practice_stack_get_resource     (PracticeStack          *stack,
                                                        const char             *logical_id);
PracticeStackResource *practice_stack_resource_new     (const char             *logical_id,
                                                        const char             *type);
void                   practice_stack_save_resource    (PracticeStack          *stack,
                                                        PracticeStackResource  *resource);
void                   practice_stack_set_resource     (PracticeStack          *stack,
                                                        PracticeStackResource  *resource,
                                                        const char             *status,
                                                        const char             *reason);
void                   practice_stack_forget_resource  (PracticeStack          *stack,
                                                        const char             *logical_id);
void                   practice_stack_resource_free    (PracticeStackResource  *resource);

/* A resolver for @template (borrowed) with this stack's resources; free its decided with practice_resolver_clear(). */
gboolean               practice_stack_init_resolver    (PracticeStack          *stack,
                                                        PracticeTemplate       *template,
                                                        JsonObject             *values,
                                                        PracticeResolver       *resolver,
                                                        GError                **error);
void                   practice_resolver_clear         (PracticeResolver       *resolver);
JsonObject            *practice_stack_resolve_outputs  (PracticeResolver       *resolver,
                                                        GError                **error);
JsonObject            *practice_stack_resolve_properties (PracticeResolver     *resolver,
                                                        const char             *logical_id,
                                                        GError                **error);

/* ---- porch-practice-stack-run.c ---- */

/* Goes on with a stack whose status says that something is under way. */
void                   practice_stack_run              (Practice               *practice,
                                                        const char             *arn);
void                   practice_stacks_take_up         (Practice               *practice);

/* ---- porch-practice-stack-changes.c ---- */

typedef struct
{
  char       *logical_id;
  char       *physical_id;
  char       *type;
  const char *action;             /* Add, Modify, Remove */
  const char *replacement;        /* True, False, Conditional; NULL unless Modify */
} PracticeStackChange;

/* What an update would do. Empty: nothing of the resources changes. */
GPtrArray             *practice_stack_compare          (PracticeStack          *stack,
                                                        PracticeTemplate       *template,
                                                        JsonObject             *values,
                                                        gboolean               *outputs_change,
                                                        GError                **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PracticeStack, practice_stack_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PracticeStackResource, practice_stack_resource_free)
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (PracticeResolver, practice_resolver_clear)

G_END_DECLS
