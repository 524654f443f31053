/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "porch-check.h"

#include "porch-local-links.h"
#include "porch-page.h"
#include "porch-photo.h"
#include "porch-rendition.h"

G_BEGIN_DECLS

#define HEAVY_PICTURE (1024 * 1024)
/* How much wider than it is shown a picture may be, for sharp screens, and from what size on it matters */
#define SHARPNESS     2.5
#define SMALL_PICTURE (150 * 1024)
/* A shrunk picture is so much wider than it is shown. */
#define SHARP_COPY    2

#define SHOWN_ANYHOW  G_MAXUINT

/* What is known of a file. */
typedef struct
{
  PorchPage  *page;       /* NULL: no page, or one that could not be read */
  GArray     *local;      /* PorchLocalLink; NULL: none */
  GPtrArray  *forms;      /* PorchReadForm; NULL: none, or nobody asked */
  GArray     *connected;  /* lines of the forms that the copy sends to the site; NULL: none */
  PorchPhoto  photo;
  guint64     saved;      /* by how many bytes the copy is smaller */
  guint       shown;      /* how wide a picture is shown at most; 0: nowhere; SHOWN_ANYHOW: the pages don't say */
  guint       n_mended;   /* local links of the copy that lead to the site */
  guint       was_located : 1;
  guint       is_shrunk   : 1;
  guint       has_form    : 1;   /* perhaps */
  guint       has_failed  : 1;
} Facts;

/* The same thing wrong in several places is one problem. */
typedef struct
{
  const char     *rule;
  char           *subject;      /* what is wrong: an address, or the path of a file */
  char           *other;        /* what else the sentence names, from the first place */
  GArray         *places;       /* PorchFindingPlace, paths belong to the files */
  guint           n_places;
  guint64         bytes;
  PorchTreatment  treatment;
  gboolean        is_treated;
  PorchLinkKind   kind;
} Problem;

struct _PorchCheck
{
  PorchScan       *scan;
  Facts           *facts;       /* of each file of the scan */
  GHashTable      *positions;   /* path -> position + 1 */
  GHashTable      *folded;      /* path without case -> path */
  GHashTable      *problems;    /* "rule subject" -> Problem; under the lock of the scan */
  PorchLocalBases *bases;
  GHashTable      *hashes;      /* of renditions, from last time */
  PorchRenditions *renditions;
  int              next_to_read;
  int              next_to_treat;
  int              next_to_judge;
};

/* A page or style sheet that is being judged. */
typedef struct
{
  PorchCheck      *check;
  const PorchFile *file;
  const PorchPage *page;
  char            *folder;        /* what its addresses are relative to: "", or "docs/" */
  gboolean         is_elsewhere;  /* they are relative to another site */
} Place;

gboolean         porch_check_has_type     (const PorchFile  *file,
                                           const char       *type);
Facts           *porch_check_get_facts    (PorchCheck       *self,
                                           const PorchFile  *file);
void             porch_place_init         (Place            *place,
                                           PorchCheck       *self,
                                           const PorchFile  *file,
                                           const PorchPage  *page);
void             porch_place_clear        (Place            *place);
char            *porch_place_resolve      (const Place      *place,
                                           const char       *address);
const PorchFile *porch_check_find_file    (PorchCheck       *self,
                                           GHashTable       *paths,
                                           const char       *path);
gboolean         porch_check_is_oversized (const PorchFile  *file,
                                           const Facts      *facts);
gboolean         porch_check_can_shrink   (const PorchFile  *file,
                                           const Facts      *facts);
void             porch_check_judge_forms  (PorchCheck       *self,
                                           const PorchFile  *file,
                                           const Facts      *facts);
void             porch_check_judge_form_path
                                          (PorchCheck       *self);
void             porch_check_judge_lost_forms
                                          (PorchCheck       *self);
Problem         *porch_check_add          (PorchCheck       *self,
                                           const char       *rule,
                                           const char       *subject,
                                           const char       *path,
                                           guint             line,
                                           char             *other);
PorchFinding    *porch_problem_to_finding (Problem          *problem);

G_END_DECLS
