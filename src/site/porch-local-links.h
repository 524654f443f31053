/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * PorchLocalKind:
 * @PORCH_LOCAL_NONE: a file that is not looked into
 * @PORCH_LOCAL_PAGE: HTML
 * @PORCH_LOCAL_STYLE: CSS
 * @PORCH_LOCAL_SCRIPT: JavaScript or JSON
 * @PORCH_LOCAL_XML: a map of the site or a feed
 *
 * How addresses stand in a file.
 */
typedef enum
{
  PORCH_LOCAL_NONE,
  PORCH_LOCAL_PAGE,
  PORCH_LOCAL_STYLE,
  PORCH_LOCAL_SCRIPT,
  PORCH_LOCAL_XML,
} PorchLocalKind;

/**
 * PorchLocalLink:
 * @origin: where it leads, such as `localhost:8080`, or `file:`
 * @path: the path on it, decoded, with its slash at the start, without what follows `?` or `#`
 * @offset: where the address begins in the file, in bytes
 * @path_offset: where its path begins
 * @end: where it ends
 * @line: the line it stands in
 * @is_in_script: it stands in a script, which may put something behind it
 * @is_escaped: its slashes are written `\/`
 *
 * An address in a file that only the computer of its owner knows.
 */
typedef struct
{
  char     *origin;
  char     *path;
  gsize     offset;
  gsize     path_offset;
  gsize     end;
  guint     line;
  gboolean  is_escaped;
  gboolean  is_in_script;
} PorchLocalLink;

/* Whether the site has a file at this path, which has no slash at its start. */
typedef gboolean (*PorchLocalExistsFunc) (const char *path,
                                          gpointer    data);

/* Which folder of which computer the site was made from: origin -> path without a slash at its end */
typedef struct _PorchLocalBases PorchLocalBases;

PorchLocalKind   porch_local_kind_for_type   (const char           *type);
gboolean         porch_local_is_host         (const char           *rest);
gboolean         porch_local_link_parse      (const char           *address,
                                              char                **origin,
                                              char                **path,
                                              gsize                *path_offset);
GArray          *porch_local_links_find      (const char           *text,
                                              gsize                 length,
                                              PorchLocalKind        kind);
PorchLocalBases *porch_local_bases_new       (PorchLocalExistsFunc  exists,
                                              gpointer              data);
void             porch_local_bases_add       (PorchLocalBases      *self,
                                              const GArray         *links);
void             porch_local_bases_elect     (PorchLocalBases      *self);
char            *porch_local_bases_resolve   (PorchLocalBases      *self,
                                              const char           *origin,
                                              const char           *path,
                                              gboolean              is_in_script);
GByteArray      *porch_local_bases_rewrite   (PorchLocalBases      *self,
                                              const char           *text,
                                              gsize                 length,
                                              const GArray         *links);
void             porch_local_bases_free      (PorchLocalBases      *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PorchLocalBases, porch_local_bases_free)

G_END_DECLS
