/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib-object.h>
#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/**
 * PorchTreatment:
 * @PORCH_TREATMENT_NONE: nothing can be done by itself
 * @PORCH_TREATMENT_STRIP_LOCATION: photos are sent without the place where they were taken
 * @PORCH_TREATMENT_SHRINK: pictures that are far too large are sent smaller
 * @PORCH_TREATMENT_LOCAL_LINKS: links to the owner's own computer lead to the site's own files
 * @PORCH_TREATMENT_FORMS: forms that lead elsewhere are sent to the site
 * @PORCH_TREATMENT_CONFIRM: a file that looks private is sent, or left out, because its owner said so
 *
 * What can be done about a finding without touching a file of its owner. All but the last are done to a copy.
 */
typedef enum
{
  PORCH_TREATMENT_NONE,
  PORCH_TREATMENT_STRIP_LOCATION,
  PORCH_TREATMENT_SHRINK,
  PORCH_TREATMENT_LOCAL_LINKS,
  PORCH_TREATMENT_FORMS,
  PORCH_TREATMENT_CONFIRM,
} PorchTreatment;

const char      *porch_treatment_to_string       (PorchTreatment         treatment);

/* What the owner of a site has agreed to. Never changes; the functions that change something make another one. */
typedef struct _PorchTreatments PorchTreatments;

#define PORCH_TYPE_TREATMENTS (porch_treatments_get_type ())

GType            porch_treatments_get_type       (void);
PorchTreatments *porch_treatments_new            (void);
PorchTreatments *porch_treatments_new_from_json  (JsonObject            *object);
JsonObject      *porch_treatments_to_json        (const PorchTreatments *self);
PorchTreatments *porch_treatments_ref            (PorchTreatments       *self);
void             porch_treatments_unref          (PorchTreatments       *self);
gboolean         porch_treatments_equal          (const PorchTreatments *a,
                                                  const PorchTreatments *b);
gboolean         porch_treatments_is_empty       (const PorchTreatments *self);
gboolean         porch_treatments_has            (const PorchTreatments *self,
                                                  PorchTreatment         treatment);
gboolean         porch_treatments_is_confirmed   (const PorchTreatments *self,
                                                  const char            *path);
gboolean         porch_treatments_is_left_out    (const PorchTreatments *self,
                                                  const char            *path);
PorchTreatments *porch_treatments_with           (const PorchTreatments *self,
                                                  PorchTreatment         treatment);
PorchTreatments *porch_treatments_without        (const PorchTreatments *self,
                                                  PorchTreatment         treatment);
PorchTreatments *porch_treatments_with_confirmed (const PorchTreatments *self,
                                                  const char            *path);
PorchTreatments *porch_treatments_with_left_out  (const PorchTreatments *self,
                                                  const char            *path);
gboolean         porch_treatments_has_form       (const PorchTreatments *self,
                                                  const char            *id);
GStrv            porch_treatments_dup_forms      (const PorchTreatments *self);
const char      *porch_treatments_get_form_path  (const PorchTreatments *self);
PorchTreatments *porch_treatments_with_form      (const PorchTreatments *self,
                                                  const char            *id);
PorchTreatments *porch_treatments_without_form   (const PorchTreatments *self,
                                                  const char            *id);
PorchTreatments *porch_treatments_with_form_path (const PorchTreatments *self,
                                                  const char            *path);
PorchTreatments *porch_treatments_join           (const PorchTreatments *self,
                                                  const PorchTreatments *more);
PorchTreatments *porch_treatments_without_path   (const PorchTreatments *self,
                                                  const char            *path);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PorchTreatments, porch_treatments_unref)

G_END_DECLS
