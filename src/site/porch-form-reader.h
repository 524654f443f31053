/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "porch-form-finder.h"

G_BEGIN_DECLS

/**
 * PorchReadForm:
 * @id: what tells it from other forms, and is the same for the same form in other pages
 * @title: what it is called by, from its words or those before it
 * @target: where it is sent now, "" for nowhere
 * @language: (nullable): of the page
 * @fields: what people read beside its fields
 * @line: where it begins, from 1
 * @position: which form of the page it is, from 0
 * @state: where it leads, and whether that can be changed
 * @is_search: it asks the site for something, and is no message
 *
 * A form of a page.
 */
typedef struct
{
  char            *id;
  char            *title;
  char            *target;
  char            *language;
  GStrv            fields;
  guint            line;
  guint            position;
  PorchFoundState  state;
  gboolean         is_search;
} PorchReadForm;

/* For threads, once libxml2 is set up */
GPtrArray  *porch_form_reader_read     (const char         *text,
                                        gsize               length,
                                        const char         *form_path);
GArray     *porch_form_reader_find_scripts
                                       (const char         *text,
                                        gsize               length);
gboolean    porch_form_reader_is_like  (const PorchReadForm *form,
                                        const char         *id);
GByteArray *porch_form_reader_connect  (const char         *text,
                                        gsize               length,
                                        GPtrArray          *forms,
                                        PorchTreatments    *treatments,
                                        GArray             *lines);

G_END_DECLS
