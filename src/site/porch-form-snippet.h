/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "porch-form.h"

G_BEGIN_DECLS

/**
 * PorchSnippetFields:
 * @PORCH_SNIPPET_NAME: a name
 * @PORCH_SNIPPET_MAIL: a mail address
 * @PORCH_SNIPPET_PHONE: a telephone number
 * @PORCH_SNIPPET_SUBJECT: a subject
 *
 * What a form to be pasted asks for, besides the message.
 */
typedef enum
{
  PORCH_SNIPPET_NAME    = 1 << 0,
  PORCH_SNIPPET_MAIL    = 1 << 1,
  PORCH_SNIPPET_PHONE   = 1 << 2,
  PORCH_SNIPPET_SUBJECT = 1 << 3,
} PorchSnippetFields;

#define PORCH_SNIPPET_DEFAULT (PORCH_SNIPPET_NAME | PORCH_SNIPPET_MAIL)

char  *porch_form_dup_snippet  (const PorchForm     *form,
                                PorchSnippetFields   fields);

G_END_DECLS
