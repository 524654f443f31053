/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * PorchSecretKind:
 * @PORCH_SECRET_NONE: nothing private
 * @PORCH_SECRET_PASSWORDS: a file that programs keep passwords or keys in
 * @PORCH_SECRET_KEY: a private key
 * @PORCH_SECRET_TOKEN: a key that opens an account somewhere
 * @PORCH_SECRET_BROWSER_KEY: a key that is meant to be seen, but not to be used by everybody
 * @PORCH_SECRET_DATABASE: a database, or the content of one
 * @PORCH_SECRET_BACKUP: a copy of something that was or is on the site
 * @PORCH_SECRET_HISTORY: everything that ever was in the folder
 *
 * Why a file should not be public.
 */
typedef enum
{
  PORCH_SECRET_NONE,
  PORCH_SECRET_PASSWORDS,
  PORCH_SECRET_KEY,
  PORCH_SECRET_TOKEN,
  PORCH_SECRET_BROWSER_KEY,
  PORCH_SECRET_DATABASE,
  PORCH_SECRET_BACKUP,
  PORCH_SECRET_HISTORY,
} PorchSecretKind;

/* A private thing may begin in one piece of a file and end in the next; none is longer than this as far as it matters. */
#define PORCH_SECRET_ROOM 1024

/**
 * PorchSecretSearch:
 * @kind: what was found, %PORCH_SECRET_NONE while nothing is
 * @service: (nullable): whose key it is, a name of a company
 * @offset: where it begins, in bytes
 *
 * A search for what is private in a file, piece by piece. Never holds the secret itself after it is cleared.
 */
typedef struct
{
  PorchSecretKind  kind;
  const char      *service;
  guint64          offset;

  /*< private >*/
  guint64          fed;
  guint            n_tail;
  guint            is_begun    : 1;
  guint            is_binary   : 1;
  guint            is_page     : 1;   /* people read it: it may show how a key looks */
  guint            is_loaded   : 1;   /* browsers load it: it may hold keys that are made for that */
  guint8           tail[PORCH_SECRET_ROOM];
} PorchSecretSearch;

PorchSecretKind porch_secret_kind_for_name  (const char        *name,
                                             gboolean           is_folder);
gboolean        porch_secret_is_archive     (const char        *name);
void            porch_secret_search_init    (PorchSecretSearch *self,
                                             const char        *path);
void            porch_secret_search_feed    (PorchSecretSearch *self,
                                             const guint8      *data,
                                             gsize              length);
void            porch_secret_search_clear   (PorchSecretSearch *self);

G_END_DECLS
