/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>
#include <libdex.h>

#include "porch-treatment.h"

G_BEGIN_DECLS

/**
 * PorchFoundState:
 * @PORCH_FOUND_READY: it is sent to the site already
 * @PORCH_FOUND_CONNECTED: the copy that is published is sent to the site, as its owner wants
 * @PORCH_FOUND_ELSEWHERE: it is sent somewhere else, or nowhere, and can be connected
 * @PORCH_FOUND_SCRIPT: a script of the page sends it; it can't be connected
 * @PORCH_FOUND_FILES: it asks for files, which can't be taken
 * @PORCH_FOUND_PRIVATE: it asks for a password or a payment, and must not be connected
 *
 * Where a form leads, and whether that can be changed.
 */
typedef enum
{
  PORCH_FOUND_READY,
  PORCH_FOUND_CONNECTED,
  PORCH_FOUND_ELSEWHERE,
  PORCH_FOUND_SCRIPT,
  PORCH_FOUND_FILES,
  PORCH_FOUND_PRIVATE,
} PorchFoundState;

#define PORCH_TYPE_FOUND_STATE (porch_found_state_get_type ())
#define PORCH_TYPE_FOUND_FORM  (porch_found_form_get_type ())

GType               porch_found_state_get_type      (void) G_GNUC_CONST;

/* A form in pages of an owner; the same form in several pages is one */
G_DECLARE_FINAL_TYPE (PorchFoundForm, porch_found_form, PORCH, FOUND_FORM, GObject)

const char         *porch_found_form_get_id         (PorchFoundForm    *self);
PorchFoundState     porch_found_form_get_state      (PorchFoundForm    *self);
const char * const *porch_found_form_get_pages      (PorchFoundForm    *self);
const char         *porch_found_form_get_title      (PorchFoundForm    *self);
const char         *porch_found_form_get_target     (PorchFoundForm    *self);
const char * const *porch_found_form_get_fields     (PorchFoundForm    *self);
guint               porch_found_form_get_line       (PorchFoundForm    *self);
gboolean            porch_found_form_can_connect    (PorchFoundForm    *self);
char               *porch_found_form_dup_sentence   (PorchFoundForm    *self);
JsonObject         *porch_found_form_to_json        (PorchFoundForm    *self);

/* Resolves to a GListModel of PorchFoundForm, those first that can be used */
DexFuture          *porch_form_finder_find          (GFile             *folder,
                                                     PorchTreatments   *treatments,
                                                     const char        *form_path) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
