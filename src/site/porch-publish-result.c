/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "porch-publisher.h"

G_DEFINE_BOXED_TYPE (PorchPublishResult, porch_publish_result, porch_publish_result_copy, porch_publish_result_free)

PorchPublishResult *
porch_publish_result_copy (const PorchPublishResult *self)
{
  PorchPublishResult *copy = g_memdup2 (self, sizeof *self);

  copy->release = g_strdup (self->release);
  copy->previous = g_strdup (self->previous);
  copy->draft = self->draft != NULL ? porch_pointer_draft_ref (self->draft) : NULL;

  return copy;
}

void
porch_publish_result_free (PorchPublishResult *self)
{
  g_clear_pointer (&self->draft, porch_pointer_draft_unref);
  g_free (self->release);
  g_free (self->previous);
  g_free (self);
}
