/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* The file at the top of a site that redirects are written into; it is read and never served. */
#define PORCH_REDIRECTS_FILE "_redirects"

/* So many rules fit beside a release; what a rule may take is said by the store that the edge reads. */
#define PORCH_REDIRECTS_MAX_RULES  1000
#define PORCH_REDIRECTS_MAX_FROM   400
#define PORCH_REDIRECTS_MAX_TO     1000
#define PORCH_REDIRECTS_MAX_CHUNKS 4
#define PORCH_REDIRECTS_MAX_SIZE   (256 * 1024)

/**
 * PorchRedirect:
 * @from: the address, decoded, from its first slash on and without one at the end, as `/about` or `/news/:year`; a star may end it
 * @to: where it leads, as in a `Location` header: `/about-us/` or `https://example.org/:splat`
 * @line: where it stands in the file, 0 if it stands in none
 * @status: 301, 302, 303, 307 or 308
 * @forced: whether it goes before a file of that name
 * @renamed: whether it comes from a page that got another name
 *
 * One rule. Belongs to the set it is in.
 */
typedef struct
{
  char     *from;
  char     *to;
  guint     line;
  guint     status;
  gboolean  forced;
  gboolean  renamed;
} PorchRedirect;

/**
 * PorchRedirects:
 *
 * The redirects of a release. Never changes once made, and can be used on any thread.
 */
typedef struct _PorchRedirects PorchRedirects;

#define PORCH_TYPE_REDIRECTS (porch_redirects_get_type ())

GType                porch_redirects_get_type        (void);
PorchRedirects      *porch_redirects_new_from_file   (GBytes          *text,
                                                      GPtrArray       *findings);
PorchRedirects      *porch_redirects_new_from_json   (const char      *json,
                                                      GError         **error);
PorchRedirects      *porch_redirects_ref             (PorchRedirects  *self);
void                 porch_redirects_unref           (PorchRedirects  *self);
char                *porch_redirects_to_json         (PorchRedirects  *self);
guint                porch_redirects_get_size        (PorchRedirects  *self);
const PorchRedirect *porch_redirects_get             (PorchRedirects  *self,
                                                      guint            position);
gboolean             porch_redirects_is_empty        (PorchRedirects  *self);
gboolean             porch_redirects_is_single_page  (PorchRedirects  *self);
PorchRedirects      *porch_redirects_with_files      (PorchRedirects  *self,
                                                      GPtrArray       *paths,
                                                      GPtrArray       *findings);
PorchRedirects      *porch_redirects_with_renames    (PorchRedirects  *self,
                                                      GHashTable      *renames,
                                                      PorchRedirects  *live,
                                                      GPtrArray       *paths);
PorchRedirects      *porch_redirects_without_renames (PorchRedirects  *self);
char                *porch_redirects_resolve         (PorchRedirects  *self,
                                                      const char      *path,
                                                      guint           *status);
gboolean             porch_redirects_equal           (PorchRedirects  *self,
                                                      PorchRedirects  *other);
const char          *porch_redirects_get_id          (PorchRedirects  *self);
gboolean             porch_redirects_has_exact       (PorchRedirects  *self);
guint                porch_redirects_get_n_chunks    (PorchRedirects  *self);
GHashTable          *porch_redirects_dup_entries     (PorchRedirects  *self);

char                *porch_redirects_dup_page_address
                                                     (const char      *path);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PorchRedirects, porch_redirects_unref)

G_END_DECLS
