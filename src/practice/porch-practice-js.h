/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "porch-practice-private.h"

G_BEGIN_DECLS

/* A function of the site, loaded into a JavaScript context of its own. The runtime file (edge-runtime.js,
 * node-runtime.js) makes the world that the function finds; all it can reach outside is the host function. */
typedef struct _PracticeScript PracticeScript;

/* Called from the runtime as host (name, text); text in and out is usually JSON. NULL: undefined. */
typedef char *(*PracticeScriptHost) (const char *name,
                                     const char *text,
                                     gpointer    data);

typedef enum
{
  PRACTICE_SCRIPT_ERROR_SYNTAX,     /* the file can't be read as JavaScript, or fails while it is loaded */
  PRACTICE_SCRIPT_ERROR_THROWN,     /* the handler threw or rejected */
  PRACTICE_SCRIPT_ERROR_TIMEOUT,    /* it ran too long, or its promise can never be settled */
  PRACTICE_SCRIPT_ERROR_THROTTLED,  /* it may not run now */
} PracticeScriptError;

#define PRACTICE_SCRIPT_ERROR (practice_script_error_quark ())
GQuark          practice_script_error_quark (void);

PracticeScript *practice_script_new         (const char          *runtime,
                                             const char          *options,
                                             const char          *wrapped_code,
                                             const char          *file_name,
                                             PracticeScriptHost   host,
                                             gpointer             data,
                                             GDestroyNotify       destroy,
                                             GError             **error);
void            practice_script_free        (PracticeScript      *script);
char           *practice_script_call        (PracticeScript      *script,
                                             const char          *event,
                                             GError             **error);
gboolean        practice_script_is_spent    (PracticeScript      *script);
gpointer        practice_script_get_data    (PracticeScript      *script);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PracticeScript, practice_script_free)

G_END_DECLS
