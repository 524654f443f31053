/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "porch-practice-fault.h"
#include "porch-practice-private.h"

G_BEGIN_DECLS

/* What services have in common whose operations take and give JSON objects. */

/* Answers with an object, or refuses with PRACTICE_FAULT or practice_refuse_as(). */
typedef JsonObject *(*PracticeOperationFunc) (PracticeCall *call,
                                              JsonObject   *input,
                                              GError      **error);

typedef struct
{
  const char            *name;   /* NULL ends a table */
  PracticeOperationFunc  run;
} PracticeOperation;

/* The ARN of what an input is about, for policies; "*" for what has none. */
typedef char *(*PracticeResourceFunc) (PracticeCall *call,
                                       JsonObject   *input);

void        practice_operations_handle  (PracticeCall            *call,
                                         const PracticeOperation *operations,
                                         const char              *action_prefix,
                                         PracticeResourceFunc     dup_resource);
JsonObject *practice_operations_run     (PracticeCall            *call,
                                         const PracticeOperation *operations,
                                         const char              *action_prefix,
                                         PracticeResourceFunc     dup_resource,
                                         JsonObject              *input);

/* Reading inputs. What is wrong is refused with @code. */
const char *practice_input_require      (JsonObject              *input,
                                         const char              *name,
                                         const char              *code,
                                         GError                 **error);
gboolean    practice_input_number       (JsonObject              *input,
                                         const char              *name,
                                         gint64                   minimum,
                                         gint64                   maximum,
                                         gint64                   fallback,
                                         const char              *code,
                                         gint64                  *number,
                                         GError                 **error);

/* Lists in pages: @token_name and @limit_name are members of the input; what is shown of a list is from *begin on. */
gboolean    practice_page_read          (JsonObject              *input,
                                         const char              *token_name,
                                         const char              *limit_name,
                                         gint64                   most,
                                         const char              *code,
                                         guint                   *begin,
                                         guint                   *length,
                                         GError                 **error);
void        practice_page_end           (JsonObject              *output,
                                         const char              *token_name,
                                         guint                    begin,
                                         guint                    length,
                                         guint                    total);

/* The same for services whose tokens are plain numbers: @limit elements from @start on, as that member of the answer. */
void        practice_page_answer        (PracticeCall            *call,
                                         const char              *member,
                                         JsonArray               *all,
                                         guint64                  start,
                                         gint64                   limit);

JsonObject *practice_parse_object       (const char              *text);
char       *practice_print_object       (JsonObject              *object);
/* Seconds since 1970 with milliseconds, as the JSON protocols have times. */
void        practice_set_time           (JsonObject              *object,
                                         const char              *name,
                                         gint64                   time);

G_END_DECLS
