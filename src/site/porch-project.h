/* Copyright 2026 The Porchlight developers
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * PorchProject:
 * @maker: the name of the program that makes the site
 * @command: what to type to make it
 * @output: (nullable): the path of the finished site; NULL if it has not been made
 * @is_stale: something changed after it was made
 *
 * A folder that a program makes a web site of.
 */
typedef struct
{
  const char *maker;
  const char *command;
  char       *output;
  gboolean    is_stale;
} PorchProject;

PorchProject *porch_project_find (const char   *folder);
void          porch_project_free (PorchProject *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PorchProject, porch_project_free)

G_END_DECLS
